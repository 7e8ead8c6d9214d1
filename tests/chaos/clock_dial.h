// Sets the wall clock of a server that was started with clock_shift.cc preloaded.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace troupe::chaos {

class ClockDial {
 public:
  using Seconds = std::atomic<int64_t>;

  explicit ClockDial(std::filesystem::path file) : file_(std::move(file)) {
    const int descriptor = ::open(file_.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
    void* mapped = MAP_FAILED;
    if (descriptor >= 0 && ::ftruncate(descriptor, sizeof(Seconds)) == 0)
      mapped = ::mmap(nullptr, sizeof(Seconds), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (descriptor >= 0) ::close(descriptor);
    if (mapped == MAP_FAILED) throw std::runtime_error("cannot map " + file_.string());
    shift_ = static_cast<Seconds*>(mapped);
  }
  ~ClockDial() { ::munmap(static_cast<void*>(shift_), sizeof(Seconds)); }
  ClockDial(const ClockDial&) = delete;
  ClockDial& operator=(const ClockDial&) = delete;

  /// How far the server's clock is ahead of the machine's.
  void set(std::chrono::seconds ahead) { shift_->store(ahead.count()); }

  /// What the server is started with.
  std::vector<std::string> environment(const std::string& library) const {
    return {"LD_PRELOAD=" + library, "CHAOS_CLOCK=" + file_.string()};
  }

 private:
  std::filesystem::path file_;
  Seconds* shift_ = nullptr;
};

}  // namespace troupe::chaos
