#include "engine/wan/wan_engine.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <chrono>
#include <mutex>
#include <new>

#include "engine/wan/nn/float8.h"
#include "engine/wan/nn/process.h"
#include "engine/wan/take/wan_take.h"

namespace troupe::engine::wan {
namespace {

constexpr std::chrono::milliseconds kLookForCancel{100};

Result<void> check_request(const RenderRequest& request) {
  if (request.size.width < 2 || request.size.height < 2 || request.size.width % 2 || request.size.height % 2)
    return make_error(ErrorCode::invalid_argument, "the frame size must be even and positive", "/resolution");
  if (request.shot_frames.empty() || request.shot_frames.size() != request.prompt.shots.size())
    return make_error(ErrorCode::invalid_argument, "every shot needs a number of frames", "/shots");
  for (const int64_t frames : request.shot_frames)
    if (frames < 1)
      return make_error(ErrorCode::invalid_argument, "a shot must last one frame at least", "/shots");
  if (request.audio) return make_error(ErrorCode::unsupported, "this model makes no sound", "/audio");
  return {};
}

bool speaks_of_memory(const std::string& text) {
  return text.find("out of memory") != std::string::npos ||
         text.find("can't allocate memory") != std::string::npos;
}

Error no_gpu() {
  return make_error(ErrorCode::unavailable,
                    "There is no GPU here that this libtorch can use, and the device is set to \"cuda\": set "
                    "it to \"auto\" or \"cpu\".");
}

Error no_float8() {
  return make_error(
      ErrorCode::unavailable,
      "The precision is set to \"fp8\", which this device does not multiply with this libtorch (a GPU "
      "of 2023 or later, libtorch 2.5 or later): set it to \"auto\" or \"bf16\".");
}

Error no_memory() {
  return make_error(ErrorCode::out_of_memory,
                    "memory ran out while the video was made; ask for a smaller resolution or a shorter one",
                    "/resolution");
}

class WanEngine final : public Engine {
 public:
  WanEngine(EngineParts parts, EngineOptions options) : parts_(std::move(parts)), room_(options) {
    set_up_process();
  }

  EngineInfo info() const override { return {kEngineName, kEngineVersion, false, kFramesBefore}; }

  Result<RenderReport> plan(const RenderRequest& request) const override {
    TROUPE_CHECK_OK(check_request(request));
    TROUPE_TRY(const ModelFiles files, parts_.find(request.spec.model));
    const std::optional<Family> family = family_of(files.family);
    if (!family) return make_error(ErrorCode::unsupported, "no family of models is called " + files.family);
    TROUPE_TRY(const std::vector<Pass> passes, plan_passes(*family, request, files.frames));
    RenderReport report;
    for (const Pass& pass : passes)
      report.understood.push_back("shot " + std::to_string(pass.shot + 1) + ": " +
                                  std::to_string(pass.frames) + " frames in " + std::to_string(files.steps) +
                                  " steps");
    return report;
  }

  Result<RenderReport> render(const RenderRequest& request, Output& output, const RunContext& run) override {
    TROUPE_CHECK_OK(check_request(request));
    TROUPE_TRY(const ModelFiles files, parts_.find(request.spec.model));
    if (room_.compute().device.is_cuda() && !at::hasCUDA()) return no_gpu();
    if (room_.compute().float8 && !multiplies_float8(room_.compute().device)) return no_float8();
    std::unique_lock turn(turn_, std::defer_lock);
    while (!turn.try_lock_for(kLookForCancel))
      if (run.cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
    const c10::InferenceMode inference;
    at::set_num_threads(std::max(1, run.threads));
    return guarded([&]() -> Result<RenderReport> {
      TROUPE_TRY(const OpenModel model, open_model(files));
      const TakeTools tools{parts_, room_, texts_};
      return WanTake(tools, model, request, output, run).make();
    });
  }

 private:
  // The wall in front of libtorch: after an exception nothing that it touched is used again.
  template <class Work>
  Result<RenderReport> guarded(const Work& work) {
    try {
      return work();
    } catch (const Cancelled&) {
      return make_error(ErrorCode::cancelled, "cancelled");
    } catch (const c10::Error& error) {
      room_.drop();
      const std::string text = error.what_without_backtrace();
      if (speaks_of_memory(text)) return no_memory();
      return make_error(ErrorCode::internal, "libtorch: " + text.substr(0, text.find('\n')));
    } catch (const std::bad_alloc&) {
      room_.drop();
      return no_memory();
    }
  }

  const EngineParts parts_;
  std::timed_mutex turn_;  // held while a take is made, with all below
  ModelRoom room_;
  TextBook texts_;
};

}  // namespace

std::unique_ptr<Engine> make_wan_engine(EngineParts parts, EngineOptions options) {
  return std::make_unique<WanEngine>(std::move(parts), options);
}

}  // namespace troupe::engine::wan
