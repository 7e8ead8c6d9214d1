#include "engine/wan/pipeline/generate.h"

#include <algorithm>

#include "engine/wan/pipeline/vace_context.h"
#include "engine/wan/pixels/letterbox.h"
#include "engine/wan/pixels/tensors.h"
#include "engine/wan/pixels/vace.h"

namespace troupe::engine::wan {
namespace {

constexpr int kSide = 16;  // of a token, in pixels
constexpr double kTimesteps = 1000;
constexpr int kDistilled[] = {1000, 750, 500, 250};

size_t references_max(Family family) {
  switch (family) {
    case Family::text_to_video:
      return 0;
    case Family::phantom:
    case Family::skyreels:
      return static_cast<size_t>(kSkyReelsSlots);
    default:
      return 16;
  }
}

Error wrong(std::string message, std::string field) {
  return make_error(ErrorCode::invalid_argument, std::move(message), std::move(field));
}

Result<Schedule> schedule_of(const SamplingSettings& settings) {
  using Rule = SamplingSettings::Rule;
  switch (settings.rule) {
    case Rule::unipc:
      return unipc_schedule(settings.steps, settings.shift);
    case Rule::dpmpp:
      return dpmpp_schedule(settings.steps, settings.shift);
    case Rule::euler:
      return euler_schedule(settings.steps, settings.shift);
    case Rule::flow_match:
      return flow_match_schedule(settings.steps, settings.shift);
    case Rule::unipc_diffusers:
      return unipc_diffusers_schedule(settings.steps, settings.shift);
    case Rule::distilled:
      break;
  }
  const size_t steps =
      static_cast<size_t>(std::clamp(settings.steps, 1, static_cast<int>(std::size(kDistilled))));
  return distilled_schedule(std::span(kDistilled).first(steps), settings.shift);
}

Solver solver_of(SamplingSettings::Rule rule) {
  using Rule = SamplingSettings::Rule;
  if (rule == Rule::dpmpp) return Solver::dpmpp;
  return rule == Rule::unipc || rule == Rule::unipc_diffusers ? Solver::unipc : Solver::euler;
}

Result<std::vector<at::Tensor>> prepared_references(const VideoRequest& request) {
  std::vector<at::Tensor> pictures;
  for (const Rgb& reference : request.references) {
    if (request.family == Family::vace) {
      TROUPE_TRY(at::Tensor canvas, vace_canvas(reference, request.size));
      pictures.push_back(std::move(canvas));
    } else {
      TROUPE_TRY(const Rgb boxed, letterboxed(reference, request.size));
      pictures.push_back(normalised(boxed));
    }
  }
  return pictures;
}

// SkyReels-V3 draws its references from the posterior, with the generator that made the noise.
at::Tensor drawn(const Vae& vae, const std::vector<at::Tensor>& pictures, Noise& noise,
                 const CancelToken& cancel) {
  std::vector<at::Tensor> latents;
  for (const at::Tensor& picture : pictures) {
    const Vae::Posterior posterior = vae.posterior(picture, {}, cancel);
    const at::Tensor random = noise.draw(posterior.mean.sizes()).to(posterior.mean.device());
    latents.push_back(normalised_latents(posterior.mean + (0.5 * posterior.log_variance).exp() * random));
  }
  return latents.empty() ? at::Tensor() : at::cat(latents, 1);
}

// The video that VACE starts from: mid grey where it is to be made, the given frames where they are.
Result<at::Tensor> source_video(const VideoRequest& request, at::Tensor& mask) {
  at::Tensor video = at::zeros({3, request.frames, request.size.height, request.size.width});
  mask = at::ones({1, request.frames, request.size.height, request.size.width});
  for (const GivenFrame& given : request.given) {
    TROUPE_TRY(const Rgb picture, stretched(given.picture, request.size));
    video.narrow(1, given.index, 1).copy_(normalised(picture));
    mask.narrow(1, given.index, 1).zero_();
  }
  return video;
}

Result<Conditions> conditions_of(const Networks& networks, const VideoRequest& request, Noise& noise,
                                 const CancelToken& cancel) {
  Conditions conditions;
  TROUPE_TRY(const std::vector<at::Tensor> pictures, prepared_references(request));
  conditions.references = request.family == Family::skyreels
                              ? drawn(*networks.vae, pictures, noise, cancel)
                              : reference_latents(*networks.vae, pictures, cancel);
  if (request.family == Family::vace) {
    at::Tensor mask;
    TROUPE_TRY(const at::Tensor video, source_video(request, mask));
    conditions.vace.latent = vace_context(*networks.vae, video, mask, pictures, cancel);
  }
  return conditions;
}

Error cancelled() { return make_error(ErrorCode::cancelled, "cancelled"); }

}  // namespace

Result<void> check(const VideoRequest& request) {
  const FrameSize size = request.size;
  if (size.width < kSide || size.height < kSide || size.width % kSide != 0 || size.height % kSide != 0)
    return wrong("the sides of the video are multiples of 16", "/resolution");
  if (request.frames < 1 || (request.frames - 1) % kLatentFrames != 0)
    return wrong("the number of frames is 1 more than a multiple of 4", "/duration");
  if (request.references.size() > references_max(request.family))
    return wrong("this model takes " + std::to_string(references_max(request.family)) + " references, not " +
                     std::to_string(request.references.size()),
                 "/references");
  if (request.family != Family::vace && !request.given.empty())
    return wrong("this model takes no first or last frame; VACE models do",
                 request.given.front().index == 0 ? "/first_frame" : "/last_frame");
  for (const GivenFrame& given : request.given)
    if (given.index < 0 || given.index >= request.frames)
      return wrong("a given frame lies outside of the video", "/duration");
  return {};
}

std::optional<SamplingSettings::Rule> rule_of(std::string_view name) {
  using Rule = SamplingSettings::Rule;
  constexpr std::pair<std::string_view, Rule> kRules[] = {
      {"unipc", Rule::unipc},         {"dpmpp", Rule::dpmpp},
      {"euler", Rule::euler},         {"flow_match", Rule::flow_match},
      {"distilled", Rule::distilled}, {"unipc_diffusers", Rule::unipc_diffusers},
  };
  for (const auto& [text, rule] : kRules)
    if (text == name) return rule;
  return std::nullopt;
}

namespace {

// Whose turn it is: the first transformer's, until the second takes over.
class Experts {
 public:
  Experts(const Networks& networks, const VideoRequest& request, Conditions conditions)
      : networks_(networks), request_(request), conditions_(std::move(conditions)) {}

