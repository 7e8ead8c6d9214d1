// A network's blocks one after the other, each in memory only while it is needed.
#pragma once

#include <ATen/ATen.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace troupe::engine::wan {

/// What is put into a queue of the device by the calling thread runs beside the computing, as long as this
/// lives. Nothing on the CPU.
class BesideComputing {
 public:
  explicit BesideComputing(at::Device device) {
    if (!device.is_cpu())
      guard_ = std::make_unique<c10::StreamGuard>(
          c10::impl::VirtualGuardImpl(device.type()).getStreamFromGlobalPool(device));
  }

 private:
  std::unique_ptr<c10::StreamGuard> guard_;
};

/// Waits until the device has done what the calling thread asked of it.
inline void wait_for(at::Device device) {
  if (!device.is_cpu()) c10::impl::VirtualGuardImpl(device.type()).getStream(device).synchronize();
}

/// Reads a block on a thread of its own while the one before is computed with: at most two are in memory.
/// Destroying it waits for the block that is being read. Thread-safety: none; one for each pass.
template <class Block>
class BlockStream {
 public:
  /// `read(i)` is called for 0 … count - 1, in that order, one at a time, never on the caller's thread.
  BlockStream(int64_t count, at::Device device, std::function<Block(int64_t)> read)
      : count_(count), device_(device), read_(std::move(read)) {
    read_ahead();
  }

  /// The next block, until the next call. Throws what `read` threw. REQUIRES fewer calls than there are
  /// blocks before.
  const Block& next() {
    wait_for(device_);  // the block before may be in use there
    current_.reset();
    current_.emplace(ahead_.get());
    read_ahead();
    return *current_;
  }

 private:
  void read_ahead() {
    if (next_ == count_) return;
    ahead_ =
        std::async(std::launch::async, [this, index = next_++, inference = c10::InferenceMode::is_enabled()] {
          const c10::InferenceMode mode(inference);
          const BesideComputing beside(device_);
          Block block = read_(index);
          wait_for(device_);  // in its own queue, what was made of it there
          return block;
        });
  }

  int64_t count_, next_ = 0;
  at::Device device_;
  std::function<Block(int64_t)> read_;
  std::optional<Block> current_;
  std::future<Block> ahead_;
};

}  // namespace troupe::engine::wan
