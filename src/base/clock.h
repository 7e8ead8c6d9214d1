// What time it is, as something that tests can set.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace troupe {

/// Wall-clock time, UTC, to the millisecond: what stored times and clients' times are in.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// Thread-safety: safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

/// The machine's. May jump when somebody sets it.
class SystemClock final : public Clock {
 public:
  Time now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

/// Stands still until it is moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : millis_(start.time_since_epoch().count()) {}
  Time now() const override { return Time(std::chrono::milliseconds(millis_.load())); }
  void advance(std::chrono::milliseconds by) { millis_ += by.count(); }

 private:
  std::atomic<int64_t> millis_;
};

/// "2026-03-01T12:00:00.250Z".
std::string print_time(Time time);

}  // namespace troupe
