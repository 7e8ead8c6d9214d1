#include <nlohmann/json.hpp>

#include "api/failure.h"
#include "api/gateway/wire.h"
#include "api/vendor_json.h"
#include "base/clock.h"

namespace troupe::api::gateway {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kVideoType = "video/mp4";

void add_label(Json& json, const Job& job) {
  json["providerMetadata"]["troupe"] = {{"jobId", job.id}, {"engine", job.engine}, {"draft", job.draft}};
}

// Clients refuse null here: what there is none of is left out.
void add_told(Json& json, const Told& told) {
  Json warnings = Json::array();
  if (told.job.draft && told.job.model != told.job.engine)
    warnings.push_back(
        {{"type", "other"},
         {"message", "This is a draft by Troupe's " + told.job.engine + " engine, not " + told.job.model +
                         ": no key or engine for that model is set up on this server."}});
  for (const Take& take : told.job.takes)
    if (!take.model.empty())
      warnings.push_back({{"type", "other"},
                          {"message", "Made by " + take.model + " in place of " + told.job.model +
                                          ", which no provider took it for."}});
  for (const std::string& field : told.ignored)
    warnings.push_back({{"type", "unsupported"}, {"feature", field}});
  if (!warnings.empty()) json["warnings"] = std::move(warnings);
  add_label(json, told.job);
}

Json videos_json(const std::vector<Video>& videos) {
  Json list = Json::array();
  for (const Video& video : videos) {
    if (video.base64) {
      list.push_back({{"type", "base64"}, {"data", video.text}, {"mediaType", kVideoType}});
    } else {
      list.push_back({{"type", "url"}, {"url", video.text}, {"mediaType", kVideoType}});
    }
  }
  return list;
}

std::string failure_of(const Job& job) {
  if (job.state == JobState::cancelled) return "Video generation was cancelled.";
  return failure_text_with_class(job);
}

struct EventError {
  std::string_view type;
  int status;
};

// Clients repeat 429 and 500 and above by themselves, and a repeated order may be paid twice.
EventError event_error(FailureKind kind) {
  switch (kind) {
    case FailureKind::request:
    case FailureKind::moderated:
    case FailureKind::rejected:
      return {"invalid_request_error", 400};
    case FailureKind::over_limit:
      return {"rate_limit_exceeded", 429};
    case FailureKind::no_credit:
      return {"failed_dependency", 402};
    case FailureKind::unknown:
      return {"failed_dependency", 424};
    case FailureKind::outage:
      return {"internal_server_error", 503};
    case FailureKind::timeout:
      return {"internal_server_error", 504};
    case FailureKind::cancelled:
      return {"internal_server_error", 499};
    default:
      return {"internal_server_error", 500};
  }
}

std::string decimal(int64_t micros) {
  const bool minus = micros < 0;
  const int64_t all = minus ? -micros : micros, kOne = 1'000'000;
  std::string part = std::to_string(all % kOne);
  part.insert(0, 6 - part.size(), '0');
  while (part.size() > 2 && part.back() == '0') part.pop_back();
  return (minus ? "-" : "") + std::to_string(all / kOne) + "." + part;
}

std::string_view async_status(const Job& job) {
  switch (job.state) {
    case JobState::queued:
      return "queued";
    case JobState::running:
    case JobState::submitted:
      return "running";
    case JobState::cancelled:
      return "cancelled";
    default:
      return "completed";
  }
}

}  // namespace

std::string print_result(const Told& told, const std::vector<Video>& videos) {
  Json json{{"type", "result"}, {"videos", videos_json(videos)}};
  add_told(json, told);
  return print_json(json);
}

std::string print_failure_event(const Job& job) {
  const EventError error = event_error(failure_kind(job));
  return print_json(Json{{"type", "error"},
                         {"message", failure_of(job)},
                         {"errorType", error.type},
                         {"statusCode", error.status},
                         {"param", nullptr}});
}

