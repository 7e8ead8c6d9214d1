#include "engine/wan/parity/kinds.h"
#include "engine/wan/pipeline/denoiser.h"
#include "engine/wan/pipeline/vace_context.h"
#include "engine/wan/pixels/letterbox.h"
#include "engine/wan/pixels/tensors.h"
#include "engine/wan/pixels/vace.h"
#include "engine/wan/sampling/sampler.h"

namespace troupe::engine::wan::parity {
namespace {

constexpr Tolerance kSampled{3e-4, 0}, kByte{1, 0};

at::Tensor numbers(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

// All steps of one run, whose vectors begin with `at`; returns the last latents.
at::Tensor run_steps(const Vectors& vectors, Denoiser& denoiser, Solver solver, const Schedule& schedule,
                     const std::string& at, Report& report, Tolerance tolerance) {
  const bool whole = vectors.at(at + "timesteps").scalar_type() == at::kLong;
  report.check(at + "timesteps", numbers(schedule.timesteps), whole ? kExact : Tolerance{1e-3, 0});
  // RefAlign's own list lacks the final 0.
  const int64_t kept = vectors.at(at + "sigmas").numel();
  report.check(at + "sigmas", numbers(schedule.sigmas).narrow(0, 0, kept), kSigmas);
  const auto sampler = make_sampler(solver, schedule);
  at::Tensor x = vectors.real("noise");
  while (!sampler->done()) {
    const std::string step = at + "step" + std::to_string(sampler->index()) + "/";
    const at::Tensor v = denoiser.velocity(x, sampler->timestep(), {}, report.tap(step, tolerance));
    x = sampler->step(v, x);
    if (vectors.has(step + "latent_out")) report.check(step + "latent_out", x, tolerance);
  }
  return x;
}

// A video in [-1, 1] against whichever of the decoded forms the vectors have.
void check_video(const Vectors& vectors, const std::string& at, const at::Tensor& video, Report& report,
                 Tolerance tolerance) {
  const at::Tensor clamped = video.clamp(-1.0, 1.0);
  if (vectors.has(at + "video_unclamped")) report.check(at + "video_unclamped", video, tolerance);
  if (vectors.has(at + "video")) report.check(at + "video", clamped, tolerance);
  if (vectors.has(at + "video_u8"))
    report.check(at + "video_u8", to_bytes(clamped).permute({3, 0, 1, 2}), kByte);
}

Conditions texts(const Vectors& vectors, const Transformer& transformer) {
  Conditions conditions;
  conditions.prompt = transformer.prepare(vectors.real("context_pos"));
  conditions.negative = transformer.prepare(vectors.real("context_neg"));
  return conditions;
}

// The first draws of the seed, where the vectors say which it was.
void check_noise(const Vectors& vectors, Report& report) {
  if (!vectors.config().contains("seed")) return;
  Noise noise(vectors.config()["seed"].get<uint64_t>());
  report.check("noise", noise.draw(vectors.at("noise").sizes()), kSigmas);
  for (int64_t i = 0; vectors.has("ref" + std::to_string(i) + "/epsilon"); ++i) {
    const std::string name = "ref" + std::to_string(i) + "/epsilon";
    report.check(name, noise.draw(vectors.at(name).sizes()), kSigmas);
  }
}

// The prompts through the text encoder, checked where the vectors have the result.
Result<Conditions> encoded_texts(const Vectors& vectors, const Models& models, const Transformer& transformer,
                                 Report& report) {
  TROUPE_TRY(const T5Encoder encoder, models.text_encoder(vectors.config("t5")));
  const auto prepare = [&](const std::string& side) {
    const at::Tensor ids = vectors.at("ids_" + side).to(at::kInt).reshape({-1}).contiguous();
    const int64_t length = vectors.at("mask_" + side).sum().item<int64_t>();
    const at::Tensor context = encoder.encode({ids.data_ptr<int32_t>(), static_cast<size_t>(length)}, length);
    if (vectors.has("context_" + side)) report.check("context_" + side, context);
    return transformer.prepare(context);
  };
  Conditions conditions;
  conditions.prompt = prepare("pos");
  conditions.negative = prepare("neg");
  return conditions;
}

at::Tensor bytes_of(const Rgb& image) {
  return at::from_blob(const_cast<uint8_t*>(image.values.data()), {image.height, image.width, 3},
                       at::TensorOptions().dtype(at::kByte))
      .clone();
}

// Letterboxes every input picture and checks it; returns those that the run uses, as the autoencoder takes
// them.
Result<std::vector<at::Tensor>> letterboxed_inputs(const Vectors& vectors, const std::string& expected,
                                                   int64_t used, Report& report) {
  std::vector<at::Tensor> pictures;
  for (int64_t i = 0; vectors.has("input/ref" + std::to_string(i) + "_u8"); ++i) {
    const std::string file = "ref" + std::to_string(i) + "_u8";
    const at::Tensor& wanted = vectors.at(expected + file);
    TROUPE_TRY(const Rgb boxed,
               letterboxed(vectors.picture("input/" + file),
                           {static_cast<int>(wanted.size(1)), static_cast<int>(wanted.size(0))}));
    report.check(expected + file, bytes_of(boxed), kByte);
    if (i < used) pictures.push_back(normalised(boxed));
  }
  return pictures;
}

}  // namespace

Result<void> compare_phantom(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.config("t2v")));
  TROUPE_TRY(const Vae vae, models.vae());
  const auto& config = vectors.config();
  check_noise(vectors, report);
  TROUPE_TRY(const auto pictures,
             letterboxed_inputs(vectors, "letterbox/", config.value("n_refs", 0), report));
  Conditions conditions = texts(vectors, transformer);
  conditions.references = reference_latents(vae, pictures);
  if (conditions.references.defined()) report.check("ref_latents", conditions.references, kSampled);
  TROUPE_TRY(const Schedule schedule, unipc_schedule(config.value("steps", 50), config.value("shift", 5.0)));
  Denoiser denoiser(transformer, Family::phantom, conditions,
                    {config.value("text", 7.5), config.value("img", 5.0)});
  const at::Tensor latents =
      denoiser.trimmed(run_steps(vectors, denoiser, Solver::unipc, schedule, "", report, kSampled));
  report.check("latent_trimmed", latents, kSampled);
  check_video(vectors, "", vae.decode(latents), report, kSampled);
  return {};
}

