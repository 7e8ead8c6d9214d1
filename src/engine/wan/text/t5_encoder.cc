#include "engine/wan/text/t5_encoder.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/wan/weights/block_stream.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kBucketsMin = 4;
constexpr std::string_view kSharedPositions = "pos_embedding.embedding.weight";

void read_constants(const std::string& text, T5Constants& constants) {
  const auto config = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto number = [&](const char* key) {
    const auto found = config.is_object() ? config.find(key) : config.end();
    return found != config.end() && found->is_number() ? found->get<double>() : 0;
  };
  if (const double eps = number("eps"); eps > 0 && eps < 1) constants.eps = eps;
  if (const double farthest = number("max_dist"); farthest >= 1 && farthest < (1 << 20))
    constants.farthest = static_cast<int64_t>(farthest);
}

}  // namespace

T5Constants t5_constants(const Weights& weights, const std::string& described) {
  T5Constants constants;
  read_constants(weights.config(), constants);
  read_constants(described, constants);
  return constants;
}

std::string_view positions_name(const Weights& weights) {
  return weights.has(kSharedPositions) ? kSharedPositions : "blocks.0.pos_embedding.embedding.weight";
}

int64_t relative_bucket(int64_t distance, int64_t buckets, int64_t farthest) {
  const int64_t half = buckets / 2, exact = half / 2;
  const int64_t side = distance > 0 ? half : 0;
  const int64_t length = std::abs(distance);
  if (length < exact) return side + length;
  // Where the logarithm is a whole number rounding must not fall below it: distance 16 of 32 buckets is such
  // a one.
  const double part = std::log(static_cast<double>(length) / static_cast<double>(exact)) /
                      std::log(static_cast<double>(farthest) / static_cast<double>(exact));
  const auto steps = static_cast<int64_t>(part * static_cast<double>(half - exact) + 1e-9);
  return side + std::min(half - 1, exact + steps);
}

Result<T5Encoder> T5Encoder::load(const Weights& weights, const Compute& compute,
                                  const std::string& described) {
  // Not kept, so it need not be owned.
  return load(std::shared_ptr<const Weights>(std::shared_ptr<void>(), &weights), compute, Residency::resident,
              described);
}

Result<void> T5Encoder::measure(const Weights& weights) {
  const auto sides = [&](std::string_view name) {
    const auto* shape = weights.shape(name);
    return shape && shape->size() == 2 ? std::pair((*shape)[0], (*shape)[1]) : std::pair<int64_t, int64_t>();
  };
  width_ = sides("token_embedding.weight").second;
  inner_ = sides("blocks.0.attn.q.weight").first;
  ffn_dim_ = sides("blocks.0.ffn.gate.0.weight").first;
  std::tie(buckets_, heads_) = sides(positions_name(weights));
  layers_ = weights.count("blocks.");
  if (width_ == 0 || inner_ == 0 || ffn_dim_ == 0 || buckets_ < kBucketsMin || heads_ == 0)
    return make_error(ErrorCode::corrupt_input,
                      "the text encoder's weights lack the embedding, the positions or the first block");
  if (inner_ % heads_ != 0 || constants_.farthest <= buckets_ / 4)
    return make_error(ErrorCode::corrupt_input,
                      "the text encoder's weights cannot be used: " + std::to_string(inner_) + " values in " +
                          std::to_string(heads_) + " heads, " + std::to_string(buckets_) +
                          " buckets for distances up to " + std::to_string(constants_.farthest));
  return {};
}

Result<T5Encoder> T5Encoder::load(std::shared_ptr<const Weights> kept, const Compute& compute,
                                  Residency residency, const std::string& described) {
  const Weights& weights = *kept;
  T5Encoder encoder;
  encoder.compute_ = compute;
  encoder.constants_ = t5_constants(weights, described);
  TROUPE_CHECK_OK(encoder.measure(weights));
  Reader read(weights, compute);
  encoder.embedding_ = read.weight("token_embedding.weight", *weights.shape("token_embedding.weight"));
  encoder.norm_ = read.precise("norm.weight", {encoder.width_});
  if (weights.has(kSharedPositions))
    encoder.shared_positions_ =
        read.precise(std::string(kSharedPositions), {encoder.buckets_, encoder.heads_});
  for (int64_t i = 0; residency == Residency::resident && i < encoder.layers_; ++i)
    encoder.blocks_.push_back(encoder.read_block(read, i));
  TROUPE_CHECK_OK(read.status());
  if (residency == Residency::streamed) encoder.weights_ = std::move(kept);
  return encoder;
}

