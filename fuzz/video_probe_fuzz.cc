// Any bytes as a video: probing, taking pictures, playing and reading metadata succeed within the limits or
// give an error; a clip that plays gives exactly the frames and samples that it promised.
#include <cstdint>
#include <cstdlib>

#include "media/metadata.h"
#include "media/sample_count.h"
#include "media/video_file.h"

namespace {

class CountOutput : public troupe::Output {
 public:
  troupe::Result<void> video(troupe::Frame) override {
    ++frames;
    return {};
  }
  troupe::Result<void> audio(std::span<const float> interleaved) override {
    samples += static_cast<int64_t>(interleaved.size() / troupe::kAudioChannels);
    return {};
  }
  int64_t frames = 0, samples = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe;
  (void)media::read_metadata(ByteView(data, size));
  const media::VideoLimits limits{.size_bytes_max = 1 << 20,
                                  .duration_max = seconds(20),
                                  .side_pixels_max = 1024,
                                  .pixels_max = 256 * 256,
                                  .frames_max = 100};
  auto clip = media::VideoClip::open(Bytes(data, data + size), limits);
  if (!clip) return 0;
  (void)clip->sample(2);
  (void)clip->last_frame();
  constexpr FrameRate kRate = {10, 1};
  CountOutput output;
  if (!clip->play({{32, 32}, kRate, true}, output)) return 0;
  const int64_t frames = clip->frames_at(kRate);
  if (output.frames != frames || output.samples != media::sample_count(frames, kRate)) std::abort();
  return 0;
}
