// Whatever a decode worker that was taken over may write: bounded memory, and nothing but sizes that were
// asked for.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "work/decode/answer.h"

namespace {

using namespace troupe;

class Bytewise final : public work::AnswerSource {
 public:
  explicit Bytewise(ByteView bytes) : bytes_(bytes) {}
  Result<void> read(std::span<uint8_t> to) override {
    if (to.size() > bytes_.size()) return make_error(ErrorCode::io, "cut off");
    std::copy_n(bytes_.begin(), to.size(), to.begin());
    bytes_ = bytes_.subspan(to.size());
    return {};
  }

 private:
  ByteView bytes_;
};

// Aborts if it is given what nobody agreed to.
class Strict final : public Output {
 public:
  Result<void> video(Frame frame) override {
    if (!(frame.size == FrameSize{4, 2}) || frame.luma.size() != 8 || ++frames_ > 2) std::abort();
    return {};
  }
  Result<void> audio(std::span<const float> interleaved) override {
    samples_ += interleaved.size();
    if (samples_ > 2 * 48002) std::abort();
    return {};
  }

 private:
  int frames_ = 0;
  size_t samples_ = 0;
};

void check(const Image& image) {
  if (image.rgba.size() != static_cast<size_t>(image.width) * static_cast<size_t>(image.height) * 4)
    std::abort();
}

}  // namespace

// The first byte says which answer the rest is read as.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  Bytewise source({data + 1, size - 1});
  work::AnswerReader reader(source);
  media::ImageLimits image_limits;
  image_limits.decoded_side_pixels_max = 64;
  media::VideoLimits video_limits;
  video_limits.side_pixels_max = 64;
  video_limits.pixels_max = 64 * 64;
  Strict output;
  switch (data[0] % 6) {
    case 0: {
      const auto picture = reader.picture(image_limits);
      if (picture && picture->image) check(*picture->image);
      break;
    }
    case 1: {
      const auto samples = reader.samples(2, video_limits);
      if (samples && samples->pictures.size() != 2) std::abort();
      break;
    }
    case 2: {
      const auto clip = reader.clip(video_limits);
      if (clip && media::frames_at(clip->length, {24, 1}) > 600 * 24 + 1) std::abort();
      break;
    }
    case 3: {
      const auto frame = reader.last_frame({8, 6});
      if (frame) check(*frame);
      break;
    }
    case 4:
      (void)reader.play({{4, 2}, {16, 1}, true}, 2, output).has_value();
      break;
    default:
      (void)reader.jail().has_value();
  }
  return 0;
}
