// A video on its way into a file. Private to engine/upstream/.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe::upstream {

/// Takes bytes as they come; unless keep() was called, the file is gone afterwards.
class VideoFile {
 public:
  explicit VideoFile(std::filesystem::path path);
  ~VideoFile();
  VideoFile(const VideoFile&) = delete;
  VideoFile& operator=(const VideoFile&) = delete;

  /// Errors: io, over_limit.
  Result<void> write(ByteView bytes, uint64_t size_bytes_max);
  /// Errors: io; corrupt_input: what was written does not begin as a video does.
  Result<void> keep();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  uint64_t size_bytes_ = 0;
  bool kept_ = false;
};

/// Errors: io; corrupt_input: the file does not begin as MP4, QuickTime or WebM does.
Result<void> check_video_head(const std::filesystem::path& file);

}  // namespace troupe::upstream
