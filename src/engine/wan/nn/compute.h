// How the networks compute: the number type, the device, and whether by the plain path.
#pragma once

#include <ATen/ATen.h>

#include "base/cancel.h"

namespace troupe::engine::wan {

/// What a network is loaded for and run with.
struct Compute {
  at::ScalarType type = at::kFloat;  ///< of weights, matrix products and attention: kFloat or kBFloat16
  at::Device device = at::kCPU;
  bool plain =
      false;  ///< operators one by one, as written in the papers: what every fast path is compared with
  /// Weights of the transformer's blocks in 8-bit floats (float8.h). REQUIRES kBFloat16.
  bool float8 = false;
  bool recorded = false;  ///< passes that repeat themselves are recorded on a GPU (recording.h)
};

}  // namespace troupe::engine::wan
