// What a decode worker writes back. Whoever reads it must take the worker for taken over: the file that it
// decoded may run there by now.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "work/decode/jail.h"
#include "work/media_decoder.h"

namespace troupe::work {

/// An answer is a sequence of messages: a head of fixed size, then raw bytes. Both ends are one machine and
/// one program, so numbers are written as they lie in memory.
struct AnswerHead {
  enum Tag : uint64_t { jail = 1, picture, clip, image, frame, sound, end, error };
  uint64_t tag = 0;
  uint64_t raw_bytes = 0;
  std::array<uint64_t, 12> numbers{};
};

inline constexpr size_t kAnswerTextMax = 1000;        ///< bytes
inline constexpr size_t kAnswerSoundMax = 2 * 48000;  ///< numbers in one message

/// The worker's side. Thread-safety: one call at a time.
class AnswerWriter final : public Output {
 public:
  using Sink = std::function<void(ByteView)>;
  explicit AnswerWriter(Sink sink) : sink_(std::move(sink)) {}

  void jail(const JailReport& report);
  void picture(const media::ImageInfo& info);
  void clip(const media::VideoInfo& info, const media::ClipLength& length);
  void image(const Image& image);
  Result<void> video(Frame frame) override;
  Result<void> audio(std::span<const float> interleaved) override;
  void end();
  void error(const Error& error);

 private:
  void put(const AnswerHead& head, ByteView raw = {});

  Sink sink_;
};

/// Where the bytes of an answer come from.
class AnswerSource {
 public:
  virtual ~AnswerSource() = default;
  /// Fills all of `to`, or says why there is no more.
  virtual Result<void> read(std::span<uint8_t> to) = 0;
};

struct ClipFacts {
  media::VideoInfo info;
  media::ClipLength length;
};

/// The reader's side: each call reads the whole answer to one task. Every number is compared with what was
/// asked before it is used, so memory is bounded by the limits whatever comes. Errors: the worker's own
/// (out_of_memory becomes over_limit), the source's, corrupt_input for what cannot be an answer.
/// Thread-safety: one call at a time.
class AnswerReader {
 public:
  explicit AnswerReader(AnswerSource& source) : source_(source) {}

  Result<JailReport> jail();
  Result<DecodedPicture> picture(const media::ImageLimits& limits);
  Result<ClipSamples> samples(int count, const media::VideoLimits& limits);
  Result<ClipFacts> clip(const media::VideoLimits& limits);
  /// `size`: as the clip's facts said.
  Result<Image> last_frame(FrameSize size);
  /// `frames`: as many as must come.
  Result<void> play(const media::VideoClip::PlayOptions& options, int64_t frames, Output& output);

 private:
  Result<AnswerHead> next();
  Result<AnswerHead> next(AnswerHead::Tag tag);
  Error carried_error(const AnswerHead& head);
  Result<std::string> text(const AnswerHead& head);
  Result<Image> image(const AnswerHead& head, FrameSize size);
  Result<Image> picture_within(int side_pixels_max);
  Result<void> frame(const AnswerHead& head, FrameSize size, Output& output);
  Result<int64_t> sound(const AnswerHead& head, int64_t samples_left, Output& output);

  AnswerSource& source_;
};

/// The error for a worker that went wrong: "the decoder gave up on this file (why); export it again".
Error decoder_gave_up(const std::string& why);

}  // namespace troupe::work