std::string print_started(const Told& told, std::string_view callback_secret) {
  Json json{{"operation", {{"gatewayJobId", told.job.id}}}};
  add_told(json, told);
  Json job{{"jobId", told.job.id}, {"status", async_status(told.job)}};
  if (!callback_secret.empty()) job["webhookSigningSecret"] = callback_secret;
  json["providerMetadata"]["gateway"]["asyncJob"] = std::move(job);
  return print_json(json);
}

std::string print_status(const Job& job, const std::vector<Video>& videos) {
  Json json;
  if (job.state == JobState::succeeded) {
    json = {{"status", "completed"}, {"videos", videos_json(videos)}};
  } else if (job.state == JobState::cancelled) {
    json = {{"status", "cancelled"}};
  } else if (job.state == JobState::failed || job.state == JobState::parked) {
    json = {{"status", "error"}, {"error", failure_of(job)}};
  } else {
    json = {{"status", "pending"}};
  }
  add_label(json, job);  // without warnings, which a client would show with every poll
  json["providerMetadata"]["gateway"]["asyncJob"] = {{"jobId", job.id}, {"status", async_status(job)}};
  return print_json(json);
}

std::string print_config(const catalog::Catalog& catalog, std::string_view version) {
  Json models = Json::array();
  for (const catalog::Model& model : catalog.models()) {
    const std::string_view id = name_in(model, kDialect);
    models.push_back(
        {{"id", id},
         {"name", model.name},
         {"description", model.summary},
         {"pricing", nullptr},
         {"specification", {{"specificationVersion", version}, {"provider", model.vendor}, {"modelId", id}}},
         {"modelType", "video"}});
  }
  return print_json(Json{{"models", std::move(models)}});
}

std::string print_credits(const ApiKey& key, const std::vector<Balance>& balances) {
  int64_t spent = 0, held = 0;
  for (const Balance& balance : balances) {
    if (balance.currency != Currency::usd) continue;
    spent = balance.spent_micros;
    held = balance.held_micros;
  }
  int64_t left = 0;  // of a key without a bound there is nothing to tell
  for (const Budget& budget : key.budgets)
    if (budget.currency == Currency::usd && budget.total_micros) left = *budget.total_micros - spent - held;
  return print_json(Json{{"balance", decimal(left)}, {"total_used", decimal(spent)}});
}

std::string print_generation(const Job& job) {
  const bool dollars = job.charged.currency == Currency::usd;
  const double cost = dollars ? static_cast<double>(job.charged.micros) / 1e6 : 0;
  const auto seconds_between = [](Time from, Time to) {
    return std::chrono::duration<double>(to - from).count();
  };
  const double made = job.started && job.finished ? seconds_between(*job.started, *job.finished) : 0;
  Json data{{"id", job.id},
            {"total_cost", cost},
            {"upstream_inference_cost", 0},
            {"usage", cost},
            {"created_at", print_time(job.created)},
            {"model", job.model},
            {"is_byok", true},
            {"provider_name", job.engine},
            {"streamed", false},
            {"finish_reason", name(job.state)},
            {"latency", made},
            {"generation_time", made}};
  for (const char* none :
       {"native_tokens_prompt", "native_tokens_completion", "native_tokens_reasoning", "native_tokens_cached",
        "native_tokens_cache_creation", "billable_web_search_calls"})
    data[none] = 0;
  return print_json(Json{{"data", std::move(data)}});
}

std::string print_callback(const Job& job) {
  const char* status = job.state == JobState::succeeded   ? "completed"
                       : job.state == JobState::cancelled ? "cancelled"
                                                          : "failed";
  return print_json(Json{{"type", std::string("video.generation.") + status},
                         {"created_at", print_time(job.finished.value_or(job.updated))},
                         {"data", {{"jobId", job.id}, {"status", status}}}});
}

}  // namespace troupe::api::gateway
