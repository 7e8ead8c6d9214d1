// Clients that mean no good, thousands of them on one thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "http/descriptor.h"

namespace troupe::bench {

struct CrowdPlan {
  uint16_t port = 0;
  std::string secret;  ///< of a valid key
  std::string video;   ///< target of a video that is larger than a socket's buffer
  int silent = 0;      ///< connect and say nothing
  int slow_headers = 0, slow_bodies = 0, slow_readers = 0;
};

struct CrowdCounts {
  int64_t open = 0;           ///< now
  int64_t connects = 0;       ///< so far: whoever is thrown out comes back
  int64_t turned_away = 0;    ///< connections that the server ended, with or without an answer
  int64_t not_connected = 0;  ///< tries
};

/// Attacks from its making to its end. Thread-safety: counts() from any thread.
class Crowd {
 public:
  explicit Crowd(const CrowdPlan& plan);
  ~Crowd();
  CrowdCounts counts() const;

 private:
  enum class Kind { silent, slow_header, slow_body, slow_reader };
  struct Member {
    Kind kind;
    int source;  // the last number of its address
    http::Descriptor socket;
    size_t sent = 0;
  };
  void add(Kind kind, int count);
  void run();
  void come(size_t index);
  void leave(Member& member);
  void hear(Member& member);
  void drip(Member& member);
  const std::string& request_of(Kind kind) const;

  const CrowdPlan plan_;
  const std::string header_, body_, video_;  // requests
  std::vector<Member> members_;
  http::Descriptor poll_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int64_t> open_ = 0, connects_ = 0, turned_away_ = 0, not_connected_ = 0;
  std::thread thread_;
};

}  // namespace troupe::bench
