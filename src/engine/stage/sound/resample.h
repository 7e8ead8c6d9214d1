// Changing the sample rate of one channel.
#pragma once

#include <span>
#include <vector>

namespace troupe::stage {

/// `mono` at `rate` samples a second as kAudioRate samples a second: a windowed sinc that cuts at the lower
/// of the two Nyquist frequencies. The length is size * kAudioRate / rate, rounded down. REQUIRES rate > 0.
std::vector<float> resampled(std::span<const float> mono, int rate);

}  // namespace troupe::stage
