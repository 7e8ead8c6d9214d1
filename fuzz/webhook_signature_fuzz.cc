// Webhook headers of any bytes: lines are id, timestamp, signature, the rest is the body. Only what holds the
// right signature is taken, and that is taken whatever stands beside it.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "server/webhook_signature.h"

namespace {

std::string_view take_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe;
  using namespace troupe::server;
  std::string_view body(reinterpret_cast<const char*>(data), size);
  WebhookHeaders headers;
  headers.id = take_line(body);
  headers.timestamp = take_line(body);
  headers.signature = take_line(body);

  const Bytes key(24, 7);
  int64_t seconds = 0;
  std::from_chars(headers.timestamp.data(), headers.timestamp.data() + headers.timestamp.size(), seconds);
  const Time now(std::chrono::seconds(seconds > 0 && seconds < 1'000'000'000'000 ? seconds : 0));
  const std::string right = sign_webhook({&key, 1}, headers.id, now, body);
  if (verify_webhook({&key, 1}, headers, body, now)) {
    const bool canonical = std::to_string(now.time_since_epoch().count() / 1000) == headers.timestamp;
    if (canonical && headers.signature.find(right) == std::string_view::npos) std::abort();
  }

  const std::string beside = std::string(headers.signature.substr(0, 4000)) + " " + right;
  const std::string timestamp = std::to_string(now.time_since_epoch().count() / 1000);
  const bool good_id = !headers.id.empty() && headers.id.find('.') == std::string_view::npos;
  const auto verified = verify_webhook({&key, 1}, {headers.id, timestamp, beside}, body, now);
  if (verified.has_value() != good_id) std::abort();

  const auto secret = webhook_key(headers.signature);
  if (secret && (secret->size() < kWebhookKeyBytesMin || secret->size() > kWebhookKeyBytesMax)) std::abort();
  return 0;
}
