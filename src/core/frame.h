// What an engine makes: one picture of the video, in the encoder's own format.
#pragma once

#include <cstdint>
#include <vector>

#include "core/frame_size.h"
#include "core/image.h"

namespace troupe {

/// Planar YUV 4:2:0, 8 bit, BT.709, limited range (luma 16-235), chroma sited left as H.264 assumes.
/// luma: width * height bytes; cb, cr: (width / 2) * (height / 2) each; rows top-down, no padding.
struct Frame {
  FrameSize size;
  std::vector<uint8_t> luma, cb, cr;

  Frame() = default;
  /// Black. REQUIRES even, positive sides.
  explicit Frame(FrameSize s);
  bool operator==(const Frame&) const = default;
};

/// Converts an opaque picture (alpha is ignored); REQUIRES even sides. Chroma is the mean of each 2x2 block.
Frame frame_from_image(const Image& image);
/// The reverse, alpha 255; chroma is interpolated bilinearly.
Image image_from_frame(const Frame& frame);

}  // namespace troupe
