#include <algorithm>
#include <limits>

#include "base/utf8.h"
#include "work/decode/answer.h"

namespace troupe::work {
namespace {

constexpr int kStretchMax =
    4;  // a clip's pixels may be this much wider than high: see media's square_pixels()
constexpr int64_t kRoundingMax = 4;  // milliseconds between a clip's length and its duration
constexpr int64_t kTicksMax = int64_t{1} << 49;
constexpr int32_t kInt32Max = std::numeric_limits<int32_t>::max();

Error nonsense() { return decoder_gave_up("its answer made no sense"); }

// Takes the numbers of a head one after the other, each within what is possible; asked once whether all were.
class Numbers {
 public:
  explicit Numbers(const AnswerHead& head) : head_(head) {}
  int64_t within(int64_t least, int64_t most) {
    const uint64_t number = head_.numbers[at_++];
    const bool fits =
        number <= static_cast<uint64_t>(most) && number >= static_cast<uint64_t>(std::max<int64_t>(least, 0));
    good_ = good_ && fits;
    return fits ? static_cast<int64_t>(number) : least;
  }
  int side(int most) { return static_cast<int>(within(1, most)); }
  bool flag() { return within(0, 1) == 1; }
  bool good() const { return good_; }

 private:
  const AnswerHead& head_;
  size_t at_ = 0;
  bool good_ = true;
};

bool may_be_sent(ErrorCode code) {
  return code == ErrorCode::unsupported || code == ErrorCode::over_limit ||
         code == ErrorCode::corrupt_input || code == ErrorCode::out_of_memory || code == ErrorCode::internal;
}

bool is_codec_name(std::string_view text) {
  constexpr size_t kLengthMax = 32;
  return !text.empty() && text.size() <= kLengthMax && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::span<uint8_t> bytes_of(std::vector<float>& samples) {
  return {reinterpret_cast<uint8_t*>(samples.data()), samples.size() * sizeof(float)};
}

}  // namespace

Error decoder_gave_up(const std::string& why) {
  return make_error(ErrorCode::corrupt_input,
                    "the decoder gave up on this file (" + why + "); export it again");
}

Result<AnswerHead> AnswerReader::next() {
  AnswerHead head;
  TROUPE_CHECK_OK(source_.read({reinterpret_cast<uint8_t*>(&head), sizeof head}));
  if (head.tag == AnswerHead::error) return carried_error(head);
  return head;
}

Result<AnswerHead> AnswerReader::next(AnswerHead::Tag tag) {
  TROUPE_TRY(const AnswerHead head, next());
  if (head.tag != tag) return nonsense();
  return head;
}

Error AnswerReader::carried_error(const AnswerHead& head) {
  Numbers numbers(head);
  const auto code = static_cast<ErrorCode>(numbers.within(0, static_cast<int>(ErrorCode::internal)));
  if (!numbers.good() || !may_be_sent(code)) return nonsense();
  Result<std::string> message = text(head);
  if (!message) return message.error();
  // The memory was bounded on purpose: it is the file that is too much.
  return make_error(code == ErrorCode::out_of_memory ? ErrorCode::over_limit : code, std::move(*message));
}

Result<std::string> AnswerReader::text(const AnswerHead& head) {
  if (head.raw_bytes == 0 || head.raw_bytes > kAnswerTextMax) return nonsense();
  std::string text(static_cast<size_t>(head.raw_bytes), '\0');
  TROUPE_CHECK_OK(source_.read({reinterpret_cast<uint8_t*>(text.data()), text.size()}));
  const bool control = std::any_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; });
  if (control || !is_utf8(text)) return nonsense();
  return text;
}

Result<JailReport> AnswerReader::jail() {
  TROUPE_TRY(const AnswerHead head, next(AnswerHead::jail));
  Numbers numbers(head);
  JailReport report;
  report.system_calls = numbers.flag();
  report.network = numbers.flag();
  report.memory = numbers.flag();
  if (!numbers.good() || head.raw_bytes != 0) return nonsense();
  return report;
}

Result<DecodedPicture> AnswerReader::picture(const media::ImageLimits& limits) {
  TROUPE_TRY(const AnswerHead head, next(AnswerHead::picture));
  Numbers numbers(head);
  media::ImageInfo info;
  info.format =
      static_cast<media::ImageFormat>(numbers.within(0, static_cast<int>(media::ImageFormat::webp)));
  info.width = numbers.side(limits.side_pixels_max);
  info.height = numbers.side(limits.side_pixels_max);
  info.bits_per_channel = static_cast<int>(numbers.within(1, 16));
  info.orientation = static_cast<int>(numbers.within(1, 8));
  info.alpha = numbers.flag();
  info.animated = numbers.flag();
  info.grey = numbers.flag();
  info.cmyk = numbers.flag();
  info.colour_profile = numbers.flag();
  const bool large = int64_t{info.width} * info.height > limits.pixels_max;
  if (!numbers.good() || large || head.raw_bytes != 0) return nonsense();
  return DecodedPicture{info, picture_within(limits.decoded_side_pixels_max)};
}

Result<Image> AnswerReader::picture_within(int side_pixels_max) {
  TROUPE_TRY(const AnswerHead head, next(AnswerHead::image));
  Numbers numbers(head);
  const int width = numbers.side(side_pixels_max), height = numbers.side(side_pixels_max);
  if (!numbers.good()) return nonsense();
  return image(head, {width, height});
}

