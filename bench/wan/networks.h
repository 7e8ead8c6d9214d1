// Networks of true sizes with random weights, and the operations that they take.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/wan/weights/weights.h"

namespace troupe::bench {

struct NamedShape {
  std::string name;
  std::vector<int64_t> shape;
};

/// A Wan2.1 transformer.
struct TransformerShape {
  int64_t dim = 1536, ffn_dim = 8960, heads = 12, layers = 30;
  std::vector<int64_t> vace_layers = {};
};
inline constexpr int64_t kTextTokens = 512, kTextWidth = 4096, kVaceChannels = 96;

std::vector<NamedShape> transformer_tensors(const TransformerShape& shape);
std::vector<NamedShape> vae_tensors();
std::vector<NamedShape> tiny_vae_tensors();

/// Numbers of about the size that trained ones have, in bf16, in memory.
Result<std::shared_ptr<engine::wan::Weights>> random_weights(const std::vector<NamedShape>& tensors);

/// Multiplications and additions of a forward pass, embeddings and head left out (under 1 %).
struct Work {
  double linears = 0, attention = 0;
  double all() const { return linears + attention; }
};
Work transformer_work(const TransformerShape& shape, int64_t tokens);

/// Of decoding latents [16, frames, height, width].
double vae_work(int64_t frames, int64_t height, int64_t width);
double tiny_vae_work(int64_t frames, int64_t height, int64_t width);

}  // namespace troupe::bench
