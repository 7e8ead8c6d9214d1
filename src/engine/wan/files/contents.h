// What the readers of the formats share: what they make, and how they complain.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/files/tensor_file.h"

namespace troupe::engine::wan {

using ByteSpan = std::span<const std::byte>;

/// What a reader finds in a file's bytes. Views point into these bytes or into `copies`.
struct Contents {
  std::vector<TensorView> tensors;
  std::map<std::string, std::string> metadata;
  std::vector<std::vector<std::byte>> copies;  ///< of tensors that lie in the file in another order
};

/// Bounds that no real model comes near.
inline constexpr size_t kTensorsMax = 1'000'000;
inline constexpr size_t kDimensionsMax = 16;

/// `text` in quotes, fit for a message: at most 100 characters, and '?' for all that is not printable ASCII.
/// Names come from strangers.
std::string in_quotes(std::string_view text);

/// "[2, 3]".
std::string shape_text(std::span<const int64_t> shape);

/// Errors "LABEL: WHAT".
Error corrupt(std::string_view label, std::string_view what);
Error over_limit(std::string_view label, std::string_view what);
Error unsupported(std::string_view label, std::string_view what);

/// True if two of the tensors share bytes. Sorts a copy.
bool overlap(const std::vector<TensorView>& tensors);

}  // namespace troupe::engine::wan
