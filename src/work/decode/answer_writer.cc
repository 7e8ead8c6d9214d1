#include <algorithm>

#include "work/decode/answer.h"

namespace troupe::work {
namespace {

uint64_t number(int64_t value) { return static_cast<uint64_t>(value); }

}  // namespace

void AnswerWriter::put(const AnswerHead& head, ByteView raw) {
  AnswerHead sized = head;
  sized.raw_bytes = raw.size();
  sink_({reinterpret_cast<const uint8_t*>(&sized), sizeof sized});
  if (!raw.empty()) sink_(raw);
}

void AnswerWriter::jail(const JailReport& report) {
  put({AnswerHead::jail, 0, {report.system_calls, report.network, report.memory}});
}

void AnswerWriter::picture(const media::ImageInfo& info) {
  put({AnswerHead::picture,
       0,
       {number(static_cast<int>(info.format)), number(info.width), number(info.height),
        number(info.bits_per_channel), number(info.orientation), info.alpha, info.animated, info.grey,
        info.cmyk, info.colour_profile}});
}

void AnswerWriter::clip(const media::VideoInfo& info, const media::ClipLength& length) {
  put({AnswerHead::clip,
       0,
       {info.container == "matroska", number(info.size.width), number(info.size.height),
        number(info.rate.numerator), number(info.rate.denominator), number(info.frames),
        number(info.duration.milliseconds), info.audio, number(length.ticks), number(length.clock_numerator),
        number(length.clock_denominator)}},
      as_bytes(info.codec));
}

void AnswerWriter::image(const Image& image) {
  put({AnswerHead::image, 0, {number(image.width), number(image.height)}}, image.rgba);
}

Result<void> AnswerWriter::video(Frame frame) {
  AnswerHead head{AnswerHead::frame, frame.luma.size() + frame.cb.size() + frame.cr.size(), {}};
  sink_({reinterpret_cast<const uint8_t*>(&head), sizeof head});
  for (const auto* plane : {&frame.luma, &frame.cb, &frame.cr}) sink_(*plane);
  return {};
}

Result<void> AnswerWriter::audio(std::span<const float> interleaved) {
  while (!interleaved.empty()) {
    const auto block = interleaved.first(std::min(kAnswerSoundMax, interleaved.size()));
    put({AnswerHead::sound, 0, {}}, {reinterpret_cast<const uint8_t*>(block.data()), block.size_bytes()});
    interleaved = interleaved.subspan(block.size());
  }
  return {};
}

void AnswerWriter::end() { put({AnswerHead::end, 0, {}}); }

void AnswerWriter::error(const Error& error) {
  put({AnswerHead::error, 0, {number(static_cast<int>(error.code))}},
      as_bytes(std::string_view(error.message).substr(0, kAnswerTextMax)));
}

}  // namespace troupe::work