  // What makes the step of that timestep; until the next call.
  Result<Denoiser*> at(double timestep) {
    const auto& second = networks_.second;
    const bool late = second && timestep < second->boundary * kTimesteps;
    if (denoiser_ && late == late_) return &*denoiser_;
    const Transformer* transformer = networks_.transformer;
    // What was made for the first one is dropped before the second is loaded.
    denoiser_.reset();
    conditions_.prompt = conditions_.negative = {};
    if (late) {
      TROUPE_TRY(transformer, second->load());
    }
    conditions_.prompt = transformer->prepare(request_.prompt);
    conditions_.negative = transformer->prepare(request_.negative);
    denoiser_.emplace(*transformer, request_.family, conditions_,
                      late ? second->guidance : request_.sampling.guidance);
    late_ = late;
    return &*denoiser_;
  }

 private:
  const Networks& networks_;
  const VideoRequest& request_;
  Conditions conditions_;
  std::optional<Denoiser> denoiser_;
  bool late_ = false;
};

// Brings sampler and sample to where they were.
Result<void> go_on(const Sampled& start, Sampler& sampler, at::Tensor& x) {
  if (start.latents.sizes() != x.sizes() || start.latents.scalar_type() != at::kFloat)
    return make_error(ErrorCode::corrupt_input, "what was kept belongs to another video");
  TROUPE_CHECK_OK(sampler.restore(start.sampler));
  x = start.latents;
  return {};
}

}  // namespace

Result<at::Tensor> sample(const Networks& networks, const VideoRequest& request, const StepSink& steps,
                          const CancelToken& cancel, const Sampled* start) try {
  TROUPE_CHECK_OK(check(request));
  TROUPE_TRY(const Schedule schedule, schedule_of(request.sampling));
  // The starting noise is drawn first, whatever else is drawn behind it.
  Noise noise(request.seed);
  const int64_t beside = extra_frames(request.family, static_cast<int64_t>(request.references.size()));
  at::Tensor x = noise.draw({kLatentChannels, latent_frames(request.frames) + beside,
                             request.size.height / kLatentScale, request.size.width / kLatentScale});
  const auto sampler = make_sampler(solver_of(request.sampling.rule), schedule);
  if (start != nullptr) TROUPE_CHECK_OK(go_on(*start, *sampler, x));
  TROUPE_TRY(Conditions conditions, conditions_of(networks, request, noise, cancel));
  if (cancel.cancelled()) return cancelled();
  Experts experts(networks, request, std::move(conditions));
  while (!sampler->done()) {
    TROUPE_TRY(Denoiser* const denoiser, experts.at(sampler->timestep()));
    const at::Tensor velocity = denoiser->velocity(x, sampler->timestep(), cancel).to(x.device());
    const at::Tensor clean = steps ? sampler->clean(velocity, x) : at::Tensor();
    x = sampler->step(velocity, x);
    const Sampled so_far{x, sampler->save()};
    if (steps && !steps({sampler->index(), static_cast<int64_t>(schedule.steps()),
                         trimmed(request.family, clean, beside), so_far}))
      return cancelled();
  }
  return trimmed(request.family, x, beside);
} catch (const Cancelled&) {
  return cancelled();
}

Result<void> generate(const Networks& networks, const VideoRequest& request, const FrameSink& frames,
                      const StepSink& steps, const CancelToken& cancel) {
  TROUPE_TRY(const at::Tensor latents, sample(networks, request, steps, cancel));
  const auto sink = [&](const at::Tensor& some) { return !cancel.cancelled() && frames(some); };
  if (!networks.vae->decode(latents, sink)) return cancelled();
  return {};
}

}  // namespace troupe::engine::wan
