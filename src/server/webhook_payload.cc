#include "server/webhook_payload.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/money.h"

namespace troupe::server {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kTextBytesMax = 1000;
constexpr size_t kMetadataBytesMax = 8000;
constexpr std::string_view kTypePrefix = "job.";

/// Its beginning; a character that was cut through is replaced when it is printed.
std::string cut(const std::string& text) { return text.substr(0, kTextBytesMax); }

std::string print(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json object_of(const std::string& text) {
  if (text.empty() || text.size() > kMetadataBytesMax) return Json();
  Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json();
}

std::string state_after(const JobEvent& event, const Job* job) {
  if (event.type.starts_with(kTypePrefix)) {
    const auto state = parse_job_state(std::string_view(event.type).substr(kTypePrefix.size()));
    if (state) return std::string(name(*state));
  }
  return job ? std::string(name(job->state)) : "";
}

Json money_json(const Money& money) {
  return {{"micros", money.micros},
          {"currency", money.currency == Currency::usd ? "usd" : "credits"},
          {"text", troupe::print(money)}};
}

void add_job(Json& data, const Job& job) {
  data["model"] = cut(job.model);
  data["draft"] = job.draft;
  if (!job.parent.empty()) data["parent"] = cut(job.parent);
  data["created_at"] = print_time(job.created);
  if (job.finished) data["finished_at"] = print_time(*job.finished);
  if (is_final(job.state)) data["charged"] = money_json(job.charged);
  if (!job.takes.empty()) data["takes"] = job.takes.size();
  if (job.error) data["error"] = {{"code", name(job.error->code)}, {"message", cut(job.error->message)}};
  if (Json metadata = object_of(job.metadata_json); !metadata.is_null())
    data["metadata"] = std::move(metadata);
}

}  // namespace

std::string webhook_payload(const JobEvent& event, const Job* job, const std::string& base_url) {
  Json payload{{"type", cut(event.type)}, {"timestamp", print_time(event.time)}, {"data", Json::object()}};
  Json& data = payload["data"];
  if (!event.job.empty()) data["job_id"] = cut(event.job);
  if (event.id > 0) data["event"] = event.id;
  if (const std::string state = state_after(event, job); !state.empty()) data["state"] = state;
  const Json least = payload;
  if (job) {
    data["url"] = cut(base_url) + "/v1/jobs/" + cut(event.job);
    add_job(data, *job);
  }
  if (event.type == "job.progress") {
    if (Json progress = object_of(event.data_json); !progress.is_null())
      data["progress"] = std::move(progress);
  }
  std::string text = print(payload);
  // Escapes take up to six bytes for one: then what identifies the job has to do.
  return text.size() <= kWebhookPayloadBytesMax ? text : print(least);
}

}  // namespace troupe::server
