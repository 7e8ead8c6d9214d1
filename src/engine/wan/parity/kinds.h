// One function for each kind of vectors: runs the networks on the inputs and compares what comes out.
//
// All throw std::out_of_range for vectors that are not of the kind, c10::Error for sizes that do not fit, and
// return the error of weights that are missing or wrong.
#pragma once

#include "base/result.h"
#include "engine/wan/parity/models.h"
#include "engine/wan/parity/vectors.h"

namespace troupe::engine::wan::parity {

Result<void> compare_text_encoder(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_vae(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_tiny_vae(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_text_to_video(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_vace(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_refalign_forward(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_skyreels_forward(const Vectors& vectors, const Models& models, Report& report);

}  // namespace troupe::engine::wan::parity
