#include "api/native/printing.h"

#include <cmath>

#include "core/frame_size.h"

namespace troupe::api::native {
namespace {

constexpr uint64_t kExactIntegerMax = uint64_t{1} << 53;  // larger numbers lose digits in most JSON libraries
constexpr double kMilli = 1e-3;

}  // namespace

std::string print_answer(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

std::string print_line(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

std::string_view currency_name(Currency currency) { return currency == Currency::usd ? "usd" : "credits"; }

Json money_json(const Money& money) {
  return {{"micros", money.micros}, {"currency", currency_name(money.currency)}, {"text", print(money)}};
}

Json time_json(const std::optional<Time>& time) { return time ? Json(print_time(*time)) : Json(); }

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json seconds_json(MediaTime time) {
  if (time.milliseconds % 1000 == 0) return time.milliseconds / 1000;
  return time.seconds();
}

Json rate_json(FrameRate rate) {
  if (rate.denominator == 1) return rate.numerator;
  return rounded(rate.per_second(), kMilli);
}

Json seed_json(uint64_t seed) { return seed <= kExactIntegerMax ? Json(seed) : Json(std::to_string(seed)); }

Json rounded(double value, double unit) {
  // Divided by the whole inverse, so that 0.123 prints as that and not as 0.12300000000000001.
  const double steps = std::round(1 / unit), number = std::round(value * steps) / steps;
  return std::isfinite(number) ? Json(number) : Json();
}

Json violation_json(const catalog::Violation& rule) {
  return {{"field", rule.field}, {"code", rule.code}, {"rule", rule.rule}, {"fix", rule.fix}};
}

Json object_or_null(const std::string& text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json();
}

Json list_json(Json data, const std::string& next_cursor) {
  return {{"object", "list"}, {"data", std::move(data)}, {"next_cursor", text_or_null(next_cursor)}};
}

std::string job_url(const Links& links, const std::string& job) { return links.base_url + "/v1/jobs/" + job; }

}  // namespace troupe::api::native
