#include <array>

#include "api/native/printing.h"

namespace troupe::api::native {
namespace {

constexpr std::array<std::string_view, 10> kTypes{
    "job.queued",    "job.running", "job.submitted", "job.progress", "job.cancel_requested",
    "job.succeeded", "job.failed",  "job.cancelled", "job.parked",   "job.deleted"};

}  // namespace

std::span<const std::string_view> event_types() { return kTypes; }

std::string print_event(const JobEvent& event, const Links& links) {
  Json data = object_or_null(event.data_json);
  Json json{{"object", "event"},  {"id", event.id},
            {"type", event.type}, {"timestamp", print_time(event.time)},
            {"job", event.job},   {"data", data.is_null() ? Json::object() : std::move(data)}};
  json["links"] = Json::object();
  if (event.type != "job.deleted") json["links"]["job"] = job_url(links, event.job);
  if (event.type == "job.succeeded") json["links"]["video"] = job_url(links, event.job) + "/video";
  return print_line(json);
}

}  // namespace troupe::api::native
