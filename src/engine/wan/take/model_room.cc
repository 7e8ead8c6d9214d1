#include "engine/wan/take/model_room.h"

#include <ATen/Context.h>

#include <algorithm>
#include <system_error>

#include "engine/wan/files/tensor_file.h"
#include "engine/wan/kernels/attention.h"
#include "engine/wan/nn/process.h"
#include "engine/wan/weights/lora.h"

namespace troupe::engine::wan {
namespace {

bool multiplies_bf16(at::Device device) {
  if (!device.is_cpu()) return true;
  const auto& paths = attention_paths_bf16();
  return std::find(paths.begin(), paths.end(), AttentionPath::kAvx512Bf16) != paths.end() ||
         std::find(paths.begin(), paths.end(), AttentionPath::kAmx) != paths.end();
}

Result<std::shared_ptr<const Weights>> open_part(const std::vector<std::filesystem::path>& files, Part part) {
  TROUPE_TRY(std::vector<TensorFile> opened,
             files.size() == 1 ? open_sharded(files.front()) : open_sharded(files));
  const std::string label = opened.front().label();
  TROUPE_TRY(Weights weights, Weights::open(std::move(opened)));
  if (weights.part() != part)
    return make_error(ErrorCode::corrupt_input, label + " holds a " + std::string(name(weights.part())) +
                                                    ", where a " + std::string(name(part)) + " is wanted");
  return std::make_shared<const Weights>(std::move(weights));
}

Result<void> merge_loras(const ModelFiles& files, Weights& transformer) {
  std::vector<Lora> loras;
  for (const ModelLora& lora : files.loras) {
    TROUPE_TRY(auto weights, open_part({lora.file}, Part::lora));
    loras.push_back({lora.file.filename().string(), std::move(weights), lora.strength});
  }
  if (loras.empty()) return {};
  TROUPE_TRY(auto deltas, Loras::make(transformer, std::move(loras)));
  transformer.set_deltas(std::move(deltas));
  return {};
}

// Of every file its path, size and time of change.
std::string stamp_of(const ModelFiles& files) {
  std::string stamp = files.id;
  const auto add = [&](const std::filesystem::path& file) {
    std::error_code ignored;
    stamp += "\n" + file.string() + " " + std::to_string(std::filesystem::file_size(file, ignored)) + " " +
             std::to_string(std::filesystem::last_write_time(file, ignored).time_since_epoch().count());
  };
  for (const auto* list : {&files.transformer, &files.text_encoder, &files.vae, &files.tiny_vae})
    std::for_each(list->begin(), list->end(), add);
  add(files.tokenizer);
  for (const ModelLora& lora : files.loras) {
    add(lora.file);
    stamp += " " + std::to_string(lora.strength);
  }
  return stamp;
}

Error wrong_model(const std::string& text) { return make_error(ErrorCode::unsupported, text); }

}  // namespace

Compute compute_of(const EngineOptions& options) {
  Compute compute;
  using Device = EngineOptions::Device;
  const bool cuda = options.device == Device::cuda || (options.device == Device::automatic && at::hasCUDA());
  if (cuda) compute.device = at::Device(at::kCUDA, 0);
  using Precision = EngineOptions::Precision;
  const bool half = options.precision == Precision::bf16 ||
                    (options.precision == Precision::automatic && multiplies_bf16(compute.device));
  compute.float8 = options.precision == Precision::fp8;
  compute.type = half || compute.float8 ? at::kBFloat16 : at::kFloat;
  return compute;
}

Result<OpenModel> open_model(const ModelFiles& files) {
  OpenModel model;
  const std::optional<Family> family = family_of(files.family);
  if (!family) return wrong_model("no family of models is called \"" + files.family + "\"");
  if (!rule_of(files.solver)) return wrong_model("no solver is called \"" + files.solver + "\"");
  model.family = *family;
  model.files = files;
  model.stamp = stamp_of(files);
  TROUPE_TRY(const auto transformer, open_part(files.transformer, Part::transformer));
  TROUPE_TRY(model.config, transformer_config(*transformer));
  const auto merged = std::make_shared<Weights>(*transformer);
  TROUPE_CHECK_OK(merge_loras(files, *merged));
  model.transformer = merged;
  if ((*family == Family::vace) == model.config.vace_layers.empty())
    return make_error(ErrorCode::corrupt_input,
                      files.transformer.front().string() +
                          (*family == Family::vace ? " has no VACE branch, which " + files.id + " needs"
                                                   : " has a VACE branch: it is no " + files.id));
  TROUPE_TRY(model.text, open_part(files.text_encoder, Part::text_encoder));
  TROUPE_TRY(model.vae, open_part(files.vae, Part::vae));
  if (!files.tiny_vae.empty()) {
    TROUPE_TRY(model.tiny, open_part(files.tiny_vae, Part::tiny_vae));
  }
  return model;
}

ModelRoom::ModelRoom(EngineOptions options) : options_(options), compute_(compute_of(options)) {}

Result<MemoryPlan> ModelRoom::plan(const OpenModel& model, const VideoSize& video) {
  if (stamp_ != model.stamp) drop();
  TROUPE_TRY(const ModelSizes sizes, model_sizes(model.family, compute_, *model.transformer, model.config,
                                                 model.text.get(), *model.vae, model.tiny.get()));
  release_kept_memory();
  MemoryThere there = memory_there(compute_.device);
  // What the loaded networks hold can be used: they are the ones that the plan is for.
  there.device += bytes_;
  if (options_.memory_max > 0) {
    there.device = std::min(there.device, options_.memory_max);
    there.host = std::min(there.host, options_.memory_max);
  }
  TROUPE_TRY(MemoryPlan made, plan_memory(sizes, video, there));
  if (made.transformer != plan_.transformer) drop();
  return made;
}

Result<T5Encoder> ModelRoom::load_text(const OpenModel& model, const MemoryPlan& plan) {
  if (!plan.keep_text) drop();
  return T5Encoder::load(model.text, compute_, plan.text);
}

Result<const LoadedModel*> ModelRoom::load(const OpenModel& model, const MemoryPlan& plan) {
  if (stamp_ == model.stamp && loaded_.transformer) {
    loaded_.vae = loaded_.vae->with_tiling(plan.tiling);
    return &loaded_;
  }
  drop();
  const int64_t before = free_memory(compute_.device);
  TROUPE_TRY(loaded_.transformer,
             Transformer::load(model.transformer, model.config, compute_, plan.transformer));
  // The autoencoder is small, and rounding shows in what it makes.
  Compute precise = compute_;
  precise.type = at::kFloat;
  precise.float8 = false;
  TROUPE_TRY(const Vae vae, Vae::load(*model.vae, precise));
  loaded_.vae = vae.with_tiling(plan.tiling);
  if (model.tiny) {
    TROUPE_TRY(loaded_.tiny, TinyVae::load(*model.tiny, precise));
  }
  bytes_ = std::max<int64_t>(0, before - free_memory(compute_.device));
  plan_ = plan;
  stamp_ = model.stamp;
  return &loaded_;
}

void ModelRoom::drop() {
  loaded_ = {};
  stamp_.clear();
  bytes_ = 0;
}

}  // namespace troupe::engine::wan
