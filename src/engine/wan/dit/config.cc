#include "engine/wan/dit/config.h"

#include <nlohmann/json.hpp>
#include <set>

namespace troupe::engine::wan {
namespace {

using Json = nlohmann::json;

constexpr int64_t kHeadDim = 128;  // of every released model
constexpr int64_t kTextLen = 512;

Json object_in(const std::string& text) {
  Json config = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  return config.is_object() ? config : Json::object();
}

// The caller's words over those of the file.
Json description(const Weights& weights, const std::string& described) {
  Json config = object_in(weights.config());
  config.update(object_in(described));
  return config;
}

std::optional<int64_t> number(const Json& config, const char* key) {
  const auto found = config.find(key);
  if (found == config.end() || !found->is_number_integer()) return std::nullopt;
  const auto value = found->get<int64_t>();
  return value > 0 && value < (1 << 20) ? std::optional(value) : std::nullopt;
}

// Whether a norm that every released model has was left out: the words say so ("qk_norm": null,
// "cross_attn_norm": false), and it has no weights.
bool left_out(const Json& config, const char* key, const Weights& weights, std::string_view name) {
  const auto found = config.find(key);
  return found != config.end() && (found->is_null() || *found == Json(false)) && !weights.has(name);
}

double eps_of(const Json& config) {
  const auto found = config.find("eps");
  const double given = found != config.end() && found->is_number() ? found->get<double>() : 0;
  return given > 0 && given < 1 ? given : TransformerConfig().eps;
}

Error incomplete(const std::string& name) {
  return make_error(ErrorCode::corrupt_input,
                    "the transformer's weights lack " + name + ", or it has another shape");
}

std::vector<int64_t> vace_layers(const Json& config, int64_t layers, int64_t blocks) {
  std::vector<int64_t> at;
  if (const auto given = config.find("vace_layers"); given != config.end() && given->is_array())
    for (const auto& layer : *given)
      if (layer.is_number_integer()) at.push_back(layer.get<int64_t>());
  if (static_cast<int64_t>(at.size()) == blocks) return at;
  at.clear();
  for (int64_t i = 0; i < blocks; ++i) at.push_back(i * (layers / blocks));
  return at;
}

Result<void> read_vace(const Weights& weights, const Json& description, TransformerConfig& config) {
  const int64_t blocks = weights.count("vace_blocks.");
  if (blocks == 0) return {};
  const auto* patch = weights.shape("vace_patch_embedding.weight");
  if (!patch || patch->size() < 2 || blocks > config.layers) return incomplete("vace_patch_embedding.weight");
  config.vace_channels = (*patch)[1];
  config.vace_layers = vace_layers(description, config.layers, blocks);
  std::set<int64_t> different;
  for (const int64_t layer : config.vace_layers)
    if (layer < 0 || layer >= config.layers || !different.insert(layer).second)
      return incomplete("a block for each of the VACE layers");
  return {};
}

}  // namespace

Result<TransformerConfig> transformer_config(const Weights& weights, const std::string& described) {
  const Json config = description(weights, described);
  TransformerConfig sizes;
  const auto two = [&](const char* name) -> const std::vector<int64_t>* {
    const auto* shape = weights.shape(name);
    return shape && shape->size() == 2 ? shape : nullptr;
  };
  const auto* patch = weights.shape("patch_embedding.weight");
  if (!patch || patch->size() != 5 || (*patch)[2] != 1) return incomplete("patch_embedding.weight");
  const auto *text = two("text_embedding.0.weight"), *time = two("time_embedding.0.weight"),
             *ffn = two("blocks.0.ffn.0.weight"), *head = two("head.head.weight");
  if (!text || !time || !ffn || !head) return incomplete("the embeddings, the first block or the head");
  sizes.dim = (*patch)[0];
  sizes.in_channels = (*patch)[1];
  sizes.patch_height = (*patch)[3];
  sizes.patch_width = (*patch)[4];
  sizes.ffn_dim = (*ffn)[0];
  sizes.freq_dim = (*time)[1];
  sizes.text_dim = (*text)[1];
  sizes.layers = weights.count("blocks.");
  const int64_t patch_size = sizes.patch_height * sizes.patch_width;
  if (patch_size < 1 || (*head)[0] % patch_size != 0) return incomplete("head.head.weight");
  sizes.out_channels = (*head)[0] / patch_size;
  sizes.text_len = number(config, "text_len").value_or(kTextLen);
  sizes.eps = eps_of(config);
  sizes.qk_norm = !left_out(config, "qk_norm", weights, "blocks.0.self_attn.norm_q.weight");
  sizes.cross_attn_norm = !left_out(config, "cross_attn_norm", weights, "blocks.0.norm3.weight");
  sizes.float_sinusoid = config.contains("num_attention_heads");  // only diffusers' configs call it so
  const auto heads = number(config, "num_heads");
  sizes.heads = heads ? *heads : number(config, "num_attention_heads").value_or(sizes.dim / kHeadDim);
  if (sizes.heads < 1 || sizes.dim % sizes.heads != 0 || sizes.head_dim() % 2 != 0)
    return make_error(ErrorCode::unsupported,
                      "a transformer of width " + std::to_string(sizes.dim) +
                          " cannot have heads of 128; its file does not say how many it has");
  TROUPE_CHECK_OK(read_vace(weights, config, sizes));
  return sizes;
}

}  // namespace troupe::engine::wan
