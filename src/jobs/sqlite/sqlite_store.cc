#include "jobs/sqlite/sqlite_store.h"

#include "jobs/sqlite/connections.h"
#include "jobs/sqlite/sqlite_events.h"
#include "jobs/sqlite/sqlite_keys.h"
#include "jobs/sqlite/sqlite_ledger.h"
#include "jobs/sqlite/sqlite_library.h"
#include "jobs/sqlite/sqlite_providers.h"
#include "jobs/sqlite/sqlite_queue.h"
#include "jobs/sqlite/sqlite_webhooks.h"

namespace troupe::jobs {
namespace {

class SqliteStore final : public JobStore {
 public:
  SqliteStore(std::unique_ptr<Connections> connections, const QueueBounds& bounds)
      : connections_(std::move(connections)), queue_(*connections_, events_, bounds) {}

  JobQueue& queue() override { return queue_; }
  Ledger& ledger() override { return ledger_; }
  EventLog& events() override { return events_; }
  KeyRing& keys() override { return keys_; }
  Library& library() override { return library_; }
  WebhookBook& webhooks() override { return webhooks_; }
  ProviderBook& providers() override { return providers_; }

  Result<void> probe() override {
    const auto read =
        connections_->read([](Database& database) { return database.integer("SELECT times FROM probe"); });
    if (!read) return read.error();
    const auto written = connections_->write(
        [](Database& database) { return database.run("UPDATE probe SET times = times + 1"); });
    if (!written) return written.error();
    return {};
  }

 private:
  std::unique_ptr<Connections> connections_;
  SqliteEvents events_{*connections_};
  SqliteLedger ledger_{*connections_};
  SqliteKeys keys_{*connections_};
  SqliteLibrary library_{*connections_};
  SqliteWebhooks webhooks_{*connections_};
  SqliteProviders providers_{*connections_};
  SqliteQueue queue_;
};

}  // namespace

Result<std::unique_ptr<JobStore>> open_sqlite_store(const std::filesystem::path& file,
                                                    const SqliteOptions& options) {
  TROUPE_TRY(auto connections, Connections::open(file, DatabaseOptions{options.size_bytes_max, false}));
  return std::unique_ptr<JobStore>(new SqliteStore(std::move(connections), options.bounds));
}

}  // namespace troupe::jobs
