#include "media/sample_count.h"

#include "core/output.h"
#include "media/libav.h"

namespace troupe::media {

int64_t sample_count(int64_t frames, FrameRate rate) {
  return av_rescale_rnd(frames, int64_t{kAudioRate} * rate.denominator, rate.numerator, AV_ROUND_NEAR_INF);
}

}  // namespace troupe::media
