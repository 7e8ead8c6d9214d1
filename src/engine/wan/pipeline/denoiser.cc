#include "engine/wan/pipeline/denoiser.h"

#include <ATen/CPUGeneratorImpl.h>

#include "engine/wan/sampling/guidance.h"

namespace troupe::engine::wan {
namespace {

constexpr std::pair<Family, std::string_view> kNames[] = {
    {Family::text_to_video, "t2v"}, {Family::vace, "vace"},         {Family::phantom, "phantom"},
    {Family::refalign, "refalign"}, {Family::skyreels, "skyreels"},
};

// What the official code of a family calls its passes: with all, without the prompt, without references as
// well.
struct PassNames {
  const char *all, *without_text, *without_both;
};

PassNames pass_names(Family family) {
  switch (family) {
    case Family::phantom:
      return {"pos_it", "pos_i", "neg"};
    case Family::refalign:
      return {"posi", "posi_noref", "nega"};
    case Family::skyreels:
      return {"cond", "uncond_txt", "uncond_txt_img"};
    default:
      return {"cond", "", "uncond"};
  }
}

bool has_image_guidance(Family family) {
  return family == Family::phantom || family == Family::refalign || family == Family::skyreels;
}

}  // namespace

std::string_view name(Family family) {
  for (const auto& [value, text] : kNames)
    if (value == family) return text;
  return "";
}

std::optional<Family> family_of(std::string_view name) {
  for (const auto& [value, text] : kNames)
    if (text == name) return value;
  return std::nullopt;
}

Denoiser::Denoiser(const Transformer& transformer, Family family, Conditions conditions,
                   GuidanceScales scales)
    : transformer_(transformer), family_(family), conditions_(std::move(conditions)), scales_(scales) {}

int64_t extra_frames(Family family, int64_t references) {
  return family == Family::vace || family == Family::phantom ? references : 0;
}

int64_t Denoiser::extra_frames() const {
  return wan::extra_frames(family_, conditions_.references.defined() ? conditions_.references.size(1) : 0);
}

at::Tensor trimmed(Family family, const at::Tensor& latents, int64_t extra) {
  return latents.narrow(1, family == Family::vace ? extra : 0, latents.size(1) - extra);
}

// RefAlign without any reference still appends one frame of zeros, of this size whatever the video's
// (wan_video_new3.py, WanVideoUnit_Subject).
constexpr int64_t kNoReferenceHeight = 60, kNoReferenceWidth = 104;

at::Tensor Denoiser::references_for(With with, const at::Tensor& latents) const {
  const at::Tensor& own = conditions_.references;
  if (family_ == Family::skyreels) {
    at::Tensor slots =
        at::zeros({latents.size(0), kSkyReelsSlots, latents.size(2), latents.size(3)}, latents.options());
    if (with == With::references && own.defined()) slots.narrow(1, 0, own.size(1)).copy_(own);
    return slots;
  }
  if (!own.defined()) {
    if (family_ != Family::refalign) return own;
    return at::zeros({latents.size(0), 1, kNoReferenceHeight, kNoReferenceWidth}, latents.options());
  }
  return with == With::references ? own : at::zeros_like(own);
}

at::Tensor Denoiser::pass(const at::Tensor& latents, double timestep, const PreparedText& text, With with,
                          const CancelToken& cancel, PassMemory& memory) const {
  const at::Tensor references = references_for(with, latents);
  std::vector<Segment> segments(1);
  segments[0].latent = latents;
  if (family_ == Family::phantom && references.defined()) {
    segments[0].latent = at::cat({trimmed(latents), references.to(latents.device())}, 1);
  } else if (family_ == Family::skyreels) {
    segments[0].latent = at::cat({latents, references}, 1);
  } else if (family_ == Family::refalign) {
    Segment behind;
    behind.latent = references;
    behind.first_frame = latents.size(1);
    behind.cross_attention = false;
    segments.push_back(behind);
  }
  const VaceContext* vace = family_ == Family::vace ? &conditions_.vace : nullptr;
  const at::Tensor out = transformer_.forward(segments, timestep, text, vace, cancel, {}, &memory);
  return family_ == Family::skyreels ? out.narrow(1, 0, latents.size(1)) : out;
}

bool Denoiser::guided_at_all() const {
  if (family_ == Family::refalign) return scales_.image != 1;
  if (family_ == Family::skyreels) return scales_.text > 1;
  return scales_.text != 1 || (family_ == Family::phantom && scales_.image != 1);
}

at::Tensor Denoiser::velocity(const at::Tensor& latents, double timestep, const CancelToken& cancel,
                              const Tap& tap) {
  const PassNames names = pass_names(family_);
  const auto run = [&](const PreparedText& text, With with, const char* name, PassMemory& memory) {
    const at::Tensor out = pass(latents, timestep, text, with, cancel, memory);
    show(tap, name, out);
    return out;
  };
  const at::Tensor all = run(conditions_.prompt, With::references, names.all, all_);
  at::Tensor mixed = all;
  if (guided_at_all() && has_image_guidance(family_)) {
    const at::Tensor without_text =
        run(conditions_.negative, With::references, names.without_text, without_text_);
    const at::Tensor base = run(conditions_.negative, With::nothing, names.without_both, without_both_);
    mixed = guided(base, std::vector<Branch>{{without_text, scales_.image}, {all, scales_.text}});
  } else if (guided_at_all()) {
    const at::Tensor base = run(conditions_.negative, With::references, names.without_both, without_both_);
    mixed = guided(base, std::vector<Branch>{{all, scales_.text}});
  }
  show(tap, "noise_pred", mixed);
  return mixed;
}

Noise::Noise(uint64_t seed) : generator_(at::detail::createCPUGenerator(seed)) {}

at::Tensor Noise::draw(at::IntArrayRef shape) {
  return at::randn(shape, generator_, at::TensorOptions().dtype(at::kFloat));
}

}  // namespace troupe::engine::wan
