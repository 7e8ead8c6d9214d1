// The event log as one patient watcher sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/descriptor.h"

namespace troupe::bench {

struct Event {
  int64_t id = 0;
  std::string type, job;
  double stored_ms = 0;  ///< since 1970
};

/// Of the "data: {…}" line of an event; none for what is no stored event (a preview, say).
std::optional<Event> parse_event(std::string_view line);

/// "2026-11-27T16:29:46.908Z" as milliseconds since 1970.
double milliseconds_of(const std::string& timestamp);

/// All events of a key (of everybody, for an administrator's) after `after`. Thread-safety: unsafe.
class EventTail {
 public:
  EventTail(uint16_t port, const std::string& secret, int64_t after);

  /// The next one; none if nothing comes for that long, or the server is gone.
  std::optional<Event> next(double patience_seconds);
  /// The next one of that type and job; "" = any job.
  std::optional<Event> next_of(const std::string& type, const std::string& job, double patience_seconds);

  /// The server has ended the stream, or there never was one.
  bool closed() const { return !socket_.is_open(); }

 private:
  std::optional<Event> take_line();

  http::Descriptor socket_;
  std::string text_;
};

}  // namespace troupe::bench
