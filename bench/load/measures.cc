#include "bench/load/measures.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "http/descriptor.h"

namespace troupe::bench {
namespace {

http::Descriptor open_fresh(const std::filesystem::path& file) {
  return http::Descriptor(::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600));
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

}  // namespace

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double wall_milliseconds() {
  return std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

double syncs_per_second(const std::filesystem::path& folder, double seconds) {
  const std::filesystem::path path = folder / "sync-probe";
  const http::Descriptor file = open_fresh(path);
  const std::string block(4096, 'x');
  const double begin = seconds_now();
  int done = 0;
  while (seconds_now() < begin + seconds && write_all(file.get(), block) && ::fsync(file.get()) == 0) ++done;
  const double took = seconds_now() - begin;
  std::filesystem::remove(path);
  return done / took;
}

double seconds_to_store(const std::filesystem::path& folder, const std::vector<std::string_view>& parts,
                        int times) {
  const std::filesystem::path path = folder / "store-probe";
  const double begin = seconds_now();
  {
    const http::Descriptor file = open_fresh(path);
    for (int i = 0; i < times; ++i) {
      for (const std::string_view part : parts) {
        if (!write_all(file.get(), part)) break;
      }
    }
    ::fsync(file.get());
  }
  const double took = seconds_now() - begin;
  std::filesystem::remove(path);
  return took;
}

void raise_descriptor_limit() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace troupe::bench
