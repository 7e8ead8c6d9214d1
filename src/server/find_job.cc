#include "server/find_job.h"

#include "base/ids.h"
#include "core/spec_json.h"
#include "server/answers.h"

namespace troupe::server {

Result<std::optional<Job>> find_job(const Service& service, const Asked& asked, const std::string& id) {
  if (!is_id(id, "job")) return std::optional<Job>();
  TROUPE_TRY(std::optional<Job> job, service.store.queue().find(id));
  if (job && asked.sees() && *asked.sees() != job->account) job.reset();
  return job;
}

std::function<http::Response(Asked&)> of_job(const Service& service, std::string what,
                                             std::function<http::Response(Asked&, const Job&)> handler) {
  return [&service, what = std::move(what), handler = std::move(handler)](Asked& asked) -> http::Response {
    TROUPE_REPLY(const std::optional<Job> job, find_job(service, asked, asked.request.path_values.at("id")),
                 asked.request);
    if (!job) return not_found(asked.request, what);
    return handler(asked, *job);
  };
}

Result<GenerationSpec> spec_of(const Job& job) {
  ParsedSpec parsed = parse_spec(job.spec_json, job.spec_json.size());
  if (!parsed.errors.empty()) return make_error(ErrorCode::internal, "the stored request can't be read");
  return std::move(parsed.spec);
}

std::optional<double> estimated_seconds(const Service& service, const Job& job) {
  const auto pace = service.store.queue().seconds_per_second(job.model);
  const auto spec = spec_of(job);
  const auto model = service.catalog.find(job.model);
  if (!pace || !*pace || !spec || !model) return std::nullopt;
  const auto resolved = service.catalog.resolve(*spec, **model);
  if (!resolved) return std::nullopt;
  return **pace * resolved->duration.seconds() * resolved->count;
}

}  // namespace troupe::server
