// The noise levels that a video is sampled through, one rule for each of the models' authors.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"

namespace troupe::engine::wan {

/// sigma is the share of noise in a sample: x = (1 - sigma) * clean + sigma * noise.
struct Schedule {
  /// One more than there are steps, strictly falling, each in [0, 1], the last 0. Values of floats, as the
  /// official code keeps them.
  std::vector<double> sigmas;
  /// What the model is told in each step: 1000 * sigma, with or without its fraction.
  std::vector<double> timesteps;

  size_t steps() const { return timesteps.size(); }
  bool operator==(const Schedule&) const = default;
};

inline constexpr int kStepsMax = 1000;

// All of them move the levels of an even grid by sigma' = shift * sigma / (1 + (shift - 1) * sigma). steps: 1
// … kStepsMax, shift: finite and above 0. Errors: invalid_argument with the field "/steps" or "/shift"; for
// the shift also where it is so large or small that two levels become one float. Thread-safety: pure
// functions.

/// Wan's FlowUniPC: from 0.999 down, timesteps cut to whole numbers.
/// Wan-Video/Wan2.1 @9737cba wan/utils/fm_solvers_unipc.py, set_timesteps.
Result<Schedule> unipc_schedule(int steps, double shift);

/// Wan's DPM-Solver++: from 1 down, timesteps cut to whole numbers.
/// Wan-Video/Wan2.1 @9737cba wan/utils/fm_solvers.py, get_sampling_sigmas.
Result<Schedule> dpmpp_schedule(int steps, double shift);

/// The same levels with timesteps as they are.
Result<Schedule> euler_schedule(int steps, double shift);

/// diffusers' FlowMatchEulerDiscreteScheduler: shifted twice, the last level above 0 is the shifted 0.001.
/// huggingface/diffusers @58eb52c schedulers/scheduling_flow_match_euler_discrete.py.
Result<Schedule> euler_diffusers_schedule(int steps, double shift);

/// RefAlign: as euler_schedule(), computed in float.
/// gudaochangsheng/RefAlign @6f91526 diffsynth/schedulers/flow_match.py.
Result<Schedule> flow_match_schedule(int steps, double shift);

/// diffusers' UniPC for flow models, which SkyReels-V3 and Bernini-R use: from the shifted 0.999 down,
/// timesteps cut. huggingface/diffusers v0.34.0 schedulers/scheduling_unipc_multistep.py, use_flow_sigmas.
Result<Schedule> unipc_diffusers_schedule(int steps, double shift);

/// LightX2V's distilled models: levels of the shifted 1000-step grid at `timesteps` (each 1 … 1000, falling,
/// 1 … kStepsMax of them): 1000, 750, 500, 250 with shift 5 for the published four-step ones. Errors also
/// with the field
/// "/timesteps". ModelTC/LightX2V @f8aee98 schedulers/wan/step_distill/scheduler.py.
Result<Schedule> distilled_schedule(std::span<const int> timesteps, double shift);

}  // namespace troupe::engine::wan
