// What a take needs to go on after a crash: the latents of the passes that are done, and how far the next one
// is. A file of tensors in the safetensors format.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/pipeline/generate.h"

namespace troupe::engine::wan {

struct Checkpoint {
  std::vector<at::Tensor> done;  ///< latents of passes, in order
  std::optional<Sampled> next;   ///< of the pass behind them
};

/// Writes it in place of what was there; a crash leaves the old one or the new one. `key` says of which
/// request it is. Errors: io. Blocks for the disk.
Result<void> save(const Checkpoint& checkpoint, const std::string& key, const std::filesystem::path& file);

/// What was kept for that key; none where there is no file, or one that is damaged or of another request.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& file, const std::string& key);

}  // namespace troupe::engine::wan
