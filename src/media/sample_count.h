// How long the sound of a video is.
#pragma once

#include <cstdint>

#include "core/media_time.h"

namespace troupe::media {

/// Samples (a channel, kAudioRate a second) that sound as long as `frames` show, rounded to the nearest.
int64_t sample_count(int64_t frames, FrameRate rate);

}  // namespace troupe::media
