#include "server/submissions.h"

#include <algorithm>
#include <charconv>

#include "base/ids.h"
#include "core/short_text.h"
#include "core/spec_json.h"
#include "fetch/url.h"
#include "server/answers.h"
#include "server/library_references.h"
#include "server/rest_watch.h"

namespace troupe::server {
namespace {

constexpr size_t kIdempotencyKeyMax = 255;
constexpr size_t kListedPromptMax = 4096;
constexpr size_t kIgnoredBytesMax = 1024;

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
    return problem_reply(request, api::make_problem(code, refusal.message), refusal.retry_after);
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
  http::Response response =
      json_reply(at_rest(job) && answer.status == 202 ? 200 : answer.status,
                 answer.carried ? api::native::print_promoted(job, *answer.carried, service.links)
                                : api::native::print_job(job, service.links));
  for (const auto& [name, value] : answer.headers.fields()) response.headers.set(name, value);
  if (!at_rest(job)) response.headers.set("Retry-After", "1");
  return response;
}

// Waits for a job to come to rest.
class WaitForRest final : public http::Later {
 public:
  WaitForRest(const Service& service, Job job, std::function<http::Response(const Job&)> tell)
      : service_(service), job_(std::move(job)), tell_(std::move(tell)) {}

  void on_ready(std::function<void()> wake) override {
    subscription_ = watch_job(service_, job_.id, std::move(wake));
  }

  std::optional<http::Response> poll(bool last) override {
    refresh(service_, job_);
    if (!last && !at_rest(job_)) return std::nullopt;
    return tell_(job_);
  }

 private:
  const Service& service_;
  Job job_;
  std::function<http::Response(const Job&)> tell_;
  std::unique_ptr<EventHub::Subscription> subscription_;
};

// The caller's key for a request that must not be done twice; "" = none.
std::string_view idempotency_of(const http::Headers& headers) {
  const std::string_view key = headers.get("Idempotency-Key");
  return key.empty() ? headers.get("X-DashScope-ClientToken") : key;
}

// Under their ids, of whatever names they were asked for by; unknown ones stay.
void name_fallbacks(const Service& service, std::string_view dialect, GenerationSpec& spec) {
  for (std::string& name : spec.fallback_models)
    if (const auto model = service.catalog.find(name, dialect)) name = (*model)->id;
}

// The model's own, or where nothing here makes it that of the first fallback that something makes.
Result<EngineRoute> route_of(const Service& service, const GenerationSpec& spec,
                             const catalog::Model& model) {
  Result<EngineRoute> route = service.engines.route_of(model);
  if (route && !route->free) return route;
  for (const std::string& name : spec.fallback_models) {
    const auto other = service.catalog.find(name);
    const auto its = other ? service.engines.route_of(**other) : other.error();
    if (its && !its->draft) return its;
  }
  return route;
}

}  // namespace

Result<Considered> consider(const Service& service, const ApiKey& key, std::string_view dialect,
                            GenerationSpec spec, std::vector<catalog::Violation> known) {
  Considered considered;
  TROUPE_CHECK_OK(add_library_elements(service.store.library(), key.id, spec));
  api::native::QuoteAnswer& answer = considered.answer;
  answer.violations = std::move(known);
  TROUPE_TRY(const auto missing, check_sources(service.store.library(), key.id, spec, considered.uploads));
  answer.violations.insert(answer.violations.end(), missing.begin(), missing.end());
  considered.spec = std::move(spec);
  const Result<const catalog::Model*> model = service.catalog.find(considered.spec.model, dialect);
  if (!model) {
    answer.violations.push_back(violation_of(model.error(), "/model"));
    return considered;
  }
  answer.model = *model;
  considered.spec.model = (*model)->id;  // of whatever name it was asked for by
  name_fallbacks(service, dialect, considered.spec);
  const auto broken = service.catalog.check(considered.spec, **model);
  answer.violations.insert(answer.violations.end(), broken.begin(), broken.end());
  const Result<EngineRoute> route = route_of(service, considered.spec, **model);
  if (!route) answer.violations.push_back(violation_of(route.error(), "/model"));
  if (!answer.violations.empty()) return considered;
  answer.engine = route->engine;
  answer.draft = route->draft;
  TROUPE_TRY(catalog::Resolved resolved, service.catalog.resolve(considered.spec, **model));
  TROUPE_TRY(answer.quote, service.catalog.dearest_quote(considered.spec, **model));
  considered.price = answer.quote->total;
  if (route->free) considered.price.micros = 0;
  TROUPE_TRY(const std::optional<double> pace, service.store.queue().seconds_per_second((*model)->id));
  if (pace) answer.seconds = *pace * resolved.duration.seconds() * resolved.count;
  answer.resolved = std::move(resolved);
  TROUPE_TRY(answer.budget_left_micros, budget_left(service, key, considered.price.currency));
  return considered;
}

std::variant<Read, http::Response> read_submission(const Service& service, Asked& asked,
                                                   std::string_view dialect, const ParseSubmission& parse,
                                                   bool to_keep) {
  Result<RequestText> text = read_request_text(asked.request, to_keep ? &service.objects : nullptr);
  if (!text) return error_reply(asked.request, text.error());
  return read_submission(service, asked, dialect, parse, std::move(*text));
}

