#include "engine/wan/nn/process.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <sched.h>
#include <sys/mman.h>
#include <torch/version.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <unordered_map>

namespace troupe::engine::wan {
namespace {

constexpr size_t kLarge = size_t{1} << 20;     // what is kept
constexpr size_t kHugePage = size_t{2} << 20;  // large ones begin at and take whole huge pages
constexpr size_t kKeptMax = size_t{1} << 30;   // bytes kept beside those in use

size_t in_huge_pages(size_t bytes) { return (bytes + kHugePage - 1) / kHugePage * kHugePage; }

// Null where there is no memory.
void* map_pages(size_t bytes) {
  const size_t more = bytes + kHugePage;
  void* mapped = mmap(nullptr, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  char* const begin = static_cast<char*>(mapped);
  char* const aligned = reinterpret_cast<char*>(in_huge_pages(reinterpret_cast<size_t>(begin)));
  if (aligned != begin) munmap(begin, aligned - begin);
  if (const size_t behind = begin + more - (aligned + bytes)) munmap(aligned + bytes, behind);
  madvise(aligned, bytes, MADV_HUGEPAGE);
  return aligned;
}

// Large blocks, by address while they are used and by size while they are kept.
class Blocks {
 public:
  // Null where there is no memory.
  void* take(size_t bytes) {
    const size_t wanted = in_huge_pages(bytes);
    const std::lock_guard lock(mutex_);
    // At most a quarter larger.
    const auto found = kept_.lower_bound(wanted);
    if (found != kept_.end() && found->first <= wanted + wanted / 4) {
      void* const block = found->second;
      used_[block] = found->first;
      kept_bytes_ -= found->first;
      kept_.erase(found);
      return block;
    }
    void* block = map_pages(wanted);
    if (!block) {
      release_locked(0);
      block = map_pages(wanted);
    }
    if (block) used_[block] = wanted;
    return block;
  }

  // Whether the block is one of these.
  bool give(void* block) {
    const std::lock_guard lock(mutex_);
    const auto found = used_.find(block);
    if (found == used_.end()) return false;
    kept_.emplace(found->second, block);
    kept_bytes_ += found->second;
    used_.erase(found);
    release_locked(kKeptMax);
    return true;
  }

  void release() {
    const std::lock_guard lock(mutex_);
    release_locked(0);
  }

  size_t kept_bytes() {
    const std::lock_guard lock(mutex_);
    return kept_bytes_;
  }

 private:
  // The largest go first.
  void release_locked(size_t most) {
    while (kept_bytes_ > most) {
      const auto largest = std::prev(kept_.end());
      munmap(largest->second, largest->first);
      kept_bytes_ -= largest->first;
      kept_.erase(largest);
    }
  }

  std::mutex mutex_;
  std::unordered_map<void*, size_t> used_;
  std::multimap<size_t, void*> kept_;
  size_t kept_bytes_ = 0;
};

// Never destroyed: tensors may be dropped as late as that.
Blocks& blocks() {
  static Blocks* const all = new Blocks;
  return *all;
}

#if TORCH_VERSION_MAJOR < 2
void give_back(void* data) {
  const bool may_be_large = reinterpret_cast<size_t>(data) % kHugePage == 0;
  if (!data || (may_be_large && blocks().give(data))) return;
  c10::free_cpu(data);
}

class KeepingAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) const override {
    if (bytes < kLarge) {
      void* const small = c10::alloc_cpu(bytes);
      return {small, small, &give_back, at::kCPU};
    }
    void* const large = blocks().take(bytes);
    TORCH_CHECK(large, "there is no memory for a tensor of ", bytes, " bytes");
    return {large, large, &give_back, at::kCPU};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }
};
#endif

int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

}  // namespace

void set_up_process() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (!std::getenv("OMP_NUM_THREADS")) at::set_num_threads(usable_processors());
#if TORCH_VERSION_MAJOR < 2
    static KeepingAllocator allocator;
    c10::SetCPUAllocator(&allocator, /*priority=*/1);
#endif
  });
}

void release_kept_memory() { blocks().release(); }

int64_t kept_memory_bytes() { return static_cast<int64_t>(blocks().kept_bytes()); }

}  // namespace troupe::engine::wan
