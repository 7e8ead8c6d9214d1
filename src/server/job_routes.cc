// Jobs: submit, quote, look, list, cancel, retry, promote, forget.
#include <variant>

#include "server/answers.h"
#include "server/find_job.h"
#include "server/submissions.h"

namespace troupe::server {
namespace {

constexpr std::string_view kDialect = "native";
constexpr int kPageMax = 200, kPageUsual = 50;
constexpr size_t kSearchBytesMax = 256;
constexpr size_t kPageBytesMax = 2 << 20;  // of specs and other texts: a page ends early rather than be huge

http::Response submit(const Service& service, Asked& asked) {
  auto read = read_submission(service, asked, kDialect, api::native::parse_submission, true);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  const auto& [fingerprint, submission, considered] = std::get<Read>(read);
  if (!considered.answer.violations.empty())
    return refuse(asked.request, considered.answer.violations, submission.fields);
  return answer_queued(service, asked, new_job(service, asked.key, kDialect, considered, submission),
                       fingerprint);
}

http::Response quote(const Service& service, Asked& asked) {
  auto read = read_submission(service, asked, kDialect, api::native::parse_submission, false);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  const Considered& considered = std::get<Read>(read).considered;
  return json_reply(200, api::native::print_quote(considered.answer, considered.spec));
}

Result<jobs::JobFilter> filter_of(const Asked& asked) {
  jobs::JobFilter filter;
  filter.account = asked.sees();
  const auto [begin, end] = asked.request.query.equal_range("state");
  for (auto it = begin; it != end; ++it) {
    const std::optional<JobState> state = parse_job_state(it->second);
    if (!state) {
      return make_error(ErrorCode::invalid_argument,
                        "\"" + it->second +
                            "\" is no state: use queued, running, submitted, succeeded, failed, cancelled or "
                            "parked.",
                        "state");
    }
    filter.states.push_back(*state);
  }
  filter.model = asked.request.query_value("model");
  filter.text = asked.request.query_value("text");
  if (filter.text.size() > kSearchBytesMax || filter.model.size() > kSearchBytesMax)
    return make_error(ErrorCode::invalid_argument, "text and model take 256 bytes at most.", "text");
  return filter;
}

size_t text_bytes(const Job& job) {
  return job.spec_json.size() + job.prompt.size() + job.metadata_json.size() + job.report_json.size();
}

// Cuts a page short where its texts would be too many; it has one job at least.
void bound_page(jobs::JobPage& page) {
  size_t bytes = 0, count = 0;
  for (const Job& job : page.jobs) {
    bytes += text_bytes(job);
    if (count > 0 && bytes > kPageBytesMax) break;
    ++count;
  }
  if (count == page.jobs.size()) return;
  page.jobs.resize(count);
  page.next = page.jobs.back().id;
}

http::Response list(const Service& service, Asked& asked) {
  TROUPE_REPLY(const jobs::JobFilter filter, filter_of(asked), asked.request);
  TROUPE_REPLY(const int limit, query_number(asked.request, "limit", kPageUsual, 1, kPageMax), asked.request);
  std::string before;
  if (const std::string_view cursor = asked.request.query_value("cursor"); !cursor.empty()) {
    TROUPE_REPLY(before, api::native::read_cursor(cursor, "job"), asked.request);
  }
  TROUPE_REPLY(jobs::JobPage page, service.store.queue().list(filter, before, limit), asked.request);
  bound_page(page);
  const std::string next = page.next.empty() ? "" : api::native::make_cursor(page.next);
  return json_reply(200, api::native::print_jobs(page.jobs, next, service.links));
}

http::Response look(const Service& service, Asked& asked, const Job& job) {
  return tell(service, job, {200, wait_asked(asked.request), {}, {}});
}

http::Response cancel(const Service& service, Asked& asked, const Job& job) {
  TROUPE_BODY(const api::native::Cancellation wish, asked.request, api::native::parse_cancellation);
  jobs::JobQueue& queue = service.store.queue();
  const Time now = service.clock.now();
  TROUPE_REPLY(const Job after, wish.abandon ? queue.abandon(job.id, now) : queue.cancel(job.id, now),
               asked.request);
  return tell(service, after, {202, wait_asked(asked.request), {}, {}});
}

// A job of a spec that an old one had, again from the start: limits, prices and engines may have changed.
http::Response queue_again(const Service& service, Asked& asked, const Job& old, GenerationSpec spec,
                           std::string_view fingerprint, std::optional<api::native::CarryOver> carried = {}) {
  TROUPE_REPLY(const std::optional<ApiKey> payer, payer_of(service, asked, old), asked.request);
  if (!payer) return not_found(asked.request, "key that the job belongs to");
  TROUPE_REPLY(const Considered considered, consider(service, *payer, kDialect, std::move(spec)),
               asked.request);
  if (!considered.answer.violations.empty()) {
    return refuse(asked.request, considered.answer.violations, same_fields());
  }
  if (!carried && old.draft && !considered.answer.draft) {
    return problem_reply(
        asked.request,
        api::make_problem("conflict",
                          "This was a draft, and a provider of " + considered.spec.model +
                              " is set up now, which costs money: promote it, or ask for \"stage\"."));
  }
  api::Submission submission;
  submission.lane = old.lane;
  submission.metadata_json = old.metadata_json;
  submission.webhook_url = old.webhook_url;
  jobs::NewJob job = new_job(service, *payer, kDialect, considered, submission);
  job.job.parent = old.id;
  return answer_queued(service, asked, std::move(job), fingerprint, std::move(carried));
}

// A parked job goes on; a final one is made anew.
http::Response retry(const Service& service, Asked& asked, const Job& job) {
  if (job.state == JobState::parked) {
    TROUPE_REPLY(const Job after, service.store.queue().resume(job.id, service.clock.now()), asked.request);
    return tell(service, after, {202, wait_asked(asked.request), {}, {}});
  }
  if (!is_final(job.state)) {
    return problem_reply(
        asked.request,
        api::make_problem("conflict", "Only a job that has ended or is parked can be retried."));
  }
  TROUPE_REPLY(GenerationSpec spec, spec_of(job), asked.request);
  return queue_again(service, asked, job, std::move(spec), "retry " + job.id);
}

http::Response promote(const Service& service, Asked& asked, const Job& job) {
  TROUPE_BODY(const api::native::Promotion promotion, asked.request, api::native::parse_promotion);
  TROUPE_REPLY(const catalog::Model* const model, service.catalog.find(promotion.model), asked.request);
  TROUPE_REPLY(const GenerationSpec spec, spec_of(job), asked.request);
  api::native::CarryOver carried = api::native::carry_over(service.catalog, spec, *model);
  TROUPE_REPLY(const bool dry_run, query_flag(asked.request, "dry_run", false), asked.request);
  if (dry_run) return json_reply(200, api::native::print_carry_over(carried));
  GenerationSpec promoted = carried.spec;
  return queue_again(service, asked, job, std::move(promoted), "promote " + promotion.model,
                     std::move(carried));
}

http::Response forget(const Service& service, Asked& asked, const Job& job) {
  TROUPE_REPLY_OK(service.store.queue().remove(job.id, service.clock.now()), asked.request);
  return empty_reply(204);
}

}  // namespace

void add_job_routes(const Service& service, http::Router& router) {
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  const auto one = [&service](auto function) {
    return of_job(service, "job", [&service, function](Asked& asked, const Job& job) {
      return function(service, asked, job);
    });
  };
  router.add(guarded(service, "POST", "/v1/jobs", "jobs:write", with(submit), kSubmissionBytesMax));
  router.add(guarded(service, "POST", "/v1/jobs:quote", "jobs:read", with(quote), kSubmissionBytesMax));
  router.add(guarded(service, "GET", "/v1/jobs", "jobs:read", with(list)));
  router.add(guarded(service, "GET", "/v1/jobs/{id}", "jobs:read", one(look)));
  router.add(guarded(service, "DELETE", "/v1/jobs/{id}", "jobs:write", one(forget)));
  router.add(guarded(service, "POST", "/v1/jobs/{id}:cancel", "jobs:write", one(cancel)));
  router.add(guarded(service, "POST", "/v1/jobs/{id}:retry", "jobs:write", one(retry)));
  router.add(guarded(service, "POST", "/v1/jobs/{id}:promote", "jobs:write", one(promote)));
}

}  // namespace troupe::server
