#include "engine/wan/pipeline/network_sizes.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <tuple>

#include "engine/wan/nn/float8.h"
#include "engine/wan/text/t5_encoder.h"

namespace troupe::engine::wan {
namespace {

int64_t values_of(const std::vector<int64_t>& shape) {
  // Before the product: only of a tensor that holds something is it known to fit.
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

// Norms, modulations and the time's embedding are in float whatever the computing type.
bool is_precise(Part part, std::string_view name) {
  const auto has = [&](std::string_view piece) { return name.find(piece) != std::string_view::npos; };
  if (part == Part::transformer)
    return has("norm") || has("modulation") || name.starts_with("time_") || name.starts_with("head.");
  if (part == Part::text_encoder) return has("norm") || has("pos_embedding");
  return has("gamma");
}

bool is_block(std::string_view name) {
  // Those of VACE that are read beside its blocks.
  if (name.find("before_proj") != std::string_view::npos || name.find("after_proj") != std::string_view::npos)
    return false;
  return name.starts_with("blocks.") || name.starts_with("vace_blocks.");
}

// Adds up the tensors that `wanted` says yes to.
template <class Wanted>
WeightBytes bytes_of(const Weights& weights, const Compute& compute, const Wanted& wanted) {
  WeightBytes bytes;
  for (const std::string_view name : weights.names()) {
    const auto* shape = weights.shape(name);
    if (!shape || !wanted(name)) continue;
    if (compute.float8 && weights.part() == Part::transformer && is_block(name) && fits_float8(*shape)) {
      bytes.copied += values_of(*shape);
      continue;
    }
    const at::ScalarType type = is_precise(weights.part(), name) ? at::kFloat : compute.type;
    const int64_t size = values_of(*shape) * static_cast<int64_t>(c10::elementSize(type));
    (compute.device.is_cpu() && weights.in_place(name, type) ? bytes.mapped : bytes.copied) += size;
  }
  return bytes;
}

// rest, blocks, block of a network that is a list of blocks.
template <class Sizes>
void add_blocks(const Weights& weights, const Compute& compute, Sizes& sizes) {
  sizes.rest = bytes_of(weights, compute, [](std::string_view name) { return !is_block(name); });
  sizes.blocks = bytes_of(weights, compute, is_block);
  sizes.block =
      bytes_of(weights, compute, [](std::string_view name) { return name.starts_with("blocks.0."); });
}

Error incomplete(std::string_view part, std::string_view name) {
  return make_error(ErrorCode::corrupt_input,
                    "the weights of the " + std::string(part) + " lack " + std::string(name));
}

// [out, in] of a tensor, or zeros: also of an empty one, whose other side may be any number.
std::pair<int64_t, int64_t> sides(const Weights& weights, std::string_view name) {
  const auto* shape = weights.shape(name);
  return shape && shape->size() >= 2 && values_of(*shape) > 0 ? std::pair((*shape)[0], (*shape)[1])
                                                              : std::pair<int64_t, int64_t>();
}

// The layers "list0.", "list1." …, told apart as read_layers() of vae/layers.h does.
void add_layers(const Weights& weights, const std::string& list, VaeSizes::Side& side) {
  using Kind = VaeSizes::Layer::Kind;
  for (int64_t i = 0; i < weights.count(list); ++i) {
    const std::string at = list + std::to_string(i) + ".";
    VaeSizes::Layer layer;
    if (weights.has(at + "resample.1.weight")) {
      layer.kind = Kind::resample;
      std::tie(layer.out, layer.in) = sides(weights, at + "resample.1.weight");
      layer.time = weights.has(at + "time_conv.weight");
    } else if (weights.has(at + "to_qkv.weight")) {
      layer.kind = Kind::attention;
      layer.in = layer.out = sides(weights, at + "to_qkv.weight").second;
    } else {
      std::tie(layer.out, layer.in) = sides(weights, at + "residual.2.weight");
    }
    side.layers.push_back(layer);
  }
}

}  // namespace

TransformerSizes transformer_sizes(const Weights& weights, const TransformerConfig& config,
                                   const Compute& compute) {
  TransformerSizes sizes;
  sizes.config = config;
  add_blocks(weights, compute, sizes);
  for (const std::string_view name : weights.names()) {
    if (!weights.shape(name)) continue;
    const int64_t values = values_of(*weights.shape(name));
    // As stored, decoded to float, scaled, changed; and for 8-bit floats in bf16 as read and as scaled.
    if (weights.changed(name)) sizes.reading = std::max(sizes.reading, 4 * values * 4);
    if (compute.float8 && is_block(name)) sizes.reading = std::max(sizes.reading, 2 * values * 2);
  }
  return sizes;
}

Result<TextSizes> text_sizes(const Weights& weights, const Compute& compute) {
  TextSizes sizes;
  std::tie(sizes.inner, sizes.width) = sides(weights, "blocks.0.attn.q.weight");
  sizes.ffn_dim = sides(weights, "blocks.0.ffn.fc1.weight").first;
  sizes.heads = sides(weights, positions_name(weights)).second;
  if (sizes.width == 0 || sizes.ffn_dim == 0 || sizes.heads == 0)
    return incomplete("text encoder", "the first block");
  add_blocks(weights, compute, sizes);
  return sizes;
}

Result<VaeSizes> vae_sizes(const Weights& weights, const Compute& compute) {
  VaeSizes sizes;
  sizes.encoder.channels = sides(weights, "encoder.conv1.weight").first;
  sizes.decoder.channels = sides(weights, "decoder.conv1.weight").first;
  sizes.encoder.last = sides(weights, "encoder.head.2.weight").first;
  sizes.decoder.last = sides(weights, "decoder.head.2.weight").first;
  add_layers(weights, "encoder.downsamples.", sizes.encoder);
  add_layers(weights, "encoder.middle.", sizes.encoder);
  add_layers(weights, "decoder.middle.", sizes.decoder);
  add_layers(weights, "decoder.upsamples.", sizes.decoder);
  if (sizes.encoder.channels == 0 || sizes.decoder.channels == 0 || sizes.decoder.layers.empty())
    return incomplete("video autoencoder", "encoder.conv1 or decoder.conv1");
  sizes.weights = bytes_of(weights, compute, [](std::string_view) { return true; });
  return sizes;
}

Result<TinySizes> tiny_sizes(const Weights& weights, const Compute& compute) {
  TinySizes sizes;
  for (int64_t i = 0; i < weights.count("decoder."); ++i) {
    const auto [out, in] = sides(weights, "decoder." + std::to_string(i) + ".weight");
    if (out == 3) sizes.channels = in;
  }
  if (sizes.channels == 0) return incomplete("tiny autoencoder", "the decoder's last convolution");
  sizes.weights = bytes_of(weights, compute, [](std::string_view) { return true; });
  return sizes;
}

}  // namespace troupe::engine::wan
