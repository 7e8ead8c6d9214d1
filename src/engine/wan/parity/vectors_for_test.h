// The vectors of testdata/, for tests that compare with them.
#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "base/places_for_test.h"
#include "engine/wan/parity/vectors.h"

namespace troupe::engine::wan {

using parity::Vectors;

/// One file of testdata/.
inline Vectors official(const std::string& file) {
  return Vectors::open(std::filesystem::path(places::in_tree("src/engine/wan/testdata")) /
                       (file + ".safetensors"))
      .value();
}

/// All values of a tensor that is stored as `Number`: double or int64_t. Throws for another type.
template <class Number>
std::vector<Number> numbers(const Vectors& vectors, const std::string& name) {
  const at::Tensor all = vectors.at(name).contiguous();
  const auto* first = all.data_ptr<Number>();
  return {first, first + all.numel()};
}

/// The largest difference of two tensors of one shape; infinite where a value is not finite or the shapes
/// differ.
inline double difference(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return INFINITY;
  if (a.numel() == 0) return 0;
  const double largest = (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
  return std::isfinite(largest) ? largest : INFINITY;
}

}  // namespace troupe::engine::wan
