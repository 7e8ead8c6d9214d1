// Retry-After headers of any bytes: none, or a wait within its bounds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "server/webhook_schedule.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe;
  using namespace troupe::server;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const int64_t now : {int64_t{0}, int64_t{1767225600}, int64_t{253402300800}}) {
    const auto wait = parse_retry_after(text, Time(std::chrono::seconds(now)));
    if (wait && (wait->count() < 0 || *wait > kRetryAfterMax)) std::abort();
  }
  return 0;
}