Result<Image> AnswerReader::image(const AnswerHead& head, FrameSize size) {
  const uint64_t bytes = static_cast<uint64_t>(size.width) * static_cast<uint64_t>(size.height) * 4;
  const bool fits = head.numbers[0] == static_cast<uint64_t>(size.width) &&
                    head.numbers[1] == static_cast<uint64_t>(size.height) && head.raw_bytes == bytes;
  if (!fits) return nonsense();
  Image image(size.width, size.height);
  TROUPE_CHECK_OK(source_.read(image.rgba));
  return image;
}

Result<ClipFacts> AnswerReader::clip(const media::VideoLimits& limits) {
  TROUPE_TRY(const AnswerHead head, next(AnswerHead::clip));
  Numbers numbers(head);
  ClipFacts facts;
  media::VideoInfo& info = facts.info;
  info.container = numbers.flag() ? "matroska" : "mp4";
  info.size.width = numbers.side(kStretchMax * limits.side_pixels_max);
  info.size.height = numbers.side(kStretchMax * limits.side_pixels_max);
  info.rate.numerator = static_cast<int32_t>(numbers.within(1, kInt32Max));
  info.rate.denominator = static_cast<int32_t>(numbers.within(1, kInt32Max));
  info.frames = numbers.within(1, limits.frames_max);
  info.duration.milliseconds = numbers.within(0, limits.duration_max.milliseconds);
  info.audio = numbers.flag();
  facts.length.ticks = numbers.within(0, kTicksMax);
  facts.length.clock_numerator = static_cast<int32_t>(numbers.within(1, kInt32Max));
  facts.length.clock_denominator = static_cast<int32_t>(numbers.within(1, kInt32Max));
  const bool large = int64_t{info.size.width} * info.size.height > kStretchMax * limits.pixels_max;
  // The length is the duration but for rounding. In doubles, as hostile factors would overflow anything else.
  const double length_milliseconds = 1000.0 * static_cast<double>(facts.length.ticks) *
                                     facts.length.clock_numerator / facts.length.clock_denominator;
  const bool is_long =
      length_milliseconds > static_cast<double>(limits.duration_max.milliseconds + kRoundingMax);
  if (!numbers.good() || large || is_long) return nonsense();
  TROUPE_TRY(info.codec, text(head));
  if (!is_codec_name(info.codec)) return nonsense();
  return facts;
}

Result<ClipSamples> AnswerReader::samples(int count, const media::VideoLimits& limits) {
  TROUPE_TRY(const ClipFacts facts, clip(limits));
  ClipSamples samples{facts.info, {}};
  for (int i = 0; i < count; ++i) {
    TROUPE_TRY(Image sample, last_frame(facts.info.size));
    samples.pictures.push_back(std::move(sample));
  }
  return samples;
}

Result<Image> AnswerReader::last_frame(FrameSize size) {
  TROUPE_TRY(const AnswerHead head, next(AnswerHead::image));
  return image(head, size);
}

Result<void> AnswerReader::play(const media::VideoClip::PlayOptions& options, int64_t frames,
                                Output& output) {
  // The clip's sound lasts as long as its frames, to the sample; a sample more is rounding.
  const int64_t second = int64_t{kAudioRate} * options.rate.denominator;
  int64_t samples_left = options.audio ? (frames / options.rate.numerator + 1) * second + 1 : 0;
  int64_t shown = 0;
  while (true) {
    TROUPE_TRY(const AnswerHead head, next());
    if (head.tag == AnswerHead::frame && shown < frames) {
      TROUPE_CHECK_OK(frame(head, options.size, output));
      ++shown;
    } else if (head.tag == AnswerHead::sound) {
      TROUPE_TRY(const int64_t sounded, sound(head, samples_left, output));
      samples_left -= sounded;
    } else if (head.tag == AnswerHead::end && shown == frames && head.raw_bytes == 0) {
      return {};
    } else {
      return nonsense();
    }
  }
}

Result<void> AnswerReader::frame(const AnswerHead& head, FrameSize size, Output& output) {
  Frame frame(size);
  if (head.raw_bytes != frame.luma.size() + frame.cb.size() + frame.cr.size()) return nonsense();
  for (auto* plane : {&frame.luma, &frame.cb, &frame.cr}) TROUPE_CHECK_OK(source_.read(*plane));
  return output.video(std::move(frame));
}

/// How many samples it were.
Result<int64_t> AnswerReader::sound(const AnswerHead& head, int64_t samples_left, Output& output) {
  constexpr uint64_t kSampleBytes = sizeof(float) * kAudioChannels;
  const auto count = static_cast<int64_t>(head.raw_bytes / kSampleBytes);
  const bool fits = head.raw_bytes > 0 && head.raw_bytes % kSampleBytes == 0 &&
                    head.raw_bytes <= kAnswerSoundMax * sizeof(float) && count <= samples_left;
  if (!fits) return nonsense();
  std::vector<float> samples(static_cast<size_t>(count) * kAudioChannels);
  TROUPE_CHECK_OK(source_.read(bytes_of(samples)));
  TROUPE_CHECK_OK(output.audio(samples));
  return count;
}

}  // namespace troupe::work
