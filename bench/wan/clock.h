// How long work takes on a processor that others use too, and on a GPU.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <sys/resource.h>

#include <chrono>
#include <ctime>
#include <functional>

namespace troupe::bench {

/// On the CPU `seconds` are processor seconds over the threads of libtorch: what it would take if nobody else
/// used them. On a GPU both are wall seconds, from idle to idle.
struct Time {
  double seconds = 0, wall = 0;
  Time& operator+=(const Time& other) {
    seconds += other.seconds;
    wall += other.wall;
    return *this;
  }
};

inline void wait_for(at::Device device) {
  // Copying back waits for all that was started before.
  if (!device.is_cpu()) at::zeros({1}, at::TensorOptions().device(device)).cpu();
}

inline Time time_of(at::Device device, const std::function<void()>& work) {
  const auto processor = [] {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  wait_for(device);
  const double busy = processor();
  const auto start = std::chrono::steady_clock::now();
  work();
  wait_for(device);
  Time time;
  time.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  time.seconds = device.is_cpu() ? (processor() - busy) / at::get_num_threads() : time.wall;
  return time;
}

/// The most memory that the process had so far, in MiB; not a GPU's.
inline double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace troupe::bench