std::variant<Read, http::Response> read_submission(const Service& service, Asked& asked,
                                                   std::string_view dialect, const ParseSubmission& parse,
                                                   RequestText text) {
  std::vector<Error> errors;
  Result<api::Submission> submission = parse(text.json, &errors);
  if (submission && !submission->webhook_url.empty()) {
    if (const auto url = fetch::parse_url(submission->webhook_url); !url)
      errors.push_back(make_error(ErrorCode::invalid_argument, url.error().message,
                                  submission->fields.in_body("/webhook_url")));
  }
  if (!errors.empty()) return body_reply(asked.request, errors);
  Result<std::vector<catalog::Violation>> unattached =
      attach_media(service, asked.key.id, text.media, submission->spec);
  if (!unattached) return error_reply(asked.request, unattached.error());
  Result<Considered> considered =
      consider(service, asked.key, dialect, std::move(submission->spec), std::move(*unattached));
  if (!considered) return error_reply(asked.request, considered.error());
  return Read{std::move(text.fingerprint), std::move(*submission), std::move(*considered)};
}

Result<std::optional<ApiKey>> payer_of(const Service& service, const Asked& asked, const Job& old) {
  if (old.account == asked.key.id) return std::optional<ApiKey>(asked.key);
  return service.store.keys().find(old.account);
}

jobs::NewJob new_job(const Service& service, const ApiKey& key, std::string_view dialect,
                     const Considered& considered, const api::Submission& submission) {
  Job job;
  job.created = job.updated = service.clock.now();
  job.id = new_id("job", job.created);
  job.account = key.id;
  job.dialect = dialect;
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
  if (dialect != "native") job.fields = submission.fields.print();
  return {std::move(job), {}, considered.uploads};
}

std::variant<jobs::Submitted, http::Response> queue_job(const Service& service, Asked& asked,
                                                        jobs::NewJob job, std::string_view fingerprint) {
  const std::string_view idempotency = idempotency_of(asked.request.headers);
  if (idempotency.size() > kIdempotencyKeyMax) {
    return error_reply(asked.request,
                       make_error(ErrorCode::invalid_argument, "Idempotency-Key is longer than 255 bytes.",
                                  "Idempotency-Key"));
  }
  if (!idempotency.empty()) {
    const std::string all = asked.request.path + "\n" + std::string(fingerprint);
    job.idempotency = jobs::IdempotencyKey{std::string(idempotency), sha256_hex(as_bytes(all))};
  }
  auto outcome = service.store.queue().submit(job, service.clock.now());
  if (!outcome) return error_reply(asked.request, outcome.error());
  if (auto* refusal = std::get_if<jobs::SubmitRefusal>(&*outcome))
    return refusal_reply(asked.request, *refusal);
  return std::get<jobs::Submitted>(std::move(*outcome));
}

std::variant<Accepted, http::Response> accept(const Service& service, Asked& asked, std::string_view dialect,
                                              const ParseSubmission& parse) {
  auto read = read_submission(service, asked, dialect, parse, true);
  if (auto* refused = std::get_if<http::Response>(&read)) return std::move(*refused);
  return accept(service, asked, dialect, std::get<Read>(std::move(read)));
}

std::variant<Accepted, http::Response> accept(const Service& service, Asked& asked, std::string_view dialect,
                                              Read read) {
  const auto& [fingerprint, submission, considered] = read;
  if (!considered.answer.violations.empty())
    return refuse(asked.request, considered.answer.violations, submission.fields);
  auto queued =
      queue_job(service, asked, new_job(service, asked.key, dialect, considered, submission), fingerprint);
  if (auto* refused = std::get_if<http::Response>(&queued)) return std::move(*refused);
  return Accepted{std::get<jobs::Submitted>(std::move(queued)), submission.ignored};
}

http::Response answer_queued(const Service& service, Asked& asked, jobs::NewJob job,
                             std::string_view fingerprint, std::optional<api::native::CarryOver> carried) {
  auto queued = queue_job(service, asked, std::move(job), fingerprint);
  if (auto* refused = std::get_if<http::Response>(&queued)) return std::move(*refused);
  const auto& submitted = std::get<jobs::Submitted>(queued);
  JobAnswer answer{submitted.replayed ? 200 : 202, wait_asked(asked.request), {}, std::move(carried)};
  answer.headers.set("Location", "/v1/jobs/" + submitted.job.id);
  if (submitted.replayed) answer.headers.set("Idempotent-Replayed", "true");
  return tell(service, submitted.job, std::move(answer));
}

api::FieldMap same_fields() {
  api::FieldMap fields;
  fields.add("", "");
  return fields;
}

void name_ignored(http::Response& response, const std::vector<std::string>& ignored) {
  std::string names;
  for (const std::string& field : ignored) {
    const bool plain = std::all_of(field.begin(), field.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!plain || names.size() + field.size() > kIgnoredBytesMax) continue;
    names += (names.empty() ? "" : ", ") + field;
  }
  if (!names.empty()) response.headers.set("X-Troupe-Ignored", names);
}

http::Response refuse(const http::Request& request, const std::vector<catalog::Violation>& violations,
                      const api::FieldMap& fields) {
  return problem_reply(request, api::problem_of(violations, fields));
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

http::Response when_at_rest(const Service& service, const Job& job, std::chrono::seconds wait,
                            std::function<http::Response(const Job&)> tell) {
  if (wait.count() == 0 || at_rest(job)) return tell(job);
  auto later = std::make_shared<WaitForRest>(service, job, std::move(tell));
  later->until = wait;
  http::Response response;
  response.body = std::shared_ptr<http::Later>(std::move(later));
  return response;
}

http::Response tell(const Service& service, const Job& job, JobAnswer answer) {
  const auto wait = answer.wait;
  return when_at_rest(service, job, wait, [&service, answer = std::move(answer)](const Job& now) {
    return tell_now(service, now, answer);
  });
}

}  // namespace troupe::server
