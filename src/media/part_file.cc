#include "media/part_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace troupe::media {

Result<PartFile> PartFile::create(const std::filesystem::path& target) {
  // Process and counter make the name free on this machine; O_EXCL finds out where a folder is shared.
  static std::atomic<unsigned> counter{0};
  constexpr int kTriesMax = 100;
  const std::string stem = "." + target.filename().string() + ".part-" + std::to_string(::getpid()) + "-";
  for (int i = 0; i < kTriesMax; ++i) {
    std::filesystem::path path = target;
    path.replace_filename(stem + std::to_string(counter++));
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      ::close(descriptor);
      return PartFile(std::move(path), target);
    }
    if (errno != EEXIST) break;
  }
  return make_error(ErrorCode::io, "cannot write " + target.string() + ": " + std::strerror(errno));
}

PartFile::PartFile(std::filesystem::path path, std::filesystem::path target)
    : path_(std::move(path)), target_(std::move(target)) {}

PartFile::PartFile(PartFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), target_(std::move(other.target_)) {}

PartFile::~PartFile() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

Result<void> PartFile::commit() {
  std::error_code error;
  std::filesystem::rename(path_, target_, error);
  if (error)
    return make_error(ErrorCode::io, "cannot rename to " + target_.string() + ": " + error.message());
  path_.clear();
  return {};
}

}  // namespace troupe::media
