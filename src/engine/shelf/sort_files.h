// Which of some files are which part of a model, told from what is in them. Private to engine/shelf/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/shelf/model_list.h"

namespace troupe::shelf {

/// The files of one part.
struct SortedPart {
  Role role = Role::transformer;
  std::vector<std::filesystem::path> files;
  int64_t width = 0;  ///< of a transformer or text encoder: values a token has; 0 = not found
  bool vace = false;  ///< a transformer with a branch for VACE
};

struct Sorted {
  std::vector<SortedPart> parts;  ///< at most one a role
  std::vector<std::filesystem::path> passed_over;
};

/// Files that are named are opened and must be weights; of folders, searched three levels deep, those are
/// looked at that have an ending of weights. Shards of one file ("…-00001-of-00006.safetensors") belong
/// together. Errors: invalid_argument (two files that are the same part and have a tensor in common; a LoRA),
/// corrupt_input, unsupported, not_found, over_limit (a folder of more than 10,000 files).
Result<Sorted> sort_files(std::span<const std::filesystem::path> sources);

/// Opens files that are said to be `role`, and looks whether they are. Errors: as TensorFile::open().
Result<SortedPart> check_files(Role role, const std::vector<std::filesystem::path>& files);

}  // namespace troupe::shelf
