// One durable store of jobs, ledger, events, keys, library, webhooks and providers: what one transaction may
// touch.
#pragma once

#include "jobs/event_log.h"
#include "jobs/job_queue.h"
#include "jobs/key_ring.h"
#include "jobs/ledger.h"
#include "jobs/library.h"
#include "jobs/provider_book.h"
#include "jobs/webhook_book.h"

namespace troupe::jobs {

/// The parts live as long as the store.
class JobStore {
 public:
  virtual ~JobStore() = default;
  virtual JobQueue& queue() = 0;
  virtual Ledger& ledger() = 0;
  virtual EventLog& events() = 0;
  virtual KeyRing& keys() = 0;
  virtual Library& library() = 0;
  virtual WebhookBook& webhooks() = 0;
  virtual ProviderBook& providers() = 0;
  /// Can it be read and written now? For readiness.
  virtual Result<void> probe() = 0;
};

}  // namespace troupe::jobs
