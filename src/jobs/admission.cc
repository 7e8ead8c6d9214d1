#include "jobs/admission.h"

#include <limits>

#include "core/short_text.h"
#include "jobs/stored_words.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

using Why = SubmitRefusal::Why;

/// Sums never wrap: `used` and `price` are not negative.
bool exceeds(int64_t used, int64_t price, int64_t bound) { return bound < used || price > bound - used; }

std::string left_of(int64_t used, int64_t bound, Currency currency) {
  const int64_t left = bound > used ? bound - used : 0;
  return print(Money{left, currency}) + " of " + print(Money{bound, currency}) + " are left";
}

std::chrono::seconds until_tomorrow(Time now) {
  const auto tomorrow = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
  return std::chrono::ceil<std::chrono::seconds>(tomorrow - now);
}

std::optional<SubmitRefusal> queue_refusal(const Standing& standing, const QueueBounds& bounds) {
  if (standing.queued >= bounds.queued_max) {
    return SubmitRefusal{
        Why::queue_full,
        "The queue is full: " + std::to_string(standing.queued) + " jobs are waiting. Try again later.",
        kFullQueueRetry};
  }
  if (standing.queued_of_account >= bounds.queued_per_account_max) {
    return SubmitRefusal{Why::account_queue_full,
                         "This key has " + std::to_string(standing.queued_of_account) +
                             " jobs waiting, which is its limit. Wait for some, or cancel some.",
                         kFullQueueRetry};
  }
  return std::nullopt;
}

std::optional<SubmitRefusal> budget_refusal(const Money& price, const Budget& budget, const Balance& balance,
                                            Time now) {
  const int64_t used = balance.held_micros + balance.spent_micros;
  if (budget.total_micros && exceeds(used, price.micros, *budget.total_micros)) {
    return SubmitRefusal{Why::over_budget,
                         "The job costs " + print(price) + ", but " +
                             left_of(used, *budget.total_micros, price.currency) +
                             " of the key's budget. Ask for a larger one.",
                         {}};
  }
  if (!budget.day_micros || !exceeds(balance.day_micros, price.micros, *budget.day_micros))
    return std::nullopt;
  const bool fits_a_day = price.micros <= *budget.day_micros;
  return SubmitRefusal{Why::over_budget,
                       "The job costs " + print(price) + ", but " +
                           left_of(balance.day_micros, *budget.day_micros, price.currency) +
                           " of the key's budget for today (UTC). " +
                           (fits_a_day ? "Try again tomorrow." : "Ask for a larger one."),
                       fits_a_day ? until_tomorrow(now) : std::chrono::seconds(0)};
}

Result<void> check_texts(const Job& job) {
  TROUPE_CHECK_OK(check_indexed_text(job.id, "/id"));
  TROUPE_CHECK_OK(check_indexed_text(job.account, "/account"));
  TROUPE_CHECK_OK(check_indexed_text(job.model, "/model"));
  TROUPE_CHECK_OK(check_indexed_text(job.engine, "/engine"));
  TROUPE_CHECK_OK(check_text(job.dialect, "/dialect"));
  TROUPE_CHECK_OK(check_text(job.parent, "/parent"));
  TROUPE_CHECK_OK(check_text(job.spec_hash, "/spec_hash"));
  TROUPE_CHECK_OK(check_text(job.webhook_url, "/webhook_url"));
  TROUPE_CHECK_OK(check_text(job.fields, "/fields"));
  TROUPE_CHECK_OK(check_text(job.prompt, "/prompt", kJobTextBytesMax));
  TROUPE_CHECK_OK(check_text(job.spec_json, "/spec", kJobTextBytesMax));
  return check_text(job.metadata_json, "/metadata", kJobTextBytesMax);
}

}  // namespace

int64_t day_of(Time time) { return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count(); }

Result<void> check_new_job(const NewJob& job) {
  TROUPE_CHECK_OK(check_texts(job.job));
  TROUPE_CHECK_OK(check_count(job.uploads.size(), "/uploads"));
  if (job.job.price.micros < 0) {
    return make_error(ErrorCode::invalid_argument, "A price cannot be below zero.", "/price");
  }
  if (job.idempotency &&
      (job.idempotency->key.empty() || job.idempotency->key.size() > kIdempotencyKeyBytesMax)) {
    return make_error(ErrorCode::invalid_argument,
                      "An idempotency key has 1 to " + std::to_string(kIdempotencyKeyBytesMax) + " bytes.",
                      "/idempotency_key");
  }
  return {};
}

std::optional<SubmitRefusal> refusal(const Job& job, const Standing& standing, const QueueBounds& bounds,
                                     Time now) {
  if (auto full = queue_refusal(standing, bounds)) return full;
  const Money& price = job.price;
  if (price.micros == 0) return std::nullopt;
  const int64_t used = standing.balance.held_micros + standing.balance.spent_micros;
  if (exceeds(used, price.micros, std::numeric_limits<int64_t>::max())) {
    return SubmitRefusal{Why::over_budget, "The account's sums are too large for another job.", {}};
  }
  bool has_currency = standing.budgets.empty();
  for (const Budget& budget : standing.budgets) {
    if (budget.currency != price.currency) continue;
    has_currency = true;
    if (auto refused = budget_refusal(price, budget, standing.balance, now)) return refused;
  }
  if (has_currency) return std::nullopt;
  return SubmitRefusal{Why::over_budget,
                       "The job costs " + print(price) + ", but the key has no budget in " +
                           (price.currency == Currency::usd ? "US dollars" : "credits") + ".",
                       {}};
}

SubmitRefusal idempotency_mismatch(const std::string& key) {
  return {Why::idempotency_mismatch,
          "The idempotency key " + troupe::quoted(key) + " was used for another request: use a new one.",
          {}};
}

}  // namespace troupe::jobs
