// The operations of one piece of work, recorded once and played again in one go (CUDA graphs): what it takes
// to ask a GPU for thousands of small operations is paid once. Only in builds for CUDA that find its headers,
// else the work just runs.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>

namespace troupe::engine::wan {

/// Whether work on `device` is recorded by this build.
bool can_record(at::Device device);

/// Work that is the same each time: the same tensors, whose values change in place. Memory that it takes on
/// the way stays taken until the recording ends. Thread-safety: none.
class Recording {
 public:
  Recording();
  ~Recording();
  Recording(Recording&&) noexcept;
  Recording& operator=(Recording&&) noexcept;

  /// Does the work: at first as it comes, which lets libraries set themselves up; then recorded; then played.
  /// REQUIRES can_record(device), and `work` to wait for nothing of the device. Throws what it throws,
  /// c10::Error.
  void run(at::Device device, const std::function<void()>& work);

 private:
  struct Graph;
  bool begun_ = false;
  std::unique_ptr<Graph> graph_;
};

}  // namespace troupe::engine::wan