T5Encoder::Block T5Encoder::read_block(Reader& read, int64_t index) const {
  const std::string at = "blocks." + std::to_string(index) + ".";
  Block block;
  block.norm1 = read.precise(at + "norm1.weight", {width_});
  block.norm2 = read.precise(at + "norm2.weight", {width_});
  block.q = read.linear(at + "attn.q", inner_, width_, false);
  block.k = read.linear(at + "attn.k", inner_, width_, false);
  block.v = read.linear(at + "attn.v", inner_, width_, false);
  block.o = read.linear(at + "attn.o", width_, inner_, false);
  block.positions = shared_positions_.defined()
                        ? shared_positions_
                        : read.precise(at + "pos_embedding.embedding.weight", {buckets_, heads_});
  block.gate = read.linear(at + "ffn.gate.0", ffn_dim_, width_, false);
  block.fc1 = read.linear(at + "ffn.fc1", ffn_dim_, width_, false);
  block.fc2 = read.linear(at + "ffn.fc2", width_, ffn_dim_, false);
  return block;
}

T5Encoder::Block T5Encoder::read_streamed(int64_t index) const {
  Reader read(*weights_, compute_);
  Block block = read_block(read, index);
  const auto status = read.status();
  TORCH_CHECK(status.has_value(), status ? std::string() : status.error().message);
  return block;
}

at::Tensor T5Encoder::position_bias(size_t block, int64_t queries, int64_t keys) const {
  return bias_of(blocks_[block].positions, queries, keys);
}

at::Tensor T5Encoder::bias_of(const at::Tensor& table, int64_t queries, int64_t keys) const {
  at::Tensor buckets = at::empty({queries, keys}, at::kLong);
  auto rows = buckets.accessor<int64_t, 2>();
  for (int64_t query = 0; query < queries; ++query)
    for (int64_t key = 0; key < keys; ++key)
      rows[query][key] = relative_bucket(key - query, buckets_, constants_.farthest);
  return at::embedding(table, buckets.to(table.device())).permute({2, 0, 1}).contiguous();
}

at::Tensor T5Encoder::attend(const Block& block, const at::Tensor& x, int64_t keys) const {
  const auto heads_of = [&](const at::Tensor& t) { return t.view({t.size(0), heads_, inner_ / heads_}); };
  const at::Tensor seen = x.narrow(0, 0, keys);
  const at::Tensor out = attention(heads_of(block.q(x)), heads_of(block.k(seen)), heads_of(block.v(seen)),
                                   bias_of(block.positions, x.size(0), keys), compute_);
  return block.o(out);
}

void T5Encoder::run(const Block& block, at::Tensor& x, int64_t keys, const Tap& tap,
                    const std::string& at) const {
  at::Tensor normed = rms_norm(x, block.norm1, constants_.eps);
  show(tap, at + "norm1", normed);
  const at::Tensor attended = attend(block, normed, keys).to(at::kFloat);
  show(tap, at + "attn", attended);
  x = x + attended;
  normed = rms_norm(x, block.norm2, constants_.eps);
  const at::Tensor fed = block.fc2(block.fc1(normed) * gelu_tanh(block.gate(normed))).to(at::kFloat);
  show(tap, at + "ffn", fed);
  x = x + fed;
  show(tap, at + "out", x);
}

at::Tensor T5Encoder::encode(std::span<const int32_t> ids, int64_t keys, const Tap& tap) const {
  const at::Tensor tokens =
      at::from_blob(const_cast<int32_t*>(ids.data()), {static_cast<int64_t>(ids.size())},
                    at::TensorOptions().dtype(at::kInt))
          .to(at::kLong)
          .to(compute_.device);
  at::Tensor x = at::embedding(embedding_, tokens).to(at::kFloat);
  show(tap, "embed", x);
  std::optional<BlockStream<Block>> stream;
  if (blocks_.empty())
    stream.emplace(layers_, compute_.device, [this](int64_t index) { return read_streamed(index); });
  for (int64_t i = 0; i < layers_; ++i)
    run(stream ? stream->next() : blocks_[static_cast<size_t>(i)], x, keys, tap,
        "block" + std::to_string(i) + ".");
  return rms_norm(x, norm_, constants_.eps);
}

}  // namespace troupe::engine::wan
