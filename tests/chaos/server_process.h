// `troupe serve` as a child of the test: started, killed, frozen, listened to.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace troupe::chaos {

struct ServerCommand {
  std::vector<std::string> arguments;    ///< of `troupe`
  std::vector<std::string> environment;  ///< "NAME=VALUE", beside the test's own
  std::filesystem::path log;             ///< what it writes to stderr; replaced
};

/// In a process group of its own. Thread-safety: one thread at a time.
class ServerProcess {
 public:
  /// A server says that it serves, or ends, within this; and ends within this when it is asked to.
  static constexpr std::chrono::seconds kPatience{60};

  explicit ServerProcess(const ServerCommand& command);
  /// Kills it, if it lives.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  /// Blocks until it serves; its port, or none if it ended before.
  std::optional<uint16_t> wait_ready();
  /// SIGKILL to the whole group. The decoders that it started have groups of their own and end when they
  /// notice; false if one does not within kPatience.
  bool kill();
  /// SIGTERM; its exit status (128 + signal, if a signal ended it), or none if it does not end in time.
  std::optional<int> stop();
  /// Blocks until it ends by itself; as stop().
  std::optional<int> wait_end();

  bool lives() { return !has_ended(); }
  void freeze() const;
  void thaw() const;
  std::string log() const;

 private:
  bool has_ended();

  pid_t id_ = 0;
  std::filesystem::path log_;
  std::optional<int> status_;
};

}  // namespace troupe::chaos
