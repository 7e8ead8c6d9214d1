#include "work/make_take.h"

#include <algorithm>
#include <chrono>
#include <deque>

#include "base/version.h"
#include "core/spec_json.h"

namespace troupe::work {
namespace {

// The new part of an extended clip starts on the clip's last frame, which is there already.
class DropFirstFrame final : public Output {
 public:
  DropFirstFrame(Output& next, FrameRate rate)
      : next_(next), samples_((int64_t{kAudioRate} * rate.denominator / rate.numerator) * kAudioChannels) {}

  Result<void> video(Frame frame) override {
    if (!dropped_) {
      dropped_ = true;
      return {};
    }
    return next_.video(std::move(frame));
  }
  Result<void> audio(std::span<const float> interleaved) override {
    const auto skip =
        static_cast<size_t>(std::min<int64_t>(samples_, static_cast<int64_t>(interleaved.size())));
    samples_ -= static_cast<int64_t>(skip);
    return next_.audio(interleaved.subspan(skip));
  }

 private:
  Output& next_;
  int64_t samples_;
  bool dropped_ = false;
};

// Keeps the last frames that pass.
class LastFrames final : public Output {
 public:
  LastFrames(Output& next, size_t count) : next_(next), count_(count) {}

  Result<void> video(Frame frame) override {
    if (count_ > 0) {
      if (frames_.size() == count_) frames_.pop_front();
      frames_.push_back(frame);
    }
    return next_.video(std::move(frame));
  }
  Result<void> audio(std::span<const float> interleaved) override { return next_.audio(interleaved); }

  std::vector<Image> pictures() const {
    std::vector<Image> pictures;
    for (const Frame& frame : frames_) pictures.push_back(image_from_frame(frame));
    return pictures;
  }

 private:
  Output& next_;
  size_t count_;
  std::deque<Frame> frames_;
};

// Shows frames to somebody on their way.
class ShownFrames final : public Output {
 public:
  ShownFrames(Output& next, const std::function<void(const Frame&, int64_t)>& show)
      : next_(next), show_(show) {}

  Result<void> video(Frame frame) override {
    if (show_) show_(frame, index_++);
    return next_.video(std::move(frame));
  }
  Result<void> audio(std::span<const float> interleaved) override { return next_.audio(interleaved); }

 private:
  Output& next_;
  const std::function<void(const Frame&, int64_t)>& show_;
  int64_t index_ = 0;
};

engine::RenderRequest request_of(const PreparedTake& take, int index) {
  engine::RenderRequest request;
  request.spec = take.spec;
  request.prompt = take.resolved.prompt;
  request.shot_frames = take.resolved.shot_frames;
  request.size = take.resolved.size;
  request.rate = take.resolved.fps;
  request.audio = take.resolved.audio;
  request.seed = take.resolved.seed + static_cast<uint64_t>(index);
  request.pictures = take.pictures;
  request.first_frame = take.first_frame;
  request.last_frame = take.last_frame;
  if (take.extend) ++request.shot_frames.front();
  return request;
}

media::DigitalSource source_of(const engine::EngineInfo& info, const PreparedTake& take) {
  const bool given = !take.pictures.empty() || take.first_frame || take.last_frame;
  if (info.draft) {
    return given ? media::DigitalSource::composite_synthetic : media::DigitalSource::algorithmic_media;
  }
  return given ? media::DigitalSource::composite_with_trained_algorithmic_media
               : media::DigitalSource::trained_algorithmic_media;
}

media::EncoderOptions encoder_options(const PreparedTake& take, const engine::EngineInfo& info, uint64_t seed,
                                      const TakeOptions& options) {
  media::EncoderOptions encoder;
  encoder.size = take.resolved.size;
  encoder.rate = take.resolved.fps;
  encoder.frames = frame_count(take.resolved.duration, take.resolved.fps);
  if (take.extend) encoder.frames += take.extend->frames_at(take.resolved.fps);
  encoder.audio = take.resolved.audio;
  encoder.exact_ends = take.first_frame || take.last_frame;
  encoder.preset = options.preset;
  encoder.metadata.source = source_of(info, take);
  encoder.metadata.creator = "Troupe " + std::string(version());
  encoder.metadata.model = take.model->id;
  encoder.metadata.engine = info.name;
  encoder.metadata.engine_version = info.version;
  encoder.metadata.seed = seed;
  encoder.metadata.spec_sha256 = spec_hash(take.spec);
  encoder.metadata.draft = info.draft;
  encoder.metadata.description = take.spec.prompt;
  if (encoder.metadata.description.empty() && !take.spec.shots.empty()) {
    encoder.metadata.description = take.spec.shots.front().prompt;
  }
  return encoder;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Result<TakeReport> make_take(PreparedTake& take, engine::Engine& engine, const TakeOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  engine::RenderRequest request = request_of(take, options.index);
  const engine::EngineInfo info = engine.info();
  TROUPE_TRY(const auto encoder,
             media::VideoEncoder::open(options.output, encoder_options(take, info, request.seed, options)));
  ShownFrames shown(*encoder, options.on_frame);
  DropFirstFrame joined(shown, request.rate);
  Output& output = take.extend ? static_cast<Output&>(joined) : shown;
  if (take.extend) {
    LastFrames last(shown, static_cast<size_t>(info.frames_before));
    TROUPE_CHECK_OK(take.extend->play({request.size, request.rate, request.audio}, last, options.cancel));
    request.before = last.pictures();
  }
  TROUPE_TRY(engine::RenderReport report, engine.render(request, output,
                                                        {options.cancel, options.progress, options.threads,
                                                         options.on_preview, options.checkpoint}));
  const auto rendered = std::chrono::steady_clock::now();
  TROUPE_TRY(const media::EncodedInfo encoded, encoder->finish());
  report.timings["encode wait"] = seconds_since(rendered);
  report.timings["total"] = seconds_since(start);
  TakeReport made;
  made.output = options.output;
  made.size = request.size;
  made.rate = request.rate;
  made.frames = encoded.frames;
  made.size_bytes = encoded.size_bytes;
  made.seed = request.seed;
  made.audio = request.audio;
  made.engine = info;
  made.render = std::move(report);
  return made;
}

Result<engine::RenderReport> plan_take(const PreparedTake& take, const engine::Engine& engine) {
  return engine.plan(request_of(take, 0));
}

}  // namespace troupe::work
