// How many bytes of bodies, of requests or of answers, are in memory, over all connections.
#pragma once

#include <atomic>
#include <cstdint>

namespace troupe::http {

/// Thread-safety: safe.
class BodyMemory {
 public:
  explicit BodyMemory(int64_t bytes_max) : bytes_max_(bytes_max) {}

  /// More than there should be: what comes now has to go elsewhere.
  bool over() const { return held_ > bytes_max_; }

  /// What one body holds; it is given back when the share goes, which `memory` must outlive.
  class Share {
   public:
    explicit Share(BodyMemory& memory) : memory_(memory) {}
    ~Share() { hold(0); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    void hold(int64_t bytes) {
      memory_.held_ += bytes - bytes_;
      bytes_ = bytes;
    }

   private:
    BodyMemory& memory_;
    int64_t bytes_ = 0;
  };

 private:
  const int64_t bytes_max_;
  std::atomic<int64_t> held_ = 0;
};

}  // namespace troupe::http