namespace {

// What the official pipeline does with a picture of another size, if it is not letterboxed before.
Result<void> check_stretched(const Vectors& vectors, Report& report) {
  for (const std::string& name : vectors.names("stretched/")) {
    const at::Tensor& wanted = vectors.at(name);
    TROUPE_TRY(const Rgb stretched,
               resized(vectors.picture("input/" + name.substr(name.find('/') + 1)),
                       static_cast<int>(wanted.size(1)), static_cast<int>(wanted.size(0)), Filter::bicubic));
    report.check(name, bytes_of(stretched), kByte);
  }
  return {};
}

}  // namespace

Result<void> compare_refalign_pipeline(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.dit_config()));
  TROUPE_TRY(const Vae vae, models.vae());
  const auto& config = vectors.config();
  check_noise(vectors, report);
  TROUPE_CHECK_OK(check_stretched(vectors, report));
  TROUPE_TRY(const auto pictures, letterboxed_inputs(vectors, "padded/", config.value("n_refs", 0), report));
  Conditions conditions = texts(vectors, transformer);
  conditions.references = reference_latents(vae, pictures);
  if (conditions.references.defined()) report.check("ref_latents", conditions.references, kSampled);
  TROUPE_TRY(const Schedule schedule,
             flow_match_schedule(config.value("num_inference_steps", 50), config.value("sigma_shift", 5.0)));
  Denoiser denoiser(transformer, Family::refalign, conditions,
                    {config.value("guidance_text_fixed", 7.5), config.value("cfg_scale", 5.0)});
  const at::Tensor latents = run_steps(vectors, denoiser, Solver::euler, schedule, "", report, kSampled);
  check_video(vectors, "", vae.decode(latents), report, {5e-4, 0});
  const auto size = config.value("tile_size", std::vector<int64_t>{30, 52});
  const auto stride = config.value("tile_stride", std::vector<int64_t>{15, 26});
  const at::Tensor tiled = decode_tiled(vae, latents, {size.at(0), size.at(1), stride.at(0), stride.at(1)});
  if (vectors.has("video_tiled")) report.check("video_tiled", tiled, {5e-4, 0});
  if (vectors.has("video_tiled_u8")) report.check("video_tiled_u8", to_bytes(tiled), kByte);
  return {};
}

