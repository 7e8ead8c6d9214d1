#include "bench/load/swarm.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "bench/load/client.h"
#include "bench/load/event_tail.h"
#include "bench/load/measures.h"

namespace troupe::bench {
namespace {

constexpr double kHeadPatienceSeconds = 20;

}  // namespace

Swarm::Swarm(uint16_t port, const std::string& secret, int count) : poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  const std::string text = request_text("GET", "/v1/events", secret);
  for (int i = 0; i < count; ++i) {
    watchers_.push_back({connect_to({port}), "", {}, false});
    const int socket = watchers_.back().socket.get();
    if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) < 0) continue;  // then it stays incomplete
    epoll_event event{EPOLLIN, {.u64 = static_cast<uint64_t>(i)}};
    ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, socket, &event);
  }
}

bool Swarm::wait_for_heads() {
  const double end = seconds_now() + kHeadPatienceSeconds;
  while (answered_ < watchers_.size() && seconds_now() < end) read_for(0.1);
  return answered_ == watchers_.size();
}

bool Swarm::read_for(double seconds) {
  epoll_event events[256];
  const int count = ::epoll_wait(poll_.get(), events, 256, static_cast<int>(seconds * 1000));
  for (int i = 0; i < count; ++i) read_from(watchers_[events[i].data.u64]);
  return count > 0;
}

int Swarm::incomplete(const std::vector<int64_t>& ids) const {
  return static_cast<int>(
      std::count_if(watchers_.begin(), watchers_.end(), [&](const Watcher& w) { return w.ids != ids; }));
}

void Swarm::read_from(Watcher& watcher) {
  char block[16384];
  const ssize_t count = ::recv(watcher.socket.get(), block, sizeof block, 0);
  if (count <= 0) return watcher.socket.reset();
  const double now_ms = wall_milliseconds();
  std::string_view rest(block, static_cast<size_t>(count));
  for (size_t end; (end = rest.find('\n')) != std::string_view::npos; rest.remove_prefix(end + 1)) {
    watcher.line += rest.substr(0, end);
    take(watcher, now_ms);
    watcher.line.clear();
  }
  watcher.line += rest;
}

// The lines of chunks' lengths, heads and previews say nothing here.
void Swarm::take(Watcher& watcher, double now_ms) {
  if (watcher.line == "\r" && !watcher.answered) {
    watcher.answered = true;
    ++answered_;
  } else if (watcher.line.starts_with("id: ")) {
    watcher.ids.push_back(std::atoll(watcher.line.c_str() + 4));
  } else if (watcher.line.starts_with(R"(data: {"object":"event")") && !watcher.ids.empty()) {
    delays_ms_.push_back(now_ms - stored_ms(watcher.ids.back(), watcher.line));
  }
}

double Swarm::stored_ms(int64_t id, const std::string& line) {
  const auto known = stored_ms_.find(id);
  if (known != stored_ms_.end()) return known->second;
  const auto event = parse_event(line);
  return stored_ms_[id] = event ? event->stored_ms : 0;
}

}  // namespace troupe::bench
