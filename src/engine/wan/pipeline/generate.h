// One video: from what a model is conditioned on to frames.
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

/// One continuous shot.
struct VideoRequest {
  Family family = Family::text_to_video;
  FrameSize size;                  ///< multiples of 16
  int64_t frames = 1;              ///< 1 + 4 n
  at::Tensor prompt, negative;     ///< of T5Encoder::encode(), the real tokens
  std::vector<Rgb> references;     ///< on white; any size; in the order in which the prompt means them
  std::optional<Rgb> first, last;  ///< frames that are given; vace only; any size, stretched to the video's
  SamplingSettings sampling;
  uint64_t seed = 0;
};

/// The networks of a model; none is owned.
struct Networks {
  const Transformer* transformer = nullptr;
  const Vae* vae = nullptr;
};

/// Told after every step how many are done, with the latents of the video as they are (shared, not to be
/// written to). False stops.
using StepSink = std::function<bool(int64_t done, int64_t steps, const at::Tensor& latents)>;

/// Checks what a family takes. Errors: invalid_argument, with the field where there is one: sizes, frames,
/// more references than it takes (phantom and skyreels 4), frames given to another family than vace.
Result<void> check(const VideoRequest& request);

/// Makes all frames of the request into `frames`, [3, n, H, W] at a time in [-1, 1] before clamping, in
/// order. The same request gives the same frames on one device. Blocks; looks at `cancel` in every block of
/// the transformer. Errors: as check(), as the schedules of schedule.h; cancelled, also where a sink said
/// false. Throws c10::Error.
Result<void> generate(const Networks& networks, const VideoRequest& request, const FrameSink& frames,
                      const StepSink& steps = {}, const CancelToken& cancel = {});

}  // namespace troupe::engine::wan
