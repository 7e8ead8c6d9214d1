#include "fetch/event_stream_reader.h"

#include <charconv>
#include <utility>

namespace troupe::fetch {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Result<void> EventStreamReader::take(ByteView bytes, const OnEvent& on_event) {
  for (const uint8_t byte : bytes) TROUPE_CHECK_OK(take_byte(static_cast<char>(byte), on_event));
  return {};
}

// A line ends with CR LF, LF or CR; the LF after a CR may come with the next piece.
Result<void> EventStreamReader::take_byte(char byte, const OnEvent& on_event) {
  if (std::exchange(after_return_, byte == '\r') && byte == '\n') return {};
  if (byte == '\n' || byte == '\r') return end_line(on_event);
  if (line_.size() >= limits_.line_bytes_max) {
    return make_error(ErrorCode::over_limit, "a line of the event stream is longer than " +
                                                 std::to_string(limits_.line_bytes_max) + " bytes");
  }
  line_ += byte;
  return {};
}

Result<void> EventStreamReader::end_line(const OnEvent& on_event) {
  std::string line = std::exchange(line_, {});
  if (std::exchange(first_line_, false) && line.starts_with(kByteOrderMark))
    line.erase(0, kByteOrderMark.size());
  if (line.empty()) return dispatch(on_event);
  const size_t colon = line.find(':');
  if (colon == 0) return {};  // a comment
  if (colon == std::string::npos) return take_field(line, "");
  const size_t begin = line.size() > colon + 1 && line[colon + 1] == ' ' ? colon + 2 : colon + 1;
  return take_field(line.substr(0, colon), line.substr(begin));
}

Result<void> EventStreamReader::take_field(const std::string& name, std::string value) {
  if (name == "event") {
    event_.type = std::move(value);
  } else if (name == "data") {
    if (event_.data.size() + value.size() + 1 > limits_.event_bytes_max) {
      return make_error(ErrorCode::over_limit, "an event of the stream is larger than " +
                                                   std::to_string(limits_.event_bytes_max) + " bytes");
    }
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  } else if (name == "id") {
    if (value.find('\0') == std::string::npos) id_ = std::move(value);
  } else if (name == "retry") {
    uint32_t milliseconds = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, milliseconds);
    if (error == std::errc() && stop == end) retry_ = std::chrono::milliseconds(milliseconds);
  }
  return {};
}

Result<void> EventStreamReader::dispatch(const OnEvent& on_event) {
  last_event_id_ = id_;
  ServerEvent event = std::exchange(event_, {});
  if (!std::exchange(has_data_, false)) return {};
  if (event.type.empty()) event.type = "message";
  return on_event(event);
}

}  // namespace troupe::fetch
