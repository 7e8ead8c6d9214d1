// How a stream's stored pixels are meant to be shown.
#pragma once

#include <cstdint>
#include <span>

#include "core/frame_size.h"
#include "media/libav.h"

namespace troupe::media {

/// The EXIF orientation that a display matrix (nine numbers, ISO/IEC 14496-12 6.2.2) comes closest to.
int orientation_of(std::span<const int32_t, 9> matrix);

/// The orientation in a stream's side data; 1 without any.
int orientation_of(const AVStream& stream);

/// Stored size with its pixels made square by the sample aspect ratio (out of 1/4 … 4 it is taken for an
/// error and ignored): one side grows, none shrinks.
FrameSize square_pixels(FrameSize stored, AVRational sample_aspect);

}  // namespace troupe::media
