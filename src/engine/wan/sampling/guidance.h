// Guidance: one velocity out of what the model says with and without prompt and references.
#pragma once

#include <ATen/ATen.h>

#include <span>
#include <vector>

#include "base/result.h"

namespace troupe::engine::wan {

/// What the model says under one more condition than the branch before it, and how much that counts.
struct Branch {
  at::Tensor prediction;
  double scale = 1;
};

/// base + sum of scale_k * (prediction_k - prediction_(k - 1)), where prediction_(-1) is `base`. All of one
/// shape; float. Thread-safety: pure.
///
/// Plain guidance: the base has the negative prompt, one branch the prompt.
///
/// Phantom and RefAlign: the base has the negative prompt and no references, the first branch references
/// (5), the second the prompt as well (7.5). SkyReels-V3: the same with scales of its own.
///
/// Bernini-R's rv2v: a branch with the video, one with images as well, one with the prompt as well.
///
/// Sources: svjack/Phantom @51ef427 phantom_wan/subject2video.py; gudaochangsheng/RefAlign @6f91526
/// diffsynth/pipelines/wan_video_new3.py; SkyworkAI/SkyReels-V3 @28c771e reference_to_video_pipeline.py;
/// Bernini @ed504e3 bernini/models/wan_diffusion.py.
at::Tensor guided(const at::Tensor& base, std::span<const Branch> branches);

/// Adaptive projected guidance of clean samples (Sadat et al. 2024) as Bernini-R has it: each difference is
/// averaged over the steps, cut to a length, and what of it is parallel to the new prediction is scaled by
/// eta. Lengths and projections are of all channels and places of one latent frame. Bernini @ed504e3
/// bernini/models/wan_diffusion.py, normalized_guidance_chain, _normalize_diff, MomentumBuffer.
/// Thread-safety: none; one for each video.
class ProjectedGuidance {
 public:
  struct Settings {
    double eta = 0.5;                      ///< how much of the parallel part stays
    double momentum = 0;                   ///< average = difference + momentum * average before
    std::vector<double> lengths_max = {};  ///< for each branch; 0 cuts nothing; empty: all 0
  };

  explicit ProjectedGuidance(Settings settings) : settings_(std::move(settings)) {}

  /// guided() with those differences. Clean samples [channels, frames, height, width], float. Call it once a
  /// step, always with the same number of branches. Throws c10::Error where shapes or that number differ.
  at::Tensor operator()(const at::Tensor& base, std::span<const Branch> branches);

  /// The averages, one for each branch, to go on from; empty before the first call. Shared, never written to.
  std::vector<at::Tensor> save() const { return averages_; }
  void restore(std::vector<at::Tensor> averages) { averages_ = std::move(averages); }

 private:
  Settings settings_;
  std::vector<at::Tensor> averages_;
};

}  // namespace troupe::engine::wan
