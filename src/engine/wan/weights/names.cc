#include "engine/wan/weights/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace troupe::engine::wan {
namespace {

using Rename = std::pair<std::string_view, std::string_view>;

constexpr std::string_view kPrefixes[] = {"model.diffusion_model.",
                                          "diffusion_model.",
                                          "diff_dec.transformer.",
                                          "transformer.",
                                          "text_encoder.",
                                          "vae.",
                                          "module."};

// Beginnings of diffusers' names and what they stand for. The rest (".weight") stays.
constexpr Rename kTransformer[] = {
    {"condition_embedder.text_embedder.linear_1.", "text_embedding.0."},
    {"condition_embedder.text_embedder.linear_2.", "text_embedding.2."},
    {"condition_embedder.time_embedder.linear_1.", "time_embedding.0."},
    {"condition_embedder.time_embedder.linear_2.", "time_embedding.2."},
    {"condition_embedder.time_proj.", "time_projection.1."},
    {"proj_out.", "head.head."},
};

// Within a block, behind "blocks.0.".
constexpr Rename kBlock[] = {
    {"attn1.to_q.", "self_attn.q."},
    {"attn1.to_k.", "self_attn.k."},
    {"attn1.to_v.", "self_attn.v."},
    {"attn1.to_out.0.", "self_attn.o."},
    {"attn1.norm_q.", "self_attn.norm_q."},
    {"attn1.norm_k.", "self_attn.norm_k."},
    {"attn2.to_q.", "cross_attn.q."},
    {"attn2.to_k.", "cross_attn.k."},
    {"attn2.to_v.", "cross_attn.v."},
    {"attn2.to_out.0.", "cross_attn.o."},
    {"attn2.norm_q.", "cross_attn.norm_q."},
    {"attn2.norm_k.", "cross_attn.norm_k."},
    {"attn2.add_k_proj.", "cross_attn.k_img."},
    {"attn2.add_v_proj.", "cross_attn.v_img."},
    {"attn2.norm_added_k.", "cross_attn.norm_k_img."},
    {"norm2.", "norm3."},  // the norm before cross-attention; the authors' norm2 has no weights
    {"ffn.net.0.proj.", "ffn.0."},
    {"ffn.net.2.", "ffn.2."},
    {"proj_in.", "before_proj."},
    {"proj_out.", "after_proj."},
};

constexpr Rename kTextBlock[] = {
    {"layer.0.SelfAttention.relative_attention_bias.", "pos_embedding.embedding."},
    {"layer.0.SelfAttention.", "attn."},
    {"layer.0.layer_norm.", "norm1."},
    {"layer.1.layer_norm.", "norm2."},
    {"layer.1.DenseReluDense.wi_0.", "ffn.gate.0."},
    {"layer.1.DenseReluDense.wi_1.", "ffn.fc1."},
    {"layer.1.DenseReluDense.wo.", "ffn.fc2."},
    {"attn_q.", "attn.q."},
    {"attn_k.", "attn.k."},
    {"attn_v.", "attn.v."},
    {"attn_o.", "attn.o."},
    {"attn_norm.", "norm1."},
    {"attn_rel_b.", "pos_embedding.embedding."},
    {"ffn_gate.", "ffn.gate.0."},
    {"ffn_up.", "ffn.fc1."},
    {"ffn_down.", "ffn.fc2."},
    {"ffn_norm.", "norm2."},
};

constexpr Rename kText[] = {
    {"shared.", "token_embedding."},     {"encoder.embed_tokens.", "token_embedding."},
    {"token_embd.", "token_embedding."}, {"encoder.final_layer_norm.", "norm."},
    {"enc.output_norm.", "norm."},
};

constexpr Rename kVae[] = {
    {"quant_conv.", "conv1."},
    {"post_quant_conv.", "conv2."},
    {"encoder.conv_in.", "encoder.conv1."},
    {"decoder.conv_in.", "decoder.conv1."},
    {"encoder.norm_out.", "encoder.head.0."},
    {"decoder.norm_out.", "decoder.head.0."},
    {"encoder.conv_out.", "encoder.head.2."},
    {"decoder.conv_out.", "decoder.head.2."},
};

constexpr Rename kResidual[] = {
    {"norm1.", "residual.0."}, {"conv1.", "residual.2."},       {"norm2.", "residual.3."},
    {"conv2.", "residual.6."}, {"conv_shortcut.", "shortcut."},
};

// Takes `head` off the front of `text`, if it is there.
bool take(std::string_view& text, std::string_view head) {
  if (!text.starts_with(head)) return false;
  text.remove_prefix(head.size());
  return true;
}

constexpr int kMostLayers = 10000;  // a larger number is no layer's

// Takes "12." off the front.
std::optional<int> take_index(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0 || value >= kMostLayers || end == text.data() + text.size() ||
      *end != '.')
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  return value;
}

std::string rename(std::span<const Rename> table, std::string_view text) {
  for (const auto& [from, to] : table)
    if (text.starts_with(from)) return std::string(to) + std::string(text.substr(from.size()));
  return std::string(text);
}

std::string numbered(std::string_view list, int index, std::string_view rest) {
  return std::string(list) + std::to_string(index) + "." + std::string(rest);
}

