#include "http/connection_list.h"

#include <algorithm>
#include <vector>

namespace troupe::http {

bool ConnectionList::add(const std::shared_ptr<Wire>& wire, const std::string& peer) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= static_cast<size_t>(connections_max_)) return false;
  int& of_peer = peers_[peer];
  if (of_peer >= per_peer_max_) return false;
  ++of_peer;
  entries_[wire.get()] = {wire, peer};
  return true;
}

void ConnectionList::remove(const Wire* wire) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(wire);
  if (entry == entries_.end()) return;
  const auto peer = peers_.find(entry->second.peer);
  if (--peer->second == 0) peers_.erase(peer);
  entries_.erase(entry);
  if (entries_.empty()) empty_.notify_all();
}

int64_t ConnectionList::size() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int64_t>(entries_.size());
}

void ConnectionList::for_each(const std::function<void(Wire&)>& action) const {
  std::vector<std::shared_ptr<Wire>> wires;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, entry] : entries_) {
      if (auto wire = entry.wire.lock()) wires.push_back(std::move(wire));
    }
  }
  for (const auto& wire : wires) action(*wire);
}

bool ConnectionList::wait_empty(Steady::time_point until) const {
  std::unique_lock lock(mutex_);
  return empty_.wait_until(lock, until, [this] { return entries_.empty(); });
}

std::string peer_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  if (address.to_v6().is_v4_mapped())
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
  std::fill(bytes.begin() + 8, bytes.end(), uint8_t{0});
  return boost::asio::ip::address_v6(bytes).to_string();
}

}  // namespace troupe::http
