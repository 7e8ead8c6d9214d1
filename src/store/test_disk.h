// Folders, processes and full disks for the store's tests.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "store/object_store.h"

namespace troupe::store::test {

/// A folder that goes with the test. `parent` is where it is made; the system's place if empty.
class TempFolder {
 public:
  explicit TempFolder(const std::filesystem::path& parent = {}) {
    std::string name =
        ((parent.empty() ? std::filesystem::temp_directory_path() : parent) / "store_XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

inline size_t count_files(const std::filesystem::path& folder) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    count += entry.is_regular_file();
  return count;
}

inline Time now() { return SystemClock().now(); }

/// Makes the file look as if it was last changed that long ago.
inline void make_old(const std::filesystem::path& file, std::chrono::seconds age) {
  std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now() - age);
}

/// Stores `text`; the id, or the error's text.
inline std::string store_text(ObjectStore& store, const std::string& text) {
  auto writer = store.create(1 << 20);
  if (!writer) return to_string(writer.error());
  if (auto written = (*writer)->write(as_bytes(text)); !written) return to_string(written.error());
  const auto info = (*writer)->commit();
  return info ? info->id : to_string(info.error());
}

/// Exit status of `body` run in a process of its own, which ends without running destructors; 128 + signal if
/// a signal ended it.
inline int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

inline constexpr int kCannotMount = 77;

/// in_child() where `folder` is a file system of `size_bytes` of its own, seen by nobody else; kCannotMount
/// if this process may not make one.
inline int on_small_disk(const std::filesystem::path& folder, size_t size_bytes,
                         const std::function<int()>& body) {
  return in_child([&] {
    const std::string size = "size=" + std::to_string(size_bytes);
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.c_str(), "tmpfs", 0, size.c_str()) != 0) {
      return kCannotMount;
    }
    return body();
  });
}

/// in_child() where no file can grow past `size_bytes`.
inline int with_small_files(size_t size_bytes, const std::function<int()>& body) {
  return in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit { size_bytes, size_bytes };
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 ? body() : kCannotMount;
  });
}

}  // namespace troupe::store::test
