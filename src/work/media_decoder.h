// Strangers' media into pixels: the seam between having their bytes and believing them.
#pragma once

#include <memory>
#include <vector>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"
#include "core/image.h"
#include "core/output.h"
#include "media/probe.h"
#include "media/video_file.h"

namespace troupe::work {

struct DecodedPicture {
  media::ImageInfo info;
  Result<Image> image;  ///< a header may be sound where the pixels behind it are not
};

struct ClipSamples {
  media::VideoInfo info;
  std::vector<Image> pictures;
};

/// A clip that takes will begin with. Thread-safety: one call at a time. All but the first two calls block.
class PlayableClip {
 public:
  virtual ~PlayableClip() = default;
  virtual const media::VideoInfo& info() const = 0;
  /// Frames that play() makes at this rate.
  virtual int64_t frames_at(FrameRate rate) const = 0;
  /// As media::VideoClip::last_frame(), and what the decoder adds to its errors.
  virtual Result<Image> last_frame(const CancelToken& cancel) = 0;
  /// As media::VideoClip::play(), and what the decoder adds to its errors. May be called again.
  virtual Result<void> play(const media::VideoClip::PlayOptions& options, Output& output,
                            const CancelToken& cancel) = 0;
};

/// Decodes whole files. Every call blocks. Thread-safety: safe. Errors: those of media::decode_image() and
/// media::VideoClip, and what an implementation adds.
class MediaDecoder {
 public:
  virtual ~MediaDecoder() = default;
  virtual Result<DecodedPicture> picture(ByteView bytes, const media::ImageLimits& limits,
                                         const CancelToken& cancel) const = 0;
  /// Pictures from the middle of each of `count` (1 … kClipSamplesMax) equal parts of a clip.
  virtual Result<ClipSamples> samples(Bytes bytes, int count, const media::VideoLimits& limits,
                                      const CancelToken& cancel) const = 0;
  virtual Result<std::unique_ptr<PlayableClip>> clip(Bytes bytes, const media::VideoLimits& limits,
                                                     const CancelToken& cancel) const = 0;
};
inline constexpr int kClipSamplesMax = 16;

/// Decodes here and now: for media that whoever runs the program has chosen.
class InProcessDecoder final : public MediaDecoder {
 public:
  Result<DecodedPicture> picture(ByteView bytes, const media::ImageLimits& limits,
                                 const CancelToken& cancel) const override;
  Result<ClipSamples> samples(Bytes bytes, int count, const media::VideoLimits& limits,
                              const CancelToken& cancel) const override;
  Result<std::unique_ptr<PlayableClip>> clip(Bytes bytes, const media::VideoLimits& limits,
                                             const CancelToken& cancel) const override;
};

}  // namespace troupe::work
