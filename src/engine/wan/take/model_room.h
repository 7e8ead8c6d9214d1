// The networks of one model, opened, planned for and loaded; the last model stays for the next take.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/dit/transformer.h"
#include "engine/wan/pipeline/generate.h"
#include "engine/wan/pipeline/memory_plan.h"
#include "engine/wan/text/t5_encoder.h"
#include "engine/wan/vae/tiny_vae.h"
#include "engine/wan/vae/vae.h"
#include "engine/wan/wan_engine.h"
#include "engine/wan/weights/weights.h"

namespace troupe::engine::wan {

/// What the options mean on this machine.
Compute compute_of(const EngineOptions& options);

/// Files of a model that are open: nothing is read but their tables.
struct OpenModel {
  ModelFiles files;
  Family family = Family::text_to_video;
  std::shared_ptr<const Weights> transformer, text, vae, tiny;  ///< tiny: or null
  TransformerConfig config;
  std::string stamp;  ///< changes when one of the files does
};

/// Opens a model's files and checks that they are what they are taken for. Errors: as open_sharded() and
/// Weights::open(); corrupt_input (a file of another network); unsupported (a family or a solver that is not
/// known).
Result<OpenModel> open_model(const ModelFiles& files);

/// Networks in memory.
struct LoadedModel {
  std::optional<Transformer> transformer;
  std::optional<Vae> vae;
  std::optional<TinyVae> tiny;
};

/// Thread-safety: none.
class ModelRoom {
 public:
  explicit ModelRoom(EngineOptions options);

  const Compute& compute() const { return compute_; }
  bool tiny_decoder() const { return options_.tiny_decoder; }

  /// How a video of the model is made here. A model that is loaded, and is another or can't stay, is dropped.
  /// Errors: as plan_memory().
  Result<MemoryPlan> plan(const OpenModel& model, const VideoSize& video);

  /// The text encoder; networks that it has no room beside are dropped.
  Result<T5Encoder> load_text(const OpenModel& model, const MemoryPlan& plan);

  /// The model's networks, read unless they are there. Valid until the next call of plan() or drop().
  Result<const LoadedModel*> load(const OpenModel& model, const MemoryPlan& plan);

  void drop();

 private:
  EngineOptions options_;
  Compute compute_;
  std::string stamp_;  // of the model that is loaded
  MemoryPlan plan_;    // with which it was
  int64_t bytes_ = 0;  // that it takes
  LoadedModel loaded_;
};

}  // namespace troupe::engine::wan
