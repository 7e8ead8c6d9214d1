#include "work/sandboxed_decoder.h"

#include <utility>

#include "work/decode/process.h"
#include "work/decode/request.h"
#include "work/decode/sealed_bytes.h"

namespace troupe::work {
namespace {

Result<std::unique_ptr<DecodeProcess>> start(const SandboxOptions& options, DecodeRequest request,
                                             const Descriptor& input, const CancelToken& cancel) {
  const bool play = request.task == DecodeTask::play;
  request.memory_bytes_max = options.memory_bytes_max;
  request.cpu_seconds_max = play ? options.play_cpu_seconds_max : options.cpu_seconds_max;
  std::vector<std::string> command = options.command;
  for (std::string& argument : to_arguments(request)) command.push_back(std::move(argument));
  return DecodeProcess::start(command, input, play ? options.play_wait_max : options.wait_max, cancel);
}

class SandboxedClip final : public PlayableClip {
 public:
  SandboxedClip(SandboxOptions options, media::VideoLimits limits, Descriptor file, ClipFacts facts)
      : options_(std::move(options)), limits_(limits), file_(std::move(file)), facts_(std::move(facts)) {}

  const media::VideoInfo& info() const override { return facts_.info; }
  int64_t frames_at(FrameRate rate) const override { return media::frames_at(facts_.length, rate); }

  Result<Image> last_frame(const CancelToken& cancel) override {
    TROUPE_TRY(const auto worker, start(options_, request(DecodeTask::last_frame), file_, cancel));
    return AnswerReader(*worker).last_frame(facts_.info.size);
  }

  Result<void> play(const media::VideoClip::PlayOptions& play, Output& output,
                    const CancelToken& cancel) override {
    DecodeRequest asked = request(DecodeTask::play);
    asked.play = play;
    TROUPE_TRY(const auto worker, start(options_, asked, file_, cancel));
    return AnswerReader(*worker).play(play, frames_at(play.rate), output);
  }

 private:
  DecodeRequest request(DecodeTask task) const {
    DecodeRequest request;
    request.task = task;
    request.video = limits_;
    return request;
  }

  SandboxOptions options_;
  media::VideoLimits limits_;
  Descriptor file_;
  ClipFacts facts_;
};

}  // namespace

Result<DecodedPicture> SandboxedDecoder::picture(ByteView bytes, const media::ImageLimits& limits,
                                                 const CancelToken& cancel) const {
  DecodeRequest request;
  request.task = DecodeTask::picture;
  request.image = limits;
  TROUPE_TRY(const Descriptor file, seal_bytes(bytes));
  TROUPE_TRY(const auto worker, start(options_, request, file, cancel));
  return AnswerReader(*worker).picture(limits);
}

Result<ClipSamples> SandboxedDecoder::samples(Bytes bytes, int count, const media::VideoLimits& limits,
                                              const CancelToken& cancel) const {
  DecodeRequest request;
  request.task = DecodeTask::samples;
  request.video = limits;
  request.count = count;
  TROUPE_TRY(const Descriptor file, seal_bytes(bytes));
  Bytes().swap(bytes);
  TROUPE_TRY(const auto worker, start(options_, request, file, cancel));
  return AnswerReader(*worker).samples(count, limits);
}

Result<std::unique_ptr<PlayableClip>> SandboxedDecoder::clip(Bytes bytes, const media::VideoLimits& limits,
                                                             const CancelToken& cancel) const {
  DecodeRequest request;
  request.task = DecodeTask::clip;
  request.video = limits;
  TROUPE_TRY(Descriptor file, seal_bytes(bytes));
  Bytes().swap(bytes);
  TROUPE_TRY(const auto worker, start(options_, request, file, cancel));
  TROUPE_TRY(ClipFacts facts, AnswerReader(*worker).clip(limits));
  return {std::make_unique<SandboxedClip>(options_, limits, std::move(file), std::move(facts))};
}

Result<std::string> SandboxedDecoder::protections() const {
  TROUPE_TRY(const Descriptor nothing, seal_bytes({}));
  TROUPE_TRY(const auto worker, start(options_, {}, nothing, {}));
  TROUPE_TRY(const JailReport report, AnswerReader(*worker).jail());
  std::string held = "process limits", missing;
  const auto tell = [&](bool here, const char* what) {
    std::string& list = here ? held : missing;
    if (!list.empty()) list += ", ";
    list += what;
  };
  tell(report.system_calls, "system call filter");
  tell(report.network, "no network");
  tell(report.memory, "memory limit");
  return missing.empty() ? held : held + "; NOT here: " + missing;
}

}  // namespace troupe::work
