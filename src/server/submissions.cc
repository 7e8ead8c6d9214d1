#include "server/submissions.h"

#include <algorithm>
#include <charconv>

#include "base/ids.h"
#include "core/short_text.h"
#include "core/spec_json.h"
#include "server/answers.h"
#include "server/library_references.h"
#include "server/request_media.h"

namespace troupe::server {
namespace {

constexpr size_t kIdempotencyKeyMax = 255;
constexpr size_t kListedPromptMax = 4096;

int64_t day_of(Time time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

// What the tightest of the key's bounds still leaves, or none if nothing bounds it.
Result<std::optional<int64_t>> budget_left(const Service& service, const ApiKey& key, Currency currency) {
  if (key.budgets.empty()) return std::optional<int64_t>();
  TROUPE_TRY(const std::vector<Balance> balances,
             service.store.ledger().balances(key.id, day_of(service.clock.now())));
  Balance used;
  for (const Balance& balance : balances) {
    if (balance.currency == currency) used = balance;
  }
  std::optional<int64_t> left = 0;  // no budget in this currency, though in another: nothing
  for (const Budget& budget : key.budgets) {
    if (budget.currency != currency) continue;
    left.reset();
    if (budget.total_micros) left = *budget.total_micros - used.held_micros - used.spent_micros;
    if (budget.day_micros) {
      const int64_t today = *budget.day_micros - used.day_micros;
      left = left ? std::min(*left, today) : today;
    }
  }
  return left ? std::optional<int64_t>(std::max<int64_t>(0, *left)) : left;
}

catalog::Violation violation_of(const Error& error, std::string field) {
  return {std::move(field), std::string(name(error.code)), error.message, ""};
}

std::string listed_prompt(const GenerationSpec& spec) {
  std::string text = spec.prompt;
  for (const Shot& shot : spec.shots) text += (text.empty() ? "" : "\n") + shot.prompt;
  if (text.size() > kListedPromptMax) {
    size_t end = kListedPromptMax;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
  }
  return text;
}

// Not inlined: GCC 12 would take the other alternative's bytes for an uninitialised reason.
[[gnu::noinline]] http::Response refusal_reply(const http::Request& request,
                                               const jobs::SubmitRefusal& refusal) {
  using Why = jobs::SubmitRefusal::Why;
  const auto problem = [&](std::string_view code) {
    return problem_reply(request, api::native::make_problem(code, refusal.message), refusal.retry_after);
  };
  switch (refusal.why) {
    case Why::queue_full:
      return problem("queue_full");
    case Why::account_queue_full:
      return problem("account_queue_full");
    case Why::over_budget:
      return problem("over_budget");
    case Why::idempotency_mismatch:
      return problem("idempotency_mismatch");
  }
  return problem("internal");
}

http::Response tell_now(const Service& service, const Job& job, const JobAnswer& answer) {
  const bool at_rest = is_final(job.state) || job.state == JobState::parked;
  http::Response response =
      json_reply(at_rest && answer.status == 202 ? 200 : answer.status,
                 answer.carried ? api::native::print_promoted(job, *answer.carried, service.links)
                                : api::native::print_job(job, service.links));
  for (const auto& [name, value] : answer.headers.fields()) response.headers.set(name, value);
  if (!at_rest) response.headers.set("Retry-After", "1");
  return response;
}

// Waits for the end of a job.
class WaitForEnd final : public http::Later {
 public:
  WaitForEnd(const Service& service, Job job, JobAnswer answer)
      : service_(service), job_(std::move(job)), answer_(std::move(answer)) {}

  void on_ready(std::function<void()> wake) override {
    jobs::EventFilter filter;
    filter.job = job_.id;
    subscription_ = service_.hub.subscribe(std::move(filter), std::move(wake));
  }

  std::optional<http::Response> poll(bool last) override {
    Result<std::optional<Job>> found = service_.store.queue().find(job_.id);
    if (found && *found) job_ = std::move(**found);
    if (!last && !is_final(job_.state) && job_.state != JobState::parked) return std::nullopt;
    return tell_now(service_, job_, answer_);
  }

 private:
  const Service& service_;
  Job job_;
  JobAnswer answer_;
  std::unique_ptr<EventHub::Subscription> subscription_;
};

}  // namespace

Result<Considered> consider(const Service& service, const ApiKey& key, GenerationSpec spec,
                            std::vector<catalog::Violation> known) {
  Considered considered;
  TROUPE_CHECK_OK(add_library_elements(service.store.library(), key.id, spec));
  api::native::QuoteAnswer& answer = considered.answer;
  answer.violations = std::move(known);
  TROUPE_TRY(const auto missing, check_sources(service.store.library(), key.id, spec, considered.uploads));
  answer.violations.insert(answer.violations.end(), missing.begin(), missing.end());
  considered.spec = std::move(spec);
  const Result<const catalog::Model*> model = service.catalog.find(considered.spec.model);
  if (!model) {
    answer.violations.push_back(violation_of(model.error(), "/model"));
    return considered;
  }
  answer.model = *model;
  const auto broken = service.catalog.check(considered.spec, **model);
  answer.violations.insert(answer.violations.end(), broken.begin(), broken.end());
  const Result<EngineRoute> route = service.engines.route_of(**model);
  if (!route) answer.violations.push_back(violation_of(route.error(), "/model"));
  if (!answer.violations.empty()) return considered;
  answer.engine = route->engine;
  answer.draft = route->draft;
  TROUPE_TRY(catalog::Resolved resolved, service.catalog.resolve(considered.spec, **model));
  answer.quote = catalog::price(**model, resolved);
  considered.price = answer.quote->total;
  if (route->free) considered.price.micros = 0;
  TROUPE_TRY(const std::optional<double> pace, service.store.queue().seconds_per_second((*model)->id));
  if (pace) answer.seconds = *pace * resolved.duration.seconds() * resolved.count;
  answer.resolved = std::move(resolved);
  TROUPE_TRY(answer.budget_left_micros, budget_left(service, key, considered.price.currency));
  return considered;
}

jobs::NewJob new_job(const Service& service, const ApiKey& key, const Considered& considered,
                     const api::native::Submission& submission) {
  Job job;
  job.created = job.updated = service.clock.now();
  job.id = new_id("job", job.created);
  job.account = key.id;
  job.dialect = "native";
  job.model = considered.answer.model->id;
  job.engine = considered.answer.engine;
  job.draft = considered.answer.draft;
  job.prompt = listed_prompt(considered.spec);
  job.spec_json = print_spec(considered.spec);
  job.spec_hash = spec_hash(considered.spec);
  job.metadata_json = submission.metadata_json;
  job.webhook_url = submission.webhook_url;
  job.lane = submission.lane;
  job.price = considered.price;
  return {std::move(job), {}, considered.uploads};
}

http::Response accept(const Service& service, Asked& asked, jobs::NewJob job, std::string_view fingerprint,
                      std::optional<api::native::CarryOver> carried) {
  const std::string_view idempotency = asked.request.headers.get("Idempotency-Key");
  if (idempotency.size() > kIdempotencyKeyMax) {
    return error_reply(asked.request,
                       make_error(ErrorCode::invalid_argument, "Idempotency-Key is longer than 255 bytes.",
                                  "Idempotency-Key"));
  }
  if (!idempotency.empty()) {
    const std::string all = asked.request.path + "\n" + std::string(fingerprint);
    job.idempotency = jobs::IdempotencyKey{std::string(idempotency), sha256_hex(as_bytes(all))};
  }
  TROUPE_REPLY(const auto outcome, service.store.queue().submit(job, service.clock.now()), asked.request);
  if (!std::holds_alternative<jobs::Submitted>(outcome))
    return refusal_reply(asked.request, std::get<jobs::SubmitRefusal>(outcome));
  const auto& submitted = std::get<jobs::Submitted>(outcome);
  JobAnswer answer{submitted.replayed ? 200 : 202, wait_asked(asked.request), {}, std::move(carried)};
  answer.headers.set("Location", "/v1/jobs/" + submitted.job.id);
  if (submitted.replayed) answer.headers.set("Idempotent-Replayed", "true");
  return tell(service, submitted.job, std::move(answer));
}

http::Response refuse(const http::Request& request, const std::vector<catalog::Violation>& violations,
                      const std::string& pointer) {
  return problem_reply(request, api::native::problem_of(violations, pointer));
}

std::chrono::seconds wait_asked(const http::Request& request) {
  std::string_view text = request.query_value("wait");
  for (const auto& [name, value] : request.headers.fields()) {
    if (!equal_ignoring_case(name, "Prefer")) continue;
    // "respond-async, wait=10"
    for (std::string_view rest = value; !rest.empty();) {
      const size_t end = std::min(rest.find_first_of(",;"), rest.size());
      const std::string_view preference = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const size_t equals = preference.find('=');
      if (equals != std::string_view::npos && equal_ignoring_case(trim(preference.substr(0, equals)), "wait"))
        text = trim(preference.substr(equals + 1));
    }
  }
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc::result_out_of_range) return kWaitMax;
  if (error != std::errc() || seconds < 0) return std::chrono::seconds(0);
  return std::min(kWaitMax, std::chrono::seconds(seconds));
}

http::Response tell(const Service& service, const Job& job, JobAnswer answer) {
  const bool at_rest = is_final(job.state) || job.state == JobState::parked;
  if (answer.wait.count() == 0 || at_rest) return tell_now(service, job, answer);
  const auto wait = answer.wait;
  auto later = std::make_shared<WaitForEnd>(service, job, std::move(answer));
  later->until = wait;
  http::Response response;
  response.body = std::shared_ptr<http::Later>(std::move(later));
  return response;
}

}  // namespace troupe::server
