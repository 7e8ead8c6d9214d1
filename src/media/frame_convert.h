// Decoded frames and sound in the program's own forms.
#pragma once

#include <optional>
#include <vector>

#include "core/frame.h"
#include "core/image.h"
#include "media/libav.h"

namespace troupe::media {

/// Scales, crops, turns and converts colours. Keeps its scaler while frames stay alike. Colours are taken by
/// the frame's own matrix and range, where it names none by its size as players do; HDR transfer curves are
/// not mapped. Thread-safety: one call at a time.
class FrameConverter {
 public:
  explicit FrameConverter(int orientation) : orientation_(orientation) {}

  /// An upright picture of exactly this size. Errors: corrupt_input, out_of_memory.
  Result<Image> image(const AVFrame& frame, FrameSize size);
  /// Covers the size (even sides) and cuts what is over, centred. `shown` is the clip's whole upright size,
  /// which gives the shape of its pixels.
  Result<Frame> cover(const AVFrame& frame, FrameSize shown, FrameSize size);

 private:
  Result<AvFrame> scale(const AVFrame& frame, FrameSize stored_size, AVPixelFormat format);

  int orientation_;
  AvScaler scaler_;
};

/// Any sound as interleaved stereo, kAudioRate. Thread-safety: one call at a time.
class SoundConverter {
 public:
  /// Replaces `samples` by what the frame gives. False if this frame's form cannot be converted.
  bool convert(const AVFrame& frame, std::vector<float>& samples);

 private:
  bool prepare(const AVFrame& frame);

  AvResampler resampler_;
  int format_ = -1, rate_ = 0, channels_ = 0;
};

}  // namespace troupe::media
