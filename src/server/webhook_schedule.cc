#include "server/webhook_schedule.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace troupe::server {
namespace {

constexpr std::string_view kDays = "Mon,Tue,Wed,Thu,Fri,Sat,Sun,";
constexpr std::string_view kMonths = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
// Where a date has digits ('0'), letters ('A') and these very characters.
constexpr std::string_view kDateForm = "AAA, 00 AAA 0000 00:00:00 GMT";
constexpr float kJitter = 0.1f;

bool has_date_form(std::string_view text) {
  if (text.size() != kDateForm.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char form = kDateForm[i], c = text[i];
    const bool gmt = i >= kDateForm.size() - 3;
    if (form == '0' ? c < '0' || c > '9' : (form != 'A' || gmt) && c != form) return false;
  }
  return true;
}

unsigned number_at(std::string_view text, size_t offset, size_t digits) {
  unsigned number = 0;
  std::from_chars(text.data() + offset, text.data() + offset + digits, number);
  return number;
}

std::optional<Time> parse_http_date(std::string_view text) {
  using namespace std::chrono;
  if (!has_date_form(text)) return std::nullopt;
  const size_t weekday_at = kDays.find(text.substr(0, 4));
  const size_t month_at = kMonths.find(text.substr(8, 4));
  if (weekday_at % 4 != 0 || month_at % 4 != 0) return std::nullopt;  // npos is 3 more than a multiple of 4
  const year_month_day date{year(static_cast<int>(number_at(text, 12, 4))),
                            month(static_cast<unsigned>(month_at / 4 + 1)), day(number_at(text, 5, 2))};
  const unsigned h = number_at(text, 17, 2), m = number_at(text, 20, 2), s = number_at(text, 23, 2);
  if (!date.ok() || h > 23 || m > 59 || s > 60) return std::nullopt;
  return Time(sys_days(date)) + hours(h) + minutes(m) + seconds(s);
}

}  // namespace

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, Time now) {
  using std::chrono::seconds;
  if (const auto date = parse_http_date(text)) {
    return std::clamp(std::chrono::ceil<seconds>(*date - now), seconds(0), kRetryAfterMax);
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure == std::errc::result_out_of_range) return kRetryAfterMax;
  return std::min(seconds(std::min(count, kRetryAfterMax.count())), kRetryAfterMax);
}

WebhookVerdict judge(const WebhookAttempt& attempt, Time now, Random& random) {
  using State = WebhookDelivery::State;
  if (attempt.status >= 200 && attempt.status < 300) return {State::delivered, {}, false};
  if (attempt.status == 410) return {State::failed, {}, true};
  if (attempt.number >= kWebhookAttemptsMax) return {State::failed, {}, false};

  const auto delay = kWebhookDelays[static_cast<size_t>(std::max(attempt.number, 1) - 1)];
  const auto millis = std::chrono::milliseconds(delay).count();
  const float factor = random.uniform(1 - kJitter, 1 + kJitter);
  std::chrono::milliseconds wait(static_cast<int64_t>(static_cast<double>(millis) * factor));
  if (attempt.retry_after)
    wait = std::max<std::chrono::milliseconds>(wait, std::min(*attempt.retry_after, kRetryAfterMax));
  return {State::pending, now + wait, false};
}

}  // namespace troupe::server
