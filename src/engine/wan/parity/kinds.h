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

Result<void> compare_phantom(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_refalign_pipeline(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_skyreels_pipeline(const Vectors& vectors, const Models& models, Report& report);
/// WanVace.generate() or WanT2V.generate(), whichever the vectors are of.
Result<void> compare_pipeline(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_schedules(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_lora(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_vace_preparation(const Vectors& vectors, const Models& models, Report& report);

/// All vectors of the family, whichever of them these are: forward passes, whole runs, or schedules.
Result<void> compare_refalign(const Vectors& vectors, const Models& models, Report& report);
Result<void> compare_skyreels(const Vectors& vectors, const Models& models, Report& report);

}  // namespace troupe::engine::wan::parity
