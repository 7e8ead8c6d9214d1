// Many watchers of the event log on one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "http/descriptor.h"

namespace troupe::bench {

/// Thread-safety: unsafe.
class Swarm {
 public:
  /// Connects `count` watchers of all of a key's events from now on.
  Swarm(uint16_t port, const std::string& secret, int count);

  /// Reads until each has its head; false if one does not get it.
  bool wait_for_heads();
  /// Reads what comes within `seconds`. False: nothing came.
  bool read_for(double seconds);

  size_t events_received() const { return delays_ms_.size(); }
  /// Watchers that have not got exactly these, each once and in order.
  int incomplete(const std::vector<int64_t>& ids) const;
  /// From the stored time of an event to its arrival.
  std::vector<double>& delays_ms() { return delays_ms_; }

 private:
  struct Watcher {
    http::Descriptor socket;
    std::string line;  // the unfinished one
    std::vector<int64_t> ids;
    bool answered = false;
  };
  void read_from(Watcher& watcher);
  void take(Watcher& watcher, double now_ms);
  double stored_ms(int64_t id, const std::string& line);

  http::Descriptor poll_;
  std::vector<Watcher> watchers_;
  size_t answered_ = 0;
  std::map<int64_t, double> stored_ms_;
  std::vector<double> delays_ms_;
};

}  // namespace troupe::bench
