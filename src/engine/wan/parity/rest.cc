#include "engine/wan/parity/kinds.h"
#include "engine/wan/pipeline/vace_context.h"
#include "engine/wan/pixels/tensors.h"
#include "engine/wan/pixels/vace.h"
#include "engine/wan/sampling/sampler.h"
#include "engine/wan/weights/lora.h"

namespace troupe::engine::wan::parity {
namespace {

using Make = Result<Schedule> (*)(int, double);

struct Rule {
  Make make;
  Solver solver;
};

const std::map<std::string, Rule>& rules() {
  static const std::map<std::string, Rule> all = {
      {"unipc", {unipc_schedule, Solver::unipc}},
      {"dpmpp", {dpmpp_schedule, Solver::dpmpp}},
      {"euler", {euler_schedule, Solver::euler}},
      {"euler_diffusers", {euler_diffusers_schedule, Solver::euler}},
      {"flow_match", {flow_match_schedule, Solver::euler}},
      {"unipc_diffusers", {unipc_diffusers_schedule, Solver::unipc}},
  };
  return all;
}

// The parts of "unipc/steps20/shift5/sigmas".
struct Run {
  std::string kind, at;
  int steps = 0;
  double shift = 0;
};

std::optional<Run> run_of(const std::string& name) {
  const size_t steps = name.find("/steps"), shift = name.find("/shift");
  if (steps == std::string::npos || shift == std::string::npos || !name.ends_with("/sigmas"))
    return std::nullopt;
  Run run;
  run.kind = name.substr(0, steps);
  run.at = name.substr(0, name.rfind('/') + 1);
  run.steps = std::atoi(name.c_str() + steps + 6);
  run.shift = std::atof(name.c_str() + shift + 6);
  return run;
}

at::Tensor fake_velocity(const at::Tensor& abcw, const at::Tensor& x, double timestep) {
  const auto value = [&](int64_t i) { return abcw[i].item<double>(); };
  return x * value(0) + value(1) * (timestep / 1000) + at::sin(x * value(3)) * value(2);
}

constexpr Tolerance kSamples{2e-5, 2e-5};

Result<void> compare_run(const Vectors& vectors, const Run& run, Report& report) {
  const Rule& rule = rules().at(run.kind);
  TROUPE_TRY(const Schedule schedule, rule.make(run.steps, run.shift));
  const at::Tensor sigmas = at::tensor(schedule.sigmas, at::kDouble);
  report.check(run.at + "sigmas", sigmas.narrow(0, 0, vectors.at(run.at + "sigmas").numel()), kSigmas);
  const bool whole = vectors.at(run.at + "timesteps").scalar_type() == at::kLong;
  report.check(run.at + "timesteps", at::tensor(schedule.timesteps, at::kDouble),
               whole ? kExact : Tolerance{1e-3, 0});
  vectors.pass_over(run.at + "timesteps_bf16");  // the same, rounded
  const auto sampler = make_sampler(rule.solver, schedule);
  at::Tensor x = vectors.real("x_init");
  std::vector<at::Tensor> trajectory;
  while (!sampler->done()) {
    x = sampler->step(fake_velocity(vectors.at("fake_model_abcw"), x, sampler->timestep()), x);
    trajectory.push_back(x);
  }
  report.check(run.at + "final", x, kSamples);
  if (vectors.has(run.at + "trajectory"))
    report.check(run.at + "trajectory", at::stack(trajectory), kSamples);
  return {};
}

}  // namespace

Result<void> compare_schedules(const Vectors& vectors, const Models&, Report& report) {
  for (const std::string& name : vectors.names()) {
    const auto run = run_of(name);
    if (run && rules().contains(run->kind)) TROUPE_CHECK_OK(compare_run(vectors, *run, report));
  }
  return {};
}

namespace {

constexpr std::string_view kStrength = "strength_";

std::string lora_kind(const Weights& lora) {
  for (const auto name : lora.names()) {
    if (name.starts_with("lora_unet_")) return "kohya";
    if (name.find(".lora_A.") != std::string_view::npos) return "peft";
  }
  return "updown";
}

}  // namespace

Result<void> compare_lora(const Vectors& vectors, const Models& models, Report& report) {
  const auto base = models.weights(Part::transformer);
  if (!base) return make_error(ErrorCode::not_found, "this comparison needs the weights of a transformer");
  std::set<std::string> given;
  for (const auto& weights : models.loras()) given.insert(lora_kind(*weights));
  for (const std::string& name : vectors.names(std::string(kStrength)))
    if (const std::string kind = name.substr(kStrength.size()); !given.contains(kind))
      return make_error(ErrorCode::not_found,
                        "this comparison needs the LoRA " + kind + ": name its file with --weights");
  for (const auto& weights : models.loras()) {
    const std::string kind = lora_kind(*weights), at = kind + "/";
    if (!vectors.has(std::string(kStrength) + kind)) continue;
    base->set_deltas(nullptr);
    TROUPE_TRY(const auto deltas,
               Loras::make(*base, {{kind, weights, vectors.number(std::string(kStrength) + kind)}}));
    base->set_deltas(deltas);
    for (const std::string& name : vectors.names(at + "merged/")) {
      TROUPE_TRY(const at::Tensor merged,
                 base->read(name.substr(at.size() + 7), vectors.at(name).sizes(), at::kFloat, at::kCPU));
      report.check(name, merged);
    }
    TROUPE_TRY(const Transformer transformer, models.transformer(vectors.config("t2v")));
    const PreparedText text = transformer.prepare(vectors.real("context"));
    Segment video;
    video.latent = vectors.real("x");
    report.check(at + "out", transformer.forward({video}, vectors.number("t"), text));
  }
  base->set_deltas(nullptr);
  return {};
}

namespace {

// What a case is made of: its description says so, or its name where there is none.
enum class Source { none, binary, soft, control };

Source source_of(const Vectors& vectors, const std::string& group) {
  const auto& cases = vectors.config("cases");
  const std::string text = cases.value(group, std::string());
  const auto says = [&](const char* word) { return text.find(word) != std::string::npos; };
  if (says("soft") || (text.empty() && group == "P4")) return Source::soft;
  if (says("binary") || (text.empty() && group == "P3")) return Source::binary;
  if (says("control") || (text.empty() && group == "P5")) return Source::control;
  return Source::none;
}

}  // namespace

Result<void> compare_vace_preparation(const Vectors& vectors, const Models& models, Report& report) {
  TROUPE_TRY(const Vae vae, models.vae());
  std::map<int64_t, at::Tensor> canvases;
  for (int64_t i = 0; vectors.has("canvas/ref" + std::to_string(i)); ++i) {
    const std::string number = std::to_string(i);
    const at::Tensor& wanted = vectors.at("canvas/ref" + number);
    TROUPE_TRY(canvases[i],
               vace_canvas(vectors.picture("input/ref" + number + "_u8"),
                           {static_cast<int>(wanted.size(3)), static_cast<int>(wanted.size(2))}));
    report.check("canvas/ref" + number, canvases[i], {1e-5, 0});
  }
  const at::Tensor video = normalised(vectors.at("input/video_u8"));
  const at::Tensor whole = at::ones_like(video.narrow(0, 0, 1));
  const bool has_soft = vectors.has("input/mask_soft_u8");
  const at::Tensor soft = has_soft ? vace_mask(vectors.at("input/mask_soft_u8")) : whole;
  if (vectors.has("frames/video"))
    report.check("frames/video", video.narrow(1, 0, vectors.at("frames/video").size(1)));
  if (has_soft && vectors.has("frames/mask_soft"))
    report.check("frames/mask_soft", soft.narrow(1, 0, vectors.at("frames/mask_soft").size(1)));
  for (const std::string& group : vectors.groups()) {
    if (!vectors.has(group + "/vace_context")) continue;
    std::vector<at::Tensor> used;
    if (vectors.has(group + "/ref_index")) {
      const at::Tensor index = vectors.at(group + "/ref_index");
      for (int64_t i = 0; i < index.numel(); ++i) used.push_back(canvases.at(index[i].item<int64_t>()));
    }
    const Source source = source_of(vectors, group);
    const at::Tensor clip = source == Source::none ? at::zeros_like(video) : video;
    const at::Tensor mask = source == Source::soft     ? soft
                            : source == Source::binary ? vace_mask(vectors.at("input/mask_binary_u8"))
                                                       : whole;
    report.check(group + "/vace_context", vace_context(vae, clip, mask, used));
  }
  return {};
}

namespace {

bool has_schedules(const Vectors& vectors) { return vectors.has("fake_model_abcw"); }

}  // namespace

Result<void> compare_refalign(const Vectors& vectors, const Models& models, Report& report) {
  if (has_schedules(vectors)) return compare_schedules(vectors, models, report);
  return vectors.has("noise") ? compare_refalign_pipeline(vectors, models, report)
                              : compare_refalign_forward(vectors, models, report);
}

Result<void> compare_skyreels(const Vectors& vectors, const Models& models, Report& report) {
  if (has_schedules(vectors)) return compare_schedules(vectors, models, report);
  return vectors.has("noise") ? compare_skyreels_pipeline(vectors, models, report)
                              : compare_skyreels_forward(vectors, models, report);
}

}  // namespace troupe::engine::wan::parity
