// Video files: what they are, pictures out of them, and playing them into an Output.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"
#include "core/image.h"
#include "core/media_time.h"
#include "core/output.h"

namespace troupe::media {

/// Bounds of what is read. The longest clip that any model extends or takes as a reference is far below them.
struct VideoLimits {
  uint64_t size_bytes_max = 512u << 20;
  MediaTime duration_max = seconds(600);
  int side_pixels_max = 4096;
  int64_t pixels_max = 4096 * 2304;  ///< of a frame
  int64_t frames_max = 36'000;
};

struct VideoInfo {
  std::string container;  ///< "mp4" (QuickTime too) or "matroska" (WEBM too)
  std::string codec;      ///< FFmpeg's name: "h264", "vp9" …
  FrameSize size;         ///< as shown: turned upright, pixels made square
  FrameRate rate;         ///< on average
  int64_t frames = 0;     ///< counted, not what the header says
  MediaTime duration;     ///< from the first frame's start to the last one's end
  bool audio = false;
  bool operator==(const VideoInfo&) const = default;
};

/// How long a clip is, to the tick: from its first frame's start to its last one's end, in ticks of
/// clock_numerator / clock_denominator seconds. VideoInfo::duration is the same, rounded.
struct ClipLength {
  int64_t ticks = 0;            ///< 0 … 2^49
  int32_t clock_numerator = 1;  ///< >= 1, as is the denominator
  int32_t clock_denominator = 1000;
  bool operator==(const ClipLength&) const = default;
};

/// Frames that a clip of this length gets at this rate: its duration in frames, at least 1.
int64_t frames_at(const ClipLength& length, FrameRate rate);

/// An open MP4, QuickTime, WEBM or Matroska file with H.264, H.265, VP8, VP9, AV1, MPEG-4, ProRes or Motion
/// JPEG. Only the given bytes are read: no network, no other file, whatever the file refers to.
/// Thread-safety: one call at a time. Every call blocks.
class VideoClip {
 public:
  /// Reads the headers and the index of every frame, without decoding any.
  /// Errors: not_found, io; unsupported (another container or codec, named); over_limit; corrupt_input
  /// (damaged, cut off, or without frames).
  static Result<VideoClip> open(const std::filesystem::path& file, const VideoLimits& limits = {});
  static Result<VideoClip> open(Bytes bytes, const VideoLimits& limits = {});
  /// The bytes stay the caller's and outlive the clip.
  static Result<VideoClip> open_view(ByteView bytes, const VideoLimits& limits = {});
  VideoClip(VideoClip&&) noexcept;
  VideoClip& operator=(VideoClip&&) noexcept;
  ~VideoClip();

  const VideoInfo& info() const;
  ClipLength length() const;

  /// Upright opaque pictures, from the middle of each of `count` (>= 1) equal parts of the clip.
  /// Errors: corrupt_input (no frame can be decoded), cancelled, out_of_memory.
  Result<std::vector<Image>> sample(int count, const CancelToken& cancel = {});

  /// The very last frame that the clip shows. Errors: as sample().
  Result<Image> last_frame(const CancelToken& cancel = {});

  /// Frames that play() makes at this rate.
  int64_t frames_at(FrameRate rate) const;

  struct PlayOptions {
    FrameSize size;  ///< even sides; the clip is scaled to cover it and cut, centred
    FrameRate rate;  ///< frames are repeated or left out to keep the clip's own pace
    bool audio = false;
  };
  /// Puts the whole clip into `output`, from its start: frames_at(rate) frames and, if asked, exactly as much
  /// sound (silence where the clip has none). Frames that cannot be decoded are bridged by the one before.
  /// Errors: as sample(), whatever `output` returned.
  Result<void> play(const PlayOptions& options, Output& output, const CancelToken& cancel = {});

 private:
  struct State;
  explicit VideoClip(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// VideoClip::open() for callers that want no more than info().
Result<VideoInfo> probe_video(const std::filesystem::path& file, const VideoLimits& limits = {});
Result<VideoInfo> probe_video(ByteView bytes, const VideoLimits& limits = {});

}  // namespace troupe::media