std::string transformer_name(std::string_view text) {
  for (const std::string_view list : {"blocks.", "vace_blocks."}) {
    std::string_view rest = text;
    if (!take(rest, list)) continue;
    const auto index = take_index(rest);
    if (!index) return std::string(text);
    if (rest == "scale_shift_table") return numbered(list, *index, "modulation");
    return numbered(list, *index, rename(kBlock, rest));
  }
  if (text == "scale_shift_table") return "head.modulation";
  return rename(kTransformer, text);
}

std::string text_encoder_name(std::string_view text) {
  std::string_view rest = text;
  if (take(rest, "encoder.block.") || take(rest, "enc.blk.")) {
    const auto index = take_index(rest);
    return index ? numbered("blocks.", *index, rename(kTextBlock, rest)) : std::string(text);
  }
  return rename(kText, text);
}

// "mid_block.resnets.1.…" and "mid_block.attentions.0.…": the middle is residual, attention, residual.
std::string middle_name(std::string_view side, std::string_view rest) {
  const std::string middle = std::string(side) + "middle.";
  if (take(rest, "resnets.")) {
    const auto index = take_index(rest);
    return numbered(middle, index.value_or(0) * 2, rename(kResidual, rest));
  }
  take(rest, "attentions.0.");
  return numbered(middle, 1, rest);
}

std::string vae_name(std::string_view text, int residuals) {
  const int stage_layers = residuals + 1;  // and what doubles the size
  for (const std::string_view side : {"encoder.", "decoder."}) {
    std::string_view rest = text;
    if (!take(rest, side)) continue;
    if (take(rest, "mid_block.")) return middle_name(side, rest);
    const std::string to = std::string(side) + (side == "encoder." ? "downsamples." : "upsamples.");
    if (take(rest, "down_blocks.")) {
      const auto index = take_index(rest);
      return index ? numbered(to, *index, rename(kResidual, rest)) : std::string(text);
    }
    if (!take(rest, "up_blocks.")) continue;
    const auto stage = take_index(rest);
    if (!stage) return std::string(text);
    if (take(rest, "upsamplers.0.")) return numbered(to, *stage * stage_layers + residuals, rest);
    take(rest, "resnets.");
    const auto index = take_index(rest);
    return index ? numbered(to, *stage * stage_layers + *index, rename(kResidual, rest)) : std::string(text);
  }
  return rename(kVae, text);
}

std::string_view without_prefix(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const auto prefix : kPrefixes) again = take(text, prefix) || again;
  }
  return text;
}

bool any_of(std::span<const std::string_view> names, const std::function<bool(std::string_view)>& test) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return test(without_prefix(n)); });
}

bool is_lora(std::string_view text) {
  for (const auto mark : {".lora_down.", ".lora_up.", ".lora_A.", ".lora_B.", ".diff_b", ".diff_m"})
    if (text.find(mark) != std::string_view::npos) return true;
  return text.ends_with(".diff");
}

}  // namespace

std::string_view name(Part part) {
  switch (part) {
    case Part::transformer:
      return "transformer";
    case Part::text_encoder:
      return "text encoder";
    case Part::vae:
      return "video autoencoder";
    case Part::tiny_vae:
      return "tiny video autoencoder";
    case Part::lora:
      return "LoRA";
  }
  return "";
}

std::optional<Part> part_of(std::span<const std::string_view> names) {
  const auto has = [&](std::string_view wanted) {
    return any_of(names, [&](auto n) { return n == wanted; });
  };
  if (any_of(names, is_lora)) return Part::lora;
  if (has("patch_embedding.weight") || has("blocks.0.self_attn.q.weight") ||
      has("blocks.0.attn1.to_q.weight") || has("vace_patch_embedding.weight"))
    return Part::transformer;
  if (has("token_embedding.weight") || has("shared.weight") || has("encoder.embed_tokens.weight") ||
      has("token_embd.weight"))
    return Part::text_encoder;
  if (has("decoder.middle.0.residual.0.gamma") || has("decoder.mid_block.resnets.0.norm1.gamma") ||
      has("encoder.middle.0.residual.0.gamma"))
    return Part::vae;
  if (has("decoder.1.weight") && has("decoder.7.conv.weight")) return Part::tiny_vae;
  return std::nullopt;
}

int stage_residuals(std::span<const std::string_view> names) {
  int residuals = 0;
  for (const std::string_view name : names) {
    std::string_view rest = without_prefix(name);
    if (!take(rest, "decoder.up_blocks.") || !take_index(rest) || !take(rest, "resnets.")) continue;
    if (const auto index = take_index(rest)) residuals = std::max(residuals, *index + 1);
  }
  return residuals == 0 ? kStageResiduals : residuals;
}

std::string canonical(Part part, std::string_view name, int residuals) {
  const std::string_view text = without_prefix(name);
  switch (part) {
    case Part::transformer:
      return transformer_name(text);
    case Part::text_encoder:
      return text_encoder_name(text);
    case Part::vae:
      return vae_name(text, residuals);
    default:
      return std::string(text);
  }
}

}  // namespace troupe::engine::wan
