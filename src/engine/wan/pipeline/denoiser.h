// What one step asks the transformer, family by family: how references join the video, and which forward
// passes are mixed into one velocity.
#pragma once

#include <ATen/ATen.h>

#include <optional>
#include <string_view>

#include "engine/wan/dit/transformer.h"

namespace troupe::engine::wan {

/// How a model takes references.
enum class Family {
  text_to_video,  ///< none
  vace,           ///< as latent frames in front, and in the VACE branch
  phantom,        ///< as latent frames behind, which are put back in every pass
  refalign,       ///< as tokens behind that do not look at the text
  skyreels,       ///< as latent frames behind, four of them, zeros where there are fewer
};

/// "t2v", "vace", "phantom", "refalign", "skyreels"; none for another word.
std::string_view name(Family family);
std::optional<Family> family_of(std::string_view name);

inline constexpr int64_t kSkyReelsSlots = 4;

/// How much prompt and references count. 1 and 1 mean one pass without guidance, as do, in the official code,
/// an image scale of 1 for RefAlign and a text scale of no more than 1 for SkyReels, whatever the other says.
struct GuidanceScales {
  double text = 5.0;
  double image = 5.0;  ///< of the families that have it: phantom, refalign, skyreels
};

/// Latent frames that are sampled beside those of the video, for so many references: vace and phantom have
/// them.
int64_t extra_frames(Family family, int64_t references);

/// The latents of the video alone, out of those that were sampled with `extra` frames beside.
at::Tensor trimmed(Family family, const at::Tensor& latents, int64_t extra);

/// What stays the same through all steps.
struct Conditions {
  PreparedText prompt, negative;
  at::Tensor references;  ///< normalised latents [16, n, h, w], or undefined where there are none
  VaceContext vace;       ///< of the vace family: [96, n + t, h, w]
};

/// One video's velocities. Thread-safety: none.
/// Sources: Wan2.1 wan/{text2video,vace}.py @9737cba; phantom_wan/subject2video.py @51ef427; RefAlign
/// wan_video_new3.py @6f91526; SkyReels-V3 reference_to_video_pipeline.py @28c771e.
class Denoiser {
 public:
  /// `transformer` is not owned.
  Denoiser(const Transformer& transformer, Family family, Conditions conditions, GuidanceScales scales);

  /// wan::extra_frames() of its references.
  int64_t extra_frames() const;
  at::Tensor trimmed(const at::Tensor& latents) const {
    return wan::trimmed(family_, latents, extra_frames());
  }

  /// The guided velocity for `latents` [16, frames, h, w] float (with the extra frames). Throws Cancelled and
  /// c10::Error. The tap is told each pass ("cond", "pos_it", … as the vectors of the family call it) and
  /// "noise_pred".
  at::Tensor velocity(const at::Tensor& latents, double timestep, const CancelToken& cancel = {},
                      const Tap& tap = {});

 private:
  enum class With { references, nothing };
  at::Tensor pass(const at::Tensor& latents, double timestep, const PreparedText& text, With with,
                  const CancelToken& cancel, PassMemory& memory) const;
  at::Tensor references_for(With with, const at::Tensor& latents) const;
  bool guided_at_all() const;

  const Transformer& transformer_;
  Family family_;
  Conditions conditions_;
  GuidanceScales scales_;
  PassMemory all_, without_text_, without_both_;
};

/// Normal noise as torch's CPU generator makes it for a seed, float on the CPU: what the official code draws
/// there. The starting noise is the first draw, SkyReels' references are the next ones. Thread-safety: none.
class Noise {
 public:
  explicit Noise(uint64_t seed);
  at::Tensor draw(at::IntArrayRef shape);

 private:
  at::Generator generator_;
};

}  // namespace troupe::engine::wan
