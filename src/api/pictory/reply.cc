#include <nlohmann/json.hpp>

#include "api/failure.h"
#include "api/pictory/wire.h"
#include "api/vendor_json.h"

namespace troupe::api::pictory {
namespace {

using Json = nlohmann::ordered_json;

Json completed_json(const Job& job, const Links& links) {
  const Take& take = job.takes.front();
  Json data{{"status", "completed"},
            {"url", links.video},
            {"duration", print_seconds({static_cast<int64_t>(take_seconds(take) * 1000 + 0.5)}) + "s"},
            {"width", take.size.width},
            {"height", take.size.height}};
  if (!links.thumbnail.empty()) {
    data["thumbnailImageUrl"] = links.thumbnail;
    data["previewImageUrl"] = links.thumbnail;
  }
  if (!links.last_frame.empty()) data["lastFrameImageUrl"] = links.last_frame;
  const bool credits = job.charged.currency == Currency::credits;
  data["aiCreditsUsed"] = credits ? amount_json(job.charged) : Json(0);
  if (job.draft) data["draft"] = true;
  data["engine"] = job.engine;
  return data;
}

// Pictory lists no codes of failed jobs: these are in the style of its others.
std::string_view code_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::request:
    case FailureKind::rejected:
      return "INVALID_REQUEST";
    case FailureKind::moderated:
      return "CONTENT_MODERATED";
    case FailureKind::over_limit:
      return "RATE_LIMIT_EXCEEDED";
    case FailureKind::no_credit:
      return "INSUFFICIENT_CREDITS";
    case FailureKind::outage:
      return "SERVICE_UNAVAILABLE";
    case FailureKind::timeout:
      return "TIMEOUT";
    case FailureKind::unknown:
      return "UNKNOWN_OUTCOME";
    case FailureKind::cancelled:
      return "CANCELLED";
    case FailureKind::internal:
      return "INTERNAL_ERROR";
  }
  return "INTERNAL_ERROR";
}

Json failed_json(const Job& job) {
  return {{"status", "failed"},
          {"error_code", code_of(failure_kind(job))},
          {"error_message", failure_text_with_class(job)}};
}

}  // namespace

std::string print_accepted(const Job& job) {
  return print_json(Json{{"success", true}, {"data", {{"jobId", job.id}}}});
}

std::string print_job(const Job& job, const Links& links) {
  const bool done = job.state == JobState::succeeded && !job.takes.empty();
  const bool failed = (is_final(job.state) || job.state == JobState::parked) && !done;
  Json data{{"status", "in-progress"}};
  if (done) data = completed_json(job, links);
  if (failed) data = failed_json(job);
  if (!done && !failed) data["renderProgress"] = static_cast<int>(job.progress.fraction * 100);
  return print_json(Json{{"job_id", job.id}, {"success", !failed}, {"data", std::move(data)}});
}

std::string print_unknown_job(std::string_view id) {
  return print_json(Json{{"job_id", id},
                         {"success", false},
                         {"data", {{"error_code", "5000"}, {"error_message", "JOB_NOT_FOUND"}}}});
}

Answer print_problem(const Problem& problem) {
  if (problem.code == "unauthorised") return {401, print_json(Json{{"message", "Unauthorized"}})};
  if (problem.errors.empty() || problem.status >= 500)
    return {problem.status == 422 ? 400 : problem.status,
            print_json(Json{{"code", problem.code}, {"message", problem.detail}})};
  Json fields = Json::array();
  for (const catalog::Violation& error : problem.errors)
    fields.push_back(
        {{"name", dotted(error.field)}, {"errors", error.rule + (error.fix.empty() ? "" : " " + error.fix)}});
  return {problem.status == 413 ? 413 : 400, print_json(Json{{"code", "INVALID_REQUEST_BODY"},
                                                             {"message", all_errors(problem)},
                                                             {"fields", std::move(fields)}})};
}

}  // namespace troupe::api::pictory
