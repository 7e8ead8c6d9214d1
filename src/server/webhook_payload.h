// What a webhook says: enough to know which job it is about, not so much that a receiver would have to trust
// it.
#pragma once

#include <string>

#include "core/job.h"

namespace troupe::server {

inline constexpr size_t kWebhookPayloadBytesMax = 20'000;

/// One JSON object in one line: {"type", "timestamp", "data"}; data: {"job_id", "event", "state", "url",
/// "model", "draft", "parent", "created_at", "finished_at", "charged", "takes", "error", "progress",
/// "metadata"}. "state" is the one that the event tells of. The rest is as the job stands now; without a job
/// (a deleted one, a test) it is left out, and so is what is empty. "progress" comes with job.progress only.
/// Metadata and long texts are left out or cut where they would take too much. `base_url` is the server's
/// public one. Valid UTF-8 of at most kWebhookPayloadBytesMax, whatever the values hold.
std::string webhook_payload(const JobEvent& event, const Job* job, const std::string& base_url);

}  // namespace troupe::server
