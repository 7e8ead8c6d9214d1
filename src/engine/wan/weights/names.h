// The names of tensors: what a file's tensors are called in the checkpoints of the models' authors.
//
// Files of one model go by four sets of names: the authors' own ("blocks.0.self_attn.q.weight"), diffusers'
// and transformers' ("blocks.0.attn1.to_q.weight"), llama.cpp's for text encoders in GGUF
// ("enc.blk.0.attn_q.weight"), and any of them behind a prefix ("model.diffusion_model."). The networks here
// know the authors' only. Source of the tables: huggingface/diffusers scripts/convert_wan_to_diffusers.py
// @58eb52c, huggingface/transformers models/umt5/modeling_umt5.py, city96/ComfyUI-GGUF loader.py @795e451.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace troupe::engine::wan {

/// Which network a file's tensors belong to.
enum class Part { transformer, text_encoder, vae, tiny_vae, lora };

/// "transformer", "text encoder", "video autoencoder", "tiny video autoencoder", "LoRA".
std::string_view name(Part part);

/// The network that has tensors of these names, or none. Any set of names and any prefix of canonical() is
/// known.
std::optional<Part> part_of(std::span<const std::string_view> names);

/// diffusers number the layers of an autoencoder's decoder stage by stage, the authors in a row.
inline constexpr int kStageResiduals = 3;  ///< residual layers of a stage, in all released models
/// How many there are by these names; kStageResiduals where they are not diffusers'.
int stage_residuals(std::span<const std::string_view> names);

/// The authors' name of a tensor of `part`; a name that is in no table is returned without its prefix,
/// unchanged. `residuals`: stage_residuals() of all its names. Not for LoRA files, whose names lora.h reads.
std::string canonical(Part part, std::string_view name, int residuals = kStageResiduals);

}  // namespace troupe::engine::wan
