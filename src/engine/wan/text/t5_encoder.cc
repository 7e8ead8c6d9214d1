#include "engine/wan/text/t5_encoder.h"

#include <cmath>

namespace troupe::engine::wan {
namespace {

constexpr double kEps = 1e-6;
constexpr int64_t kFarthest = 128;  // all distances beyond share the last bucket

}  // namespace

int64_t relative_bucket(int64_t distance, int64_t buckets) {
  const int64_t half = buckets / 2, exact = half / 2;
  const int64_t side = distance > 0 ? half : 0;
  const int64_t length = std::abs(distance);
  if (length < exact) return side + length;
  // Where the logarithm is a whole number rounding must not fall below it: distance 16 of 32 buckets is such
  // a one.
  const double part = std::log(static_cast<double>(length) / static_cast<double>(exact)) /
                      std::log(static_cast<double>(kFarthest) / static_cast<double>(exact));
  const auto steps = static_cast<int64_t>(part * static_cast<double>(half - exact) + 1e-9);
  return side + std::min(half - 1, exact + steps);
}

Result<T5Encoder> T5Encoder::load(const Weights& weights, const Compute& compute) {
  const auto* embedding = weights.shape("token_embedding.weight");
  const auto* positions = weights.shape("blocks.0.pos_embedding.embedding.weight");
  const auto* q = weights.shape("blocks.0.attn.q.weight");
  const auto* gate = weights.shape("blocks.0.ffn.gate.0.weight");
  if (!embedding || !positions || !q || !gate || embedding->size() != 2 || positions->size() != 2 ||
      q->size() != 2 || gate->size() != 2)
    return make_error(ErrorCode::corrupt_input,
                      "the text encoder's weights lack the embedding or the first block");
  T5Encoder encoder;
  encoder.compute_ = compute;
  encoder.width_ = (*embedding)[1];
  encoder.heads_ = (*positions)[1];
  const int64_t width = encoder.width_, inner = (*q)[0], wide = (*gate)[0];
  Reader read(weights, compute);
  encoder.embedding_ = read.weight("token_embedding.weight", *embedding);
  for (int64_t i = 0; i < weights.count("blocks."); ++i) {
    const std::string at = "blocks." + std::to_string(i) + ".";
    Block block;
    block.norm1 = read.precise(at + "norm1.weight", {width});
    block.norm2 = read.precise(at + "norm2.weight", {width});
    block.q = read.linear(at + "attn.q", inner, width, false);
    block.k = read.linear(at + "attn.k", inner, width, false);
    block.v = read.linear(at + "attn.v", inner, width, false);
    block.o = read.linear(at + "attn.o", width, inner, false);
    block.positions = read.precise(at + "pos_embedding.embedding.weight", *positions);
    block.gate = read.linear(at + "ffn.gate.0", wide, width, false);
    block.fc1 = read.linear(at + "ffn.fc1", wide, width, false);
    block.fc2 = read.linear(at + "ffn.fc2", width, wide, false);
    encoder.blocks_.push_back(std::move(block));
  }
  encoder.norm_ = read.precise("norm.weight", {width});
  TROUPE_CHECK_OK(read.status());
  return encoder;
}

at::Tensor T5Encoder::position_bias(size_t block, int64_t queries, int64_t keys) const {
  const at::Tensor& table = blocks_[block].positions;
  at::Tensor buckets = at::empty({queries, keys}, at::kLong);
  auto rows = buckets.accessor<int64_t, 2>();
  for (int64_t query = 0; query < queries; ++query)
    for (int64_t key = 0; key < keys; ++key) rows[query][key] = relative_bucket(key - query, table.size(0));
  return at::embedding(table, buckets.to(table.device())).permute({2, 0, 1}).contiguous();
}

at::Tensor T5Encoder::attend(const Block& block, size_t index, const at::Tensor& x, int64_t keys) const {
  const int64_t queries = x.size(0), inner = block.q.weight.size(0);
  const auto heads_of = [&](const at::Tensor& t) { return t.view({t.size(0), heads_, inner / heads_}); };
  const at::Tensor seen = x.narrow(0, 0, keys);
  const at::Tensor out = attention(heads_of(block.q(x)), heads_of(block.k(seen)), heads_of(block.v(seen)),
                                   position_bias(index, queries, keys), compute_);
  return block.o(out);
}

at::Tensor T5Encoder::encode(std::span<const int32_t> ids, int64_t keys, const Tap& tap) const {
  const at::Tensor tokens =
      at::from_blob(const_cast<int32_t*>(ids.data()), {static_cast<int64_t>(ids.size())},
                    at::TensorOptions().dtype(at::kInt))
          .to(at::kLong)
          .to(compute_.device);
  at::Tensor x = at::embedding(embedding_, tokens).to(at::kFloat);
  show(tap, "embed", x);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const std::string at = "block" + std::to_string(i) + ".";
    at::Tensor normed = rms_norm(x, block.norm1, kEps);
    show(tap, at + "norm1", normed);
    const at::Tensor attended = attend(block, i, normed, keys).to(at::kFloat);
    show(tap, at + "attn", attended);
    x = x + attended;
    normed = rms_norm(x, block.norm2, kEps);
    const at::Tensor fed = block.fc2(block.fc1(normed) * gelu_tanh(block.gate(normed))).to(at::kFloat);
    show(tap, at + "ffn", fed);
    x = x + fed;
    show(tap, at + "out", x);
  }
  return rms_norm(x, norm_, kEps);
}

}  // namespace troupe::engine::wan
