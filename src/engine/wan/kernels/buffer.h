// Memory that kernels work in. Private to kernels/, but for Allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>

namespace troupe::engine::wan {

/// Gives at least `bytes` bytes, at an address divisible by 64, for as long as the pointer is kept; throws
/// std::bad_alloc. Called from the threads of a ParallelFor. Empty: operator new.
using Allocate = std::function<std::shared_ptr<void>(size_t bytes)>;

/// Uninitialised elements on cache lines of their own.
template <typename T>
class Buffer {
 public:
  Buffer(int64_t count, const Allocate& allocate) : memory_(made(count * sizeof(T), allocate)) {}
  T* data() { return static_cast<T*>(memory_.get()); }
  T& operator[](int64_t i) { return data()[i]; }

 private:
  static std::shared_ptr<void> made(size_t bytes, const Allocate& allocate) {
    constexpr std::align_val_t kCacheLine{64};
    if (allocate) return allocate(bytes);
    return {operator new(bytes, kCacheLine), [](void* data) { operator delete(data, kCacheLine); }};
  }
  std::shared_ptr<void> memory_;
};

}  // namespace troupe::engine::wan
