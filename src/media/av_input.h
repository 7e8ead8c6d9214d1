// A ByteSource as FFmpeg's demuxer sees it.
#pragma once

#include <memory>
#include <string>

#include "media/byte_source.h"
#include "media/libav.h"
#include "media/video_file.h"

namespace troupe::media {

/// An open container. The demuxer is picked by the content and reads only the source: no protocol, no second
/// file. Not movable: FFmpeg holds its address. Thread-safety: one call at a time.
class AvInput {
 public:
  /// Errors: unsupported (names the kind), over_limit, corrupt_input, out_of_memory.
  static Result<std::unique_ptr<AvInput>> open(std::unique_ptr<ByteSource> source, const VideoLimits& limits);
  ~AvInput();
  AvInput(const AvInput&) = delete;
  AvInput& operator=(const AvInput&) = delete;

  AVFormatContext& demuxer() { return *demuxer_; }
  const std::string& container() const { return container_; }  ///< "mp4" or "matroska"

 private:
  explicit AvInput(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
  Result<void> open_demuxer(const char* demuxer_name);
  Result<void> find_streams(const VideoLimits& limits);
  static int read(void* self, uint8_t* to, int size);
  static int64_t seek(void* self, int64_t offset, int whence);

  std::unique_ptr<ByteSource> source_;
  uint64_t position_ = 0;
  std::string container_;
  AVIOContext* io_ = nullptr;
  AVFormatContext* demuxer_ = nullptr;
};

/// "the video is damaged (why); export it again"
Error damaged_video(const std::string& why);

}  // namespace troupe::media
