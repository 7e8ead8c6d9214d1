#include "bench/load/crowd.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "bench/load/client.h"
#include "bench/load/measures.h"

namespace troupe::bench {
namespace {

constexpr int kSources = 8;             // 127.0.0.2 to 127.0.0.9
constexpr size_t kComeAtOnceMax = 250;  // between two looks at who is open already
constexpr double kDripSeconds = 1;
constexpr int kReaderBuffer = 4096;
constexpr size_t kBodyBytes = 100000, kBodyDrip = 500;  // too slow: the server wants 2000 a second

}  // namespace

Crowd::Crowd(const CrowdPlan& plan)
    : plan_(plan),
      header_(request_text("GET", "/v1/jobs", plan.secret)),
      body_(request_text("POST", "/v1/jobs", plan.secret, std::string(kBodyBytes, ' '))),
      video_(request_text("GET", plan.video, plan.secret)),
      poll_(::epoll_create1(EPOLL_CLOEXEC)) {
  add(Kind::silent, plan.silent);
  add(Kind::slow_header, plan.slow_headers);
  add(Kind::slow_body, plan.slow_bodies);
  add(Kind::slow_reader, plan.slow_readers);
  thread_ = std::thread([this] { run(); });
}

Crowd::~Crowd() {
  stopping_ = true;
  thread_.join();
}

CrowdCounts Crowd::counts() const { return {open_, connects_, turned_away_, not_connected_}; }

void Crowd::add(Kind kind, int count) {
  for (int i = 0; i < count; ++i) members_.push_back({kind, 2 + i % kSources, {}, 0});
}

void Crowd::run() {
  double next_drip = seconds_now();
  while (!stopping_) {
    size_t came = 0;
    for (size_t i = 0; i < members_.size() && came < kComeAtOnceMax; ++i) {
      if (members_[i].socket.is_open()) continue;
      come(i);
      ++came;
    }
    epoll_event events[512];
    const int count = ::epoll_wait(poll_.get(), events, 512, 10);
    for (int i = 0; i < count; ++i) hear(members_[events[i].data.u64]);
    if (seconds_now() < next_drip) continue;
    next_drip += kDripSeconds;
    for (Member& member : members_) drip(member);
  }
}

void Crowd::come(size_t index) {
  Member& member = members_[index];
  const bool reads = member.kind == Kind::slow_reader;
  member.socket = connect_to({plan_.port, member.source, reads ? kReaderBuffer : 0, false});
  member.sent = 0;
  if (!member.socket.is_open()) {
    ++not_connected_;
    return;
  }
  ++connects_;
  ++open_;
  // A reader that reads nothing is not woken by what comes, only by the end.
  epoll_event event{reads ? uint32_t{EPOLLRDHUP} : uint32_t{EPOLLIN}, {.u64 = index}};
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, member.socket.get(), &event);
}

void Crowd::leave(Member& member) {
  member.socket.reset();
  --open_;
  ++turned_away_;
}

void Crowd::hear(Member& member) {
  char block[4096];
  const ssize_t count = ::recv(member.socket.get(), block, sizeof block, 0);
  if (count == 0 || (count < 0 && errno != EAGAIN)) leave(member);
}

const std::string& Crowd::request_of(Kind kind) const {
  return kind == Kind::slow_reader ? video_ : kind == Kind::slow_body ? body_ : header_;
}

void Crowd::drip(Member& member) {
  if (!member.socket.is_open() || member.kind == Kind::silent) return;
  const std::string& text = request_of(member.kind);
  const size_t head = text.find("\r\n\r\n") + 4;
  size_t count = 1;  // a byte of the header a second
  if (member.kind == Kind::slow_reader) count = text.size();
  if (member.kind == Kind::slow_body) count = member.sent < head ? head : kBodyDrip;
  if (member.sent < text.size()) {
    const ssize_t sent = ::send(member.socket.get(), text.data() + member.sent,
                                std::min(count, text.size() - member.sent), MSG_NOSIGNAL);
    if (sent > 0) member.sent += static_cast<size_t>(sent);
  } else if (member.kind == Kind::slow_reader) {
    char byte;
    if (::recv(member.socket.get(), &byte, 1, 0) == 0) leave(member);
  }
}

}  // namespace troupe::bench
