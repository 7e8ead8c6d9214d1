#include "engine/upstream/video_file.h"

#include <array>
#include <cstring>
#include <system_error>

namespace troupe::upstream {

VideoFile::VideoFile(std::filesystem::path path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")) {}

VideoFile::~VideoFile() {
  if (kept_) return;
  file_.reset();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

Result<void> VideoFile::write(ByteView bytes, uint64_t size_bytes_max) {
  size_bytes_ += bytes.size();
  if (size_bytes_ > size_bytes_max)
    return make_error(ErrorCode::over_limit,
                      "The video has more than " + std::to_string(size_bytes_max) + " bytes.");
  if (!file_ || std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
    return make_error(ErrorCode::io, "The video could not be written to " + path_.string() + ".");
  return {};
}

Result<void> VideoFile::keep() {
  if (!file_ || std::fflush(file_.get()) != 0)
    return make_error(ErrorCode::io, "The video could not be written to " + path_.string() + ".");
  TROUPE_CHECK_OK(check_video_head(path_));
  kept_ = true;
  return {};
}

Result<void> check_video_head(const std::filesystem::path& file) {
  std::array<char, 12> head{};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (!opened) return make_error(ErrorCode::io, file.string() + " could not be read.");
  const size_t size = std::fread(head.data(), 1, head.size(), opened.get());
  const bool mp4 = size == head.size() && std::memcmp(head.data() + 4, "ftyp", 4) == 0;
  const bool webm = size >= 4 && std::memcmp(head.data(), "\x1A\x45\xDF\xA3", 4) == 0;
  if (mp4 || webm) return {};
  return make_error(ErrorCode::corrupt_input, "What the provider handed out as its video is none.");
}

}  // namespace troupe::upstream