namespace {

// References are drawn from the posterior, with the numbers of the vectors. Undefined where there are none.
at::Tensor drawn_references(const Vectors& vectors, const Vae& vae, const std::vector<at::Tensor>& pictures,
                            Report& report) {
  std::vector<at::Tensor> latents, means;
  for (size_t i = 0; i < pictures.size(); ++i) {
    const std::string at = "ref" + std::to_string(i) + "/";
    const Vae::Posterior posterior = vae.posterior(pictures[i]);
    report.check(at + "posterior_mean", posterior.mean);
    report.check(at + "posterior_logvar", posterior.log_variance);
    means.push_back(normalised_latents(posterior.mean));
    latents.push_back(normalised_latents(posterior.mean + (0.5 * posterior.log_variance).exp() *
                                                              vectors.real(at + "epsilon")));
  }
  if (pictures.empty()) return {};
  if (vectors.has("condition_mode")) report.check("condition_mode", at::cat(means, 1));
  return at::cat(latents, 1);
}

// The latents, and behind them the references in their slots.
at::Tensor with_slots(const at::Tensor& latents, const at::Tensor& references) {
  at::Tensor slots = at::zeros({latents.size(0), kSkyReelsSlots, latents.size(2), latents.size(3)});
  if (references.defined()) slots.narrow(1, 0, references.size(1)).copy_(references);
  return at::cat({latents, slots}, 1);
}

// The first pass of the longest run, with what it gives for the slots, which no run uses.
void check_first_pass(const Vectors& vectors, const Transformer& transformer, const Conditions& conditions,
                      Report& report) {
  const at::Tensor all = with_slots(vectors.real("noise"), conditions.references);
  if (vectors.has("condition"))
    report.check("condition", all.narrow(1, all.size(1) - kSkyReelsSlots, kSkyReelsSlots));
  if (!vectors.has("step0/transformer_out_all")) return;
  at::Tensor timesteps;
  for (const std::string& group : vectors.groups())
    if (const std::string name = group + "/timesteps"; vectors.has(name))
      if (!timesteps.defined() || vectors.at(name).numel() > timesteps.numel()) timesteps = vectors.at(name);
  TORCH_CHECK(timesteps.defined(),
              "the vectors have no run, whose first pass step0/transformer_out_all would be");
  Segment segment;
  segment.latent = all;
  report.check("step0/transformer_out_all",
               transformer.forward({segment}, timesteps[0].item<double>(), conditions.prompt), {5e-4, 0});
}

Result<void> skyreels_run(const Vectors& vectors, const Transformer& transformer, const Vae& vae,
                          const Conditions& conditions, const std::string& at, Report& report) {
  const auto& config = vectors.config();
  const bool guided = vectors.has(at + "step0/uncond_txt") || at.starts_with("cfg");
  const GuidanceScales scales =
      guided ? GuidanceScales{config.value("guidance_scale", 1.0), config.value("guidance_scale_img", 1.0)}
             : GuidanceScales{1, 1};
  const Tolerance tolerance = guided ? Tolerance{1e-3, 0} : Tolerance{5e-4, 0};
  Denoiser denoiser(transformer, Family::skyreels, conditions, scales);
  TROUPE_TRY(const Schedule schedule,
             unipc_diffusers_schedule(static_cast<int>(vectors.at(at + "timesteps").numel()),
                                      config.value("flow_shift", 5.0)));
  const at::Tensor latents = run_steps(vectors, denoiser, Solver::unipc, schedule, at, report, tolerance);
  if (vectors.has(at + "latent_denormalised"))
    report.check(at + "latent_denormalised", denormalised_latents(latents), {1.5e-3, 0});
  if (vectors.has(at + "video")) check_video(vectors, at, vae.decode(latents), report, tolerance);
  return {};
}

}  // namespace

