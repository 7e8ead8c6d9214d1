// What tensors on the CPU hold, counted.
#pragma once

#include <ATen/Parallel.h>
#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <torch/version.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace troupe::engine::wan {

/// libtorch's allocator on the CPU, with a count. As long as one CountedMemory lives, it is the process's.
class CountedMemory {
 public:
  CountedMemory() : before_(c10::GetCPUAllocator()) {
    c10::SetCPUAllocator(&counting(), kPriority);
    reset();
  }
  ~CountedMemory() { c10::SetCPUAllocator(before_, kPriority); }
  CountedMemory(const CountedMemory&) = delete;
  CountedMemory& operator=(const CountedMemory&) = delete;

  /// Counts from what is held now on.
  void reset() {
    start_ = counting().now;
    counting().top = start_;
  }
  /// The most bytes that were held at once beside those held at the start.
  int64_t top() const { return counting().top - start_; }
  /// Those held now.
  int64_t now() const { return counting().now - start_; }

 private:
  static constexpr uint8_t kPriority = 255;
  static constexpr size_t kFront = 64;

  struct Counting final : c10::Allocator {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
    c10::DataPtr allocate(size_t bytes) override { return taken(bytes); }
    void copy_data(void* to, const void* from, size_t bytes) const override { std::memcpy(to, from, bytes); }
#else
    c10::DataPtr allocate(size_t bytes) const override { return taken(bytes); }
#endif
    c10::DataPtr taken(size_t bytes) const {
      // The size lies in front, in a cache line of its own, as tensors are aligned to them.
      auto* const front = static_cast<std::byte*>(c10::alloc_cpu(bytes + kFront));
      std::memcpy(front, &bytes, sizeof bytes);
      const int64_t held = now += static_cast<int64_t>(bytes);
      for (int64_t seen = top; held > seen && !top.compare_exchange_weak(seen, held);) {
      }
      return {front + kFront, front + kFront, &release, at::Device(at::kCPU)};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &release; }
    static void release(void* data) {
      std::byte* const front = static_cast<std::byte*>(data) - kFront;
      size_t bytes = 0;
      std::memcpy(&bytes, front, sizeof bytes);
      counting().now -= static_cast<int64_t>(bytes);
      c10::free_cpu(front);
    }
    mutable std::atomic<int64_t> now = 0, top = 0;
  };
  // Never destroyed: tensors may outlive everything.
  static Counting& counting() {
    static auto* const allocator = new Counting();
    return *allocator;
  }

  c10::Allocator* before_;
  int64_t start_ = 0;
};

/// As long as one lives, libtorch computes on one thread: each further one holds what it works in, for a time
/// that depends on the others.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace troupe::engine::wan
