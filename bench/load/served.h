// `troupe serve` as a child, with a data folder that is the bench's own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace troupe::bench {

/// Where a section works.
struct Ground {
  std::filesystem::path troupe;  ///< the program
  std::filesystem::path data;    ///< of the section alone; removed by whoever made it
};

struct ServedKey {
  std::string id, secret;
};

/// Makes a key for everything but administration, or for that. Errors: unavailable.
Result<ServedKey> make_key(const Ground& ground, bool admin = false);
Result<std::vector<ServedKey>> make_keys(const Ground& ground, int count);

/// Thread-safety: one thread at a time. The server dies with the thread that started it.
class Served {
 public:
  /// Serves on a free port of loopback with a queue without bounds. Blocks until it listens.
  /// Errors: unavailable, with the server's log.
  static Result<Served> start(const Ground& ground, int workers);
  Served(Served&& other) noexcept;
  Served& operator=(Served&&) = delete;
  ~Served() { kill(); }

  uint16_t port() const { return port_; }
  /// When its listening was seen, in milliseconds since 1970.
  double listening_ms() const { return listening_ms_; }
  /// SIGKILL, now.
  void kill();
  /// SIGTERM, and SIGKILL where that takes long.
  void stop();

  int64_t resident_bytes() const;  ///< now
  int64_t peak_bytes() const;      ///< since the start or forget_peak()
  void forget_peak() const;
  double processor_seconds() const;
  int64_t descriptors_max() const;  ///< its own limit

 private:
  Served() = default;
  bool wait_listening(const std::filesystem::path& log);
  bool wait_end(double seconds);

  pid_t id_ = 0;
  uint16_t port_ = 0;
  double listening_ms_ = 0;
};

}  // namespace troupe::bench
