// Preloaded into the server: its wall clock is off by the seconds that a mapped file holds, as if somebody
// had set the machine's. Clocks that never jump stay as they are.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

using Seconds = std::atomic<int64_t>;
static_assert(sizeof(Seconds) == sizeof(int64_t) && Seconds::is_always_lock_free);

const Seconds* mapped_shift = nullptr;  // stays null where there is no file

[[gnu::constructor]] void map_shift() {
  const char* path = std::getenv("CHAOS_CLOCK");
  const int file = path ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void* mapped = ::mmap(nullptr, sizeof(Seconds), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped != MAP_FAILED) mapped_shift = static_cast<const Seconds*>(mapped);
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int clock_gettime(clockid_t clock, struct timespec* out) noexcept {
  const long result = ::syscall(SYS_clock_gettime, clock, out);
  const bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (result == 0 && wall && mapped_shift) out->tv_sec += mapped_shift->load();
  return static_cast<int>(result);
}

int gettimeofday(struct timeval* __restrict out, void* __restrict) noexcept {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) noexcept {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
#pragma GCC visibility pop
