#include "server/deleted_job.h"

#include <nlohmann/json.hpp>

#include "jobs/stored_words.h"

namespace troupe::server {

using nlohmann::json;

std::optional<Job> deleted_job(const JobEvent& event) {
  const json data = json::parse(event.data_json, nullptr, false);
  if (event.type != "job.deleted" || !data.is_object() || !data.contains("dialect")) return std::nullopt;
  Job job;
  try {
    job.id = event.job;
    job.account = event.account;
    job.dialect = data.at("dialect").get<std::string>();
    job.model = data.at("model").get<std::string>();
    job.created = Time(std::chrono::milliseconds(data.at("created_ms").get<int64_t>()));
    job.finished = job.updated = event.time;
    const auto state = parse_job_state(data.at("state").get<std::string>());
    if (!state) return std::nullopt;
    job.state = *state;
    if (data.contains("error")) {
      const json& error = data["error"];
      const auto code = jobs::parse_error_code(error.at("code").get<std::string>());
      job.error = Error{code.value_or(ErrorCode::internal), error.at("message").get<std::string>(),
                        error.at("field").get<std::string>()};
    }
  } catch (const json::exception&) {
    return std::nullopt;
  }
  return job;
}

}  // namespace troupe::server
