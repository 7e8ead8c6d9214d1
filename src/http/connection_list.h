// The open connections: how many there may be, in all and of one peer.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "http/wire.h"

namespace troupe::http {

/// Thread-safety: safe.
class ConnectionList {
 public:
  ConnectionList(int connections_max, int per_peer_max)
      : connections_max_(connections_max), per_peer_max_(per_peer_max) {}

  /// False: there are too many.
  bool add(const std::shared_ptr<Wire>& wire, const std::string& peer);
  void remove(const Wire* wire);
  int64_t size() const;
  void for_each(const std::function<void(Wire&)>& action) const;
  /// False: there still are some at `until`.
  bool wait_empty(Steady::time_point until) const;

 private:
  struct Entry {
    std::weak_ptr<Wire> wire;
    std::string peer;
  };
  const int connections_max_, per_peer_max_;
  mutable std::mutex mutex_;
  mutable std::condition_variable empty_;
  std::unordered_map<const Wire*, Entry> entries_;
  std::unordered_map<std::string, int> peers_;
};

/// Who counts as one peer: an IPv4 address, or the network (/64) of an IPv6 address.
std::string peer_of(const boost::asio::ip::address& address);

}  // namespace troupe::http
