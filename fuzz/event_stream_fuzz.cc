// Event streams of any bytes. However they are cut into pieces, the same events come out, and nothing grows
// past its bound.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/event_stream_reader.h"

namespace {

using namespace troupe;
using namespace troupe::fetch;

constexpr EventStreamLimits kLimits{64, 128};

void require(bool holds) {
  if (!holds) std::abort();
}

struct Read {
  std::vector<std::string> events;
  std::string last_event_id;
  bool whole = true;
  bool operator==(const Read&) const = default;
};

Read read(std::string_view text, size_t piece) {
  EventStreamReader reader(kLimits);
  Read out;
  for (size_t at = 0; at < text.size() && out.whole; at += piece) {
    const auto taken =
        reader.take(as_bytes(text.substr(at, piece)), [&](const ServerEvent& event) -> Result<void> {
          require(event.data.size() <= kLimits.event_bytes_max && !event.type.empty());
          require(event.data.find('\r') == std::string::npos);
          require(event.type.find_first_of("\r\n") == std::string::npos);
          out.events.push_back(event.type + "\n" + event.data);
          return {};
        });
    out.whole = taken.has_value();
  }
  out.last_event_id = reader.last_event_id();
  require(out.last_event_id.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Read whole = read(text, size + 1);
  require(whole == read(text, 1));
  require(whole == read(text, 3));
  return 0;
}
