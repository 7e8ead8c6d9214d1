#include <algorithm>

#include "api/native/printing.h"

namespace troupe::api::native {
namespace {

/// The date of a day counted from 1970: "2026-03-01".
std::string date_text(int64_t day) {
  constexpr int64_t kDayMax = 2'932'896;  // 9999-12-31
  const auto days = std::chrono::days(std::clamp<int64_t>(day, 0, kDayMax));
  return print_time(Time(days)).substr(0, std::string_view("2026-03-01").size());
}

Json amount_or_null(const std::optional<int64_t>& micros, Currency currency) {
  return micros ? money_json({*micros, currency}) : Json();
}

/// What a budget of `bound` leaves after `used`: never less than nothing.
Json left_json(const std::optional<int64_t>& bound, int64_t used, Currency currency) {
  return bound ? money_json({std::max<int64_t>(0, *bound - used), currency}) : Json();
}

Balance balance_in(const AccountAnswer& answer, Currency currency) {
  for (const Balance& balance : answer.balances)
    if (balance.currency == currency) return balance;
  return Balance{currency, 0, 0, 0};
}

Json budget_json(const Budget& budget, const Balance& used) {
  const Currency currency = budget.currency;
  return {{"currency", currency_name(currency)},
          {"total", amount_or_null(budget.total_micros, currency)},
          {"total_left", left_json(budget.total_micros, used.held_micros + used.spent_micros, currency)},
          {"day", amount_or_null(budget.day_micros, currency)},
          {"day_left", left_json(budget.day_micros, used.day_micros, currency)}};
}

Json balance_json(const Balance& balance) {
  const auto amount = [&](int64_t micros) { return money_json({micros, balance.currency}); };
  return {{"currency", currency_name(balance.currency)},
          {"held", amount(balance.held_micros)},
          {"spent", amount(balance.spent_micros)},
          {"today", amount(balance.day_micros)}};
}

Json line_json(const LedgerLine& line) {
  const Currency currency = line.amount.currency;
  return {{"id", line.id},
          {"time", print_time(line.time)},
          {"job", text_or_null(line.job)},
          {"kind", name(line.kind)},
          {"amount", money_json(line.amount)},
          {"held_change", money_json({line.held_micros, currency})},
          {"spent_change", money_json({line.spent_micros, currency})},
          {"day", date_text(line.day)},
          {"reason", line.reason}};
}

}  // namespace

std::string print_account(const AccountAnswer& answer) {
  const ApiKey& key = answer.key;
  Json json{{"object", "account"}, {"id", key.id}, {"name", key.name}, {"scopes", key.scopes}};
  json["requests_per_minute"] = key.requests_per_minute > 0 ? Json(key.requests_per_minute) : Json();
  json["created_at"] = time_json(key.created);
  json["expires_at"] = time_json(key.expires);
  json["budgets"] = all_of(std::span(key.budgets), [&](const Budget& budget) {
    return budget_json(budget, balance_in(answer, budget.currency));
  });
  json["balances"] = all_of(std::span(answer.balances), balance_json);
  json["webhook_secret"] = text_or_null(answer.webhook_secret);
  json["ledger"] = list_json(all_of(std::span(answer.lines), line_json), answer.next_cursor);
  return print_answer(json);
}

}  // namespace troupe::api::native
