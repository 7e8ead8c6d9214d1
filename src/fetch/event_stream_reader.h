// Server-sent events out of bytes, as the HTML standard reads them (section 9.2.6). The bytes are a server's,
// so any may come, in pieces of any size.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe::fetch {

struct ServerEvent {
  std::string type = "message";
  std::string data;  ///< lines joined by '\n'
};

struct EventStreamLimits {
  size_t line_bytes_max = 1 << 20;
  size_t event_bytes_max = 4 << 20;  ///< of the data of one event
};

/// One stream's reader. Thread-safety: one thread at a time.
class EventStreamReader {
 public:
  using OnEvent = std::function<Result<void>(const ServerEvent&)>;

  explicit EventStreamReader(EventStreamLimits limits = {}) : limits_(limits) {}

  /// Reads on; `on_event` is called for each event that these bytes complete. Does not block.
  /// Errors: over_limit (a line, an event); the first of `on_event`. After an error the reader is of no use
  /// but for last_event_id() and retry().
  Result<void> take(ByteView bytes, const OnEvent& on_event);

  /// What to send as Last-Event-ID when coming back: the id that was in force with the last event; "" = none.
  const std::string& last_event_id() const { return last_event_id_; }
  /// How long the server asks to wait before coming back, if it said so.
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }

 private:
  Result<void> take_byte(char byte, const OnEvent& on_event);
  Result<void> end_line(const OnEvent& on_event);
  Result<void> take_field(const std::string& name, std::string value);
  Result<void> dispatch(const OnEvent& on_event);

  const EventStreamLimits limits_;
  std::string line_;
  bool first_line_ = true, after_return_ = false, has_data_ = false;
  ServerEvent event_;
  std::string id_, last_event_id_;
  std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace troupe::fetch
