// Models that this machine makes itself with open weights: the shelf, the matte and the neural
// engine's module, brought together.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/shelf/shelf.h"
#include "engine/wan/wan_engine.h"
#include "server/config.h"

namespace troupe::cli {

/// What is wanted other than the models' authors say.
struct LocalModelOptions {
  engine::wan::EngineOptions engine;
  std::optional<int> steps;
  std::optional<std::string> solver;
  std::vector<engine::wan::ModelLora> loras;
};

/// What the settings mean to the neural engine.
engine::wan::EngineOptions engine_options(const server::Config& config);

/// "FILE" or "FILE=STRENGTH". Errors: invalid_argument.
Result<engine::wan::ModelLora> parse_lora(const std::string& text);

/// Thread-safety: safe.
class LocalModels {
 public:
  /// `weights`: the shelf's folder, which need not exist.
  LocalModels(const std::filesystem::path& weights, LocalModelOptions options);
  ~LocalModels();

  /// Whether takes of this model can be made here now. Errors: not_found (weights are missing; which, and the
  /// command that fetches them), unavailable (this build has no neural engine). Reads a few small files.
  Result<void> ready(const std::string& model) const;

  /// The engine of all of them; null where this build has none.
  engine::Engine* engine() const { return engine_.get(); }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace troupe::cli
