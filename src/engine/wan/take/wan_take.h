// One take: texts, references, and pass by pass latents and frames.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/wan/take/checkpoint.h"
#include "engine/wan/take/model_room.h"
#include "engine/wan/take/pass_plan.h"
#include "engine/wan/take/text_book.h"

namespace troupe::engine::wan {

/// What takes share; none is owned.
struct TakeTools {
  const EngineParts& parts;
  ModelRoom& room;
  TextBook& texts;
};

/// Throws c10::Error and std::bad_alloc. Thread-safety: none; one object for each take.
class WanTake {
 public:
  WanTake(const TakeTools& tools, const OpenModel& model, const RenderRequest& request, Output& output,
          const RunContext& run);

  /// As Engine::render().
  Result<RenderReport> make();

 private:
  Result<void> plan();
  Result<void> read_texts();
  Result<void> look_at_references();
  Result<void> make_passes();
  Result<at::Tensor> latents_of(size_t index, const LoadedModel& loaded);
  Result<VideoRequest> request_of(const Pass& pass);
  Result<std::vector<GivenFrame>> given_frames(const Pass& pass) const;
  Result<void> show(const Pass& pass, const at::Tensor& latents, const LoadedModel& loaded);
  bool uses_tiny_decoder() const;
  bool decode(const at::Tensor& latents, const FrameSink& sink, const LoadedModel& loaded) const;
  Result<void> show_frame(Rgb frame);
  bool after_step(const StepReport& step, const LoadedModel& loaded);
  void keep(const Sampled* next);
  void tell(const std::string& stage, double share_of_pass);
  void report_plan();
  std::string make_key() const;

  const TakeTools& tools_;
  const OpenModel& model_;
  const RenderRequest& request_;
  Output& output_;
  const RunContext& run_;

  FrameSize made_size_;  // multiples of 16
  std::vector<Pass> passes_;
  MemoryPlan memory_;
  std::vector<std::vector<int>> shot_references_;  // indices, for each shot
  std::vector<TextBook::Encoded> prompts_;         // one for each shot
  at::Tensor negative_;
  std::vector<Rgb> references_;      // one for each of the spec's
  std::optional<Rgb> first_, last_;  // in the request's size
  std::string key_;                  // of the checkpoint
  Checkpoint checkpoint_;
  std::vector<Rgb> shown_;  // the last frames of the video so far
  size_t pass_ = 0;
  int64_t frames_done_ = 0, frames_total_ = 0;
  RenderReport report_;
};

}  // namespace troupe::engine::wan
