// One continuous video: from what a model is conditioned on to latents, and to frames.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <optional>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "core/frame_size.h"
#include "engine/wan/pipeline/denoiser.h"
#include "engine/wan/pixels/resize.h"
#include "engine/wan/sampling/sampler.h"
#include "engine/wan/vae/vae.h"

namespace troupe::engine::wan {

/// How noise becomes a video.
struct SamplingSettings {
  enum class Rule { unipc, dpmpp, euler, flow_match, unipc_diffusers, distilled };
  Rule rule = Rule::unipc;
  int steps = 50;  ///< 1 … kStepsMax; of distilled: at most 4, the first ones of 1000, 750, 500, 250
  double shift = 5;
  GuidanceScales guidance;
};

/// "unipc", "dpmpp", "euler", "flow_match", "unipc_diffusers", "distilled"; none for another word.
std::optional<SamplingSettings::Rule> rule_of(std::string_view name);

/// A frame of the video that is given.
struct GivenFrame {
  int64_t index = 0;  ///< 0 … frames - 1
  Rgb picture;        ///< any size, stretched to the video's
};

/// One continuous shot.
struct VideoRequest {
  Family family = Family::text_to_video;
  FrameSize size;                 ///< multiples of 16
  int64_t frames = 1;             ///< 1 + 4 n
  at::Tensor prompt, negative;    ///< of T5Encoder::encode(), the real tokens
  std::vector<Rgb> references;    ///< on white; any size; in the order in which the prompt means them
  std::vector<GivenFrame> given;  ///< vace only: its first, its last, those of a clip that goes on
  SamplingSettings sampling;
  uint64_t seed = 0;
};

/// A transformer that takes over once most of the noise is gone, of models that have two (Wan2.2).
/// Source: Wan-Video/Wan2.2 wan/text2video.py @42bf4cf.
struct SecondExpert {
  double boundary = 0.875;  ///< it makes the steps whose timestep is below 1000 times this
  GuidanceScales guidance;
  /// Asked once, before its first step; the first transformer may be gone then. Errors are handed on.
  std::function<Result<const Transformer*>()> load;
};

/// The networks of a model; none is owned.
struct Networks {
  const Transformer* transformer = nullptr;
  const Vae* vae = nullptr;
  std::optional<SecondExpert> second = {};
};

/// How far the sampling of a request is: enough to go on from. Tensors are shared, not to be written to.
struct Sampled {
  at::Tensor latents;  ///< all that is sampled, references' frames as well
  SamplerState sampler;
};

struct StepReport {
  int64_t done = 0, steps = 0;
  at::Tensor clean;  ///< the video that this step predicts, [16, frames, h, w]: what a preview shows
  const Sampled& so_far;
};

/// Told after every step. False stops.
using StepSink = std::function<bool(const StepReport&)>;

/// Checks what a family takes. Errors: invalid_argument, with the field where there is one: sizes, frames,
/// more references than it takes (phantom and skyreels 4), frames given to another family than vace.
Result<void> check(const VideoRequest& request);

/// Makes the latents of the video, [16, latent_frames(frames), h, w] normalised float. The same request gives
/// the same latents on one device, whether in one go or from `start` on, which is what the same request had
/// after a step. Blocks; looks at `cancel` in every block of the transformer and before every four frames
/// that are encoded. Errors: as check(), as the schedules of schedule.h; corrupt_input (a `start` of another
/// request's shape); cancelled, also where the sink said false. Throws c10::Error.
Result<at::Tensor> sample(const Networks& networks, const VideoRequest& request, const StepSink& steps = {},
                          const CancelToken& cancel = {}, const Sampled* start = nullptr);

/// sample(), then all frames of the request into `frames`, [3, n, H, W] at a time in [-1, 1] before clamping,
/// in order.
Result<void> generate(const Networks& networks, const VideoRequest& request, const FrameSink& frames,
                      const StepSink& steps = {}, const CancelToken& cancel = {});

}  // namespace troupe::engine::wan
