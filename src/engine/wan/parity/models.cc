#include "engine/wan/parity/models.h"

namespace troupe::engine::wan::parity {

namespace {

bool has_vace(const Weights& weights) { return weights.has("vace_patch_embedding.weight"); }

bool is_known(const std::vector<TensorFile>& shards) {
  std::vector<std::string_view> names;
  for (const TensorFile& shard : shards)
    for (const TensorView& view : shard.tensors()) names.push_back(view.name);
  return part_of(names).has_value();
}

}  // namespace

Result<Models> Models::open(std::span<const std::filesystem::path> files, const Compute& compute) {
  Models models;
  models.compute_ = compute;
  for (const auto& path : files) {
    TROUPE_TRY(std::vector<TensorFile> shards, open_sharded(path));
    if (!is_known(shards)) {
      models.left_out_.push_back(path);
      continue;
    }
    TROUPE_TRY(Weights weights, Weights::open(std::move(shards)));
    if (weights.part() == Part::lora) {
      models.loras_.push_back(std::make_shared<Weights>(std::move(weights)));
      continue;
    }
    const auto other = models.weights(weights.part(), has_vace(weights));
    if (other && has_vace(*other) == has_vace(weights))
      return make_error(ErrorCode::conflict,
                        path.string() + " is a second " + std::string(name(weights.part())));
    models.parts_.push_back(std::make_shared<Weights>(std::move(weights)));
  }
  return models;
}

std::shared_ptr<Weights> Models::weights(Part part, bool vace) const {
  std::shared_ptr<Weights> found;
  for (const auto& weights : parts_)
    if (weights->part() == part && (!found || has_vace(*weights) == vace)) found = weights;
  return found;
}

Result<std::shared_ptr<Weights>> Models::need(Part part, bool vace) const {
  if (auto found = weights(part, vace)) return found;
  return make_error(ErrorCode::not_found, "this comparison needs the weights of a " +
                                              std::string(name(part)) + ": name their file with --weights");
}

Result<T5Encoder> Models::text_encoder(const nlohmann::json& described) const {
  TROUPE_TRY(const auto weights, need(Part::text_encoder));
  return T5Encoder::load(*weights, compute_, described.dump());
}

Result<Vae> Models::vae() const {
  TROUPE_TRY(const auto weights, need(Part::vae));
  return Vae::load(*weights, compute_);
}

Result<TinyVae> Models::tiny_vae() const {
  TROUPE_TRY(const auto weights, need(Part::tiny_vae));
  return TinyVae::load(*weights, compute_);
}

Result<Transformer> Models::transformer(const nlohmann::json& described, bool vace) const {
  TROUPE_TRY(const auto weights, need(Part::transformer, vace));
  TROUPE_TRY(const TransformerConfig config, transformer_config(*weights, described.dump()));
  return Transformer::load(weights, config, compute_);
}

}  // namespace troupe::engine::wan::parity