Result<void> compare_skyreels_pipeline(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.dit_config()));
  TROUPE_TRY(const Vae vae, models.vae());
  check_noise(vectors, report);
  TROUPE_TRY(const auto pictures,
             letterboxed_inputs(vectors, "padded/", vectors.config().value("n_refs", 0), report));
  Conditions conditions = texts(vectors, transformer);
  conditions.references = drawn_references(vectors, vae, pictures, report);
  check_first_pass(vectors, transformer, conditions, report);
  for (const std::string& group : vectors.groups())
    if (vectors.has(group + "/timesteps"))
      TROUPE_CHECK_OK(skyreels_run(vectors, transformer, vae, conditions, group + "/", report));
  return {};
}

namespace {

// What the branch is given; a run without a source video has zeros, and all of it to be made.
at::Tensor vace_latents(const Vectors& vectors, const Vae& vae, const std::vector<at::Tensor>& canvases) {
  const at::Tensor& context = vectors.at("vace_context");
  const int64_t frames = video_frames(context.size(1) - static_cast<int64_t>(canvases.size()));
  const at::Tensor blank =
      at::zeros({3, frames, context.size(2) * kLatentScale, context.size(3) * kLatentScale});
  const at::Tensor video = vectors.has("video_u8") ? normalised(vectors.at("video_u8")) : blank;
  const at::Tensor mask =
      vectors.has("mask_u8") ? vace_mask(vectors.at("mask_u8")) : at::ones_like(video.narrow(0, 0, 1));
  return vace_context(vae, video, mask, canvases);
}

// A file with source video, mask and canvases is a VACE run by every solver that it has; else text to video.
Result<void> vace_pipeline(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.config("vace"), /*vace=*/true));
  TROUPE_TRY(const Vae vae, models.vae());
  TROUPE_TRY(Conditions conditions, encoded_texts(vectors, models, transformer, report));
  const auto& config = vectors.config();
  std::vector<at::Tensor> canvases;
  for (int64_t i = 0; vectors.has("ref" + std::to_string(i) + "_canvas"); ++i)
    canvases.push_back(vectors.real("ref" + std::to_string(i) + "_canvas"));
  conditions.references = reference_latents(vae, canvases);
  conditions.vace.latent = vace_latents(vectors, vae, canvases);
  conditions.vace.scale = config.value("context_scale", 1.0);
  report.check("vace_context", conditions.vace.latent);
  Denoiser denoiser(transformer, Family::vace, conditions, {config.value("guide", 5.0), 1});
  for (const std::string solver : {"unipc", "dpm++"}) {
    const std::string at = solver + "/";
    if (!vectors.has(at + "timesteps")) continue;
    const bool unipc = solver == "unipc";
    const auto make = unipc ? unipc_schedule : dpmpp_schedule;
    TROUPE_TRY(const Schedule schedule, make(config.value("steps", 50), config.value("shift", 16.0)));
    const at::Tensor latents = denoiser.trimmed(
        run_steps(vectors, denoiser, unipc ? Solver::unipc : Solver::dpmpp, schedule, at, report, kSampled));
    report.check(at + "latent_trimmed", latents, kSampled);
    check_video(vectors, at, vae.decode(latents), report, kSampled);
  }
  return {};
}

Result<void> text_pipeline(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Transformer transformer, models.transformer(vectors.config("t2v")));
  TROUPE_TRY(const Vae vae, models.vae());
  TROUPE_TRY(Conditions conditions, encoded_texts(vectors, models, transformer, report));
  const auto& config = vectors.config();
  Denoiser denoiser(transformer, Family::text_to_video, conditions, {config.value("guide", 5.0), 1});
  TROUPE_TRY(const Schedule schedule, unipc_schedule(config.value("steps", 50), config.value("shift", 5.0)));
  const at::Tensor latents = run_steps(vectors, denoiser, Solver::unipc, schedule, "", report, kSampled);
  check_video(vectors, "", vae.decode(latents), report, kSampled);
  return {};
}

}  // namespace

Result<void> compare_pipeline(const Vectors& vectors, const Models& models, Report& report) {
  check_noise(vectors, report);
  return vectors.has("vace_context") ? vace_pipeline(vectors, models, report)
                                     : text_pipeline(vectors, models, report);
}

}  // namespace troupe::engine::wan::parity
