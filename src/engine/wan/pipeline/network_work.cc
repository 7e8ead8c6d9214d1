#include <ATen/Parallel.h>

#include <algorithm>

#include "engine/wan/pipeline/network_sizes.h"
#include "engine/wan/vae/vae.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kFloat = 4;
constexpr int64_t kDouble = 8;
// What kernels/ work in: keys and values of some heads, and for each thread a part of a product.
constexpr int64_t kPackedMax = int64_t{64} << 20, kProductRows = 192, kProductBytes = 1024;
constexpr int64_t kSmallConv = 20480;  // values by which libtorch chooses, see products()
constexpr int64_t kQueriesHeld = 256;  // of which plain attention holds the scores at once

int64_t size_of(at::ScalarType type) { return static_cast<int64_t>(c10::elementSize(type)); }

// Not by an initializer_list: gcc 14 at -O1 takes wrong figures out of one.
template <typename... Rest>
int64_t highest(int64_t first, Rest... rest) {
  ((first = std::max<int64_t>(first, rest)), ...);
  return first;
}

bool is_fused(const Compute& compute) { return compute.device.is_cpu() && !compute.plain; }

int64_t packed_bytes(const Compute& compute, int64_t tokens, int64_t heads, int64_t head_dim) {
  if (!is_fused(compute)) return 0;
  const int64_t head = 2 * tokens * head_dim * size_of(compute.type);
  return std::clamp(kPackedMax, head, std::max(head, heads * head));
}

int64_t product_bytes(const Compute& compute, int64_t width) {
  return is_fused(compute) ? at::get_num_threads() * (width + kProductRows) * kProductBytes : 0;
}

// --- The transformer

// What one block holds beside the stream, a token: nn/ops.h and dit/block.cc, by the order of their
// statements.
int64_t block_bytes(const TransformerConfig& c, const Compute& compute) {
  const bool fused = is_fused(compute);
  const int64_t map = c.dim * size_of(compute.type), wide = c.dim * kFloat;
  // Where they are made operator by operator: normed_heads(), modulated_norm(), add_projected().
  const int64_t heads = fused ? 0 : 5 * wide, norm = fused ? 0 : 3 * wide, add = fused ? 0 : map + wide;
  const int64_t attend = compute.plain ? 3 * wide : 0;
  // What is multiplied in 8-bit floats, and scaled for them.
  const int64_t small = compute.float8 ? 1 + size_of(compute.type) : 0;
  const int64_t self = map + highest(3 * map + heads, 4 * map + attend) + small * c.dim;
  const int64_t cross = 3 * map + highest(2 * map + heads, 2 * map + attend) + add + small * c.dim;
  const int64_t fed = 3 * map + c.ffn_dim * (size_of(compute.type) * (fused ? 1 : 2) + small) + add;
  return highest(2 * map + norm, self, cross, fed);
}

}  // namespace

int64_t forward_work(const TransformerConfig& c, const Compute& compute, const TokenCounts& counts) {
  const int64_t e = size_of(compute.type), stream = kFloat * c.dim;
  const int64_t rotary = c.head_dim() / 2 * (kDouble + 2 * kFloat), block = block_bytes(c, compute);
  const int64_t patch = c.patch_height * c.patch_width;
  const int64_t hints = counts.hints ? static_cast<int64_t>(c.vace_layers.size()) * c.dim * e : 0;
  // The stream of the branch beside that of the video, until all hints are made.
  const int64_t start = highest(patch * c.vace_channels * e + c.dim * e, 2 * c.dim * e + stream);
  const int64_t branch = counts.hints ? stream + highest(block, 2 * c.dim * e, start) : 0;
  const int64_t embedding = stream + highest(patch * c.in_channels * e + c.dim * e, stream);
  const int64_t turning = c.head_dim() / 2 * kDouble;
  const int64_t head = stream * (is_fused(compute) ? 1 : 3);
  const int64_t library = is_fused(compute) ? 0 : 2 * c.dim * e;  // of attention on other devices
  return counts.tokens *
             (library + highest(embedding, stream + rotary + turning, stream + rotary + hints + branch,
                                stream + rotary + hints + block, stream + rotary + head)) +
         packed_bytes(compute, counts.tokens, c.heads, c.head_dim()) +
         product_bytes(compute, std::max(c.dim, c.ffn_dim));
}

int64_t prepared_bytes(const TransformerConfig& c, const Compute& compute) {
  const int64_t blocks = c.layers + static_cast<int64_t>(c.vace_layers.size());
  return c.text_len * c.dim * size_of(compute.type) * (2 * blocks + 1);
}

// --- The text encoder

int64_t text_work(const TextSizes& s, const Compute& compute, int64_t tokens) {
  const int64_t e = size_of(compute.type);
  const int64_t bias = tokens * tokens * (kDouble + 2 * s.heads * kFloat);
  const int64_t stream = 4 * s.width * kFloat, inner = 5 * s.inner * e, fed = 4 * s.ffn_dim * e;
  const int64_t plain = is_fused(compute) ? 0 : 3 * s.heads * tokens * kFloat + 4 * s.inner * kFloat;
  return tokens * (stream + highest(inner + plain, fed)) + bias +
         packed_bytes(compute, tokens, s.heads, s.inner / s.heads) +
         product_bytes(compute, std::max(s.width, s.ffn_dim));
}

// --- The video autoencoder

namespace {

// A walk over the layers: the most that is held, and what stays of earlier frames.
class VaeWalk {
 public:
  VaeWalk(const Compute& compute, int64_t frames, int64_t rows, int64_t columns)
      : e_(size_of(compute.type)),
        columns_of_float_(compute.device.is_cpu() && compute.type == at::kFloat),
        frames_(frames),
        rows_(rows),
        columns_(columns) {}

  // A convolution over time and space of what nobody else holds; `live` is held beside it.
  void conv(int64_t in, int64_t out, int64_t live) {
    const int64_t x = map(in), all = x + kept(in);
    history_ += kept(in);
    top(live + highest(x + all, all + kept(in), all + products(in, out, frames_, frames_ + 2, 27)));
  }

  void norm(int64_t channels, int64_t live, bool own) {
    const int64_t wide = frames_ * area() * channels * kFloat, lengths = frames_ * area() * kFloat;
    const int64_t frame = area() * channels * kFloat * (e_ == kFloat ? 1 : 2);
    const int64_t x = own ? map(channels) : 0;
    top(live + lengths +
        highest(x + frame, own && e_ == kFloat ? wide : x + wide, e_ == kFloat ? 0 : wide + map(channels)));
  }

  void residual(int64_t in, int64_t out) {
    const int64_t live = map(in) + (in == out ? 0 : map(out));
    if (in != out) top(map(in) + products(in, out, frames_, frames_, 1));
    norm(in, live, false);
    conv(in, out, live);
    norm(out, live, true);
    conv(out, out, live);
  }

  // One frame at a time.
  void attention(int64_t channels) {
    const int64_t frame = channels * area();
    const int64_t heads = 7 * frame * e_ + 6 * frame * kFloat;
    const int64_t scores = 3 * std::min(kQueriesHeld, area()) * area() * kFloat;
    norm(channels, map(channels), false);
    top(3 * map(channels) + heads + scores);
  }

  void up(int64_t in, int64_t out, bool time) {
    if (time) {
      const int64_t all = map(in) + kept(in);
      history_ += kept(in);
      top(highest(map(in) + all, all + products(in, 2 * in, frames_, frames_ + 2, 3), 4 * map(in)));
      frames_ *= 2;
    }
    const int64_t small = map(in), frame = in * area() * e_;
    rows_ *= 2;
    columns_ *= 2;
    top(small + frame + map(out) + 4 * frame + products(in, out, 1, 1, 9));
  }

  void down(int64_t channels, bool time) {
    const int64_t large = map(channels), frame = channels * area() * e_;
    rows_ /= 2;
    columns_ /= 2;
    top(large + map(channels) + frame + 5 * products(channels, channels, 1, 1, 9));
    if (!time) return;
    const int64_t half = map(channels), one = channels * area() * e_;
    history_ += one;
    const int64_t all = half + one;
    const int64_t frames = frames_;
    frames_ = std::max<int64_t>(1, frames_ / 2);
    top(large + half + all + products(channels, channels, frames_, frames + 1, 3));
  }

  // Frames as they come and go, in float.
  void ends(int64_t channels) { top(2 * frames_ * area() * channels * kFloat); }

  int64_t bytes() const { return (top_ + history_) * 33 / 32; }  // with what malloc adds

 private:
  int64_t area() const { return rows_ * columns_; }
  int64_t map(int64_t channels) const { return frames_ * area() * channels * e_; }
  int64_t kept(int64_t channels) const { return 2 * area() * channels * e_; }  // a History::Place
  void top(int64_t bytes) { top_ = std::max(top_, bytes); }

  // What comes out of a convolution and what is made on the way: oneDNN (and cuDNN) copies in, out and
  // weights into layouts of its own; libtorch itself, which takes small floats on the CPU, lays out every
  // window (ConvParams::use_mkldnn of 1.13).
  int64_t products(int64_t in, int64_t out, int64_t frames, int64_t frames_in, int64_t window) const {
    const int64_t y = frames * area() * out * e_;
    const bool lays_out = columns_of_float_ && in * (window == 9 ? area() : frames_in * rows_) <= kSmallConv;
    return lays_out ? y + window * in * frames * area() * kFloat
                    : 2 * y + frames_in * area() * in * e_ + window * in * out * e_;
  }

  int64_t e_;
  bool columns_of_float_;
  int64_t frames_, rows_, columns_;
  int64_t top_ = 0, history_ = 0;
};

int64_t walk_layers(VaeWalk& walk, const VaeSizes::Side& side, bool up) {
  using Kind = VaeSizes::Layer::Kind;
  int64_t channels = side.channels;
  for (const VaeSizes::Layer& layer : side.layers) {
    if (layer.kind == Kind::attention)
      walk.attention(layer.in);
    else if (layer.kind == Kind::residual)
      walk.residual(layer.in, layer.out);
    else if (up)
      walk.up(layer.in, layer.out, layer.time);
    else
      walk.down(layer.in, layer.time);
    channels = layer.out;
  }
  return channels;
}

}  // namespace

int64_t decode_work(const VaeSizes& sizes, const Compute& compute, int64_t latents, int64_t rows,
                    int64_t columns) {
  VaeWalk walk(compute, 1, rows, columns);
  walk.conv(kLatentChannels, sizes.decoder.channels, 0);
  const int64_t channels = walk_layers(walk, sizes.decoder, true);
  walk.norm(channels, 0, true);
  walk.conv(channels, sizes.decoder.last, 0);
  walk.ends(sizes.decoder.last);
  return walk.bytes() + 3 * latents * rows * columns * kLatentChannels * kFloat;
}

int64_t encode_work(const VaeSizes& sizes, const Compute& compute, int64_t latents, int64_t rows,
                    int64_t columns) {
  VaeWalk walk(compute, latents == 1 ? 1 : kLatentFrames, rows * kLatentScale, columns * kLatentScale);
  walk.ends(3);
  walk.conv(3, sizes.encoder.channels, 0);
  const int64_t channels = walk_layers(walk, sizes.encoder, false);
  walk.norm(channels, 0, true);
  walk.conv(channels, sizes.encoder.last, 0);
  return walk.bytes() + 3 * latents * rows * columns * sizes.encoder.last * kFloat;
}

int64_t decode_work(const TinySizes& sizes, const Compute& compute, int64_t rows, int64_t columns) {
  // Four frames in a convolution at full size, with oneDNN's copies.
  const int64_t area = rows * columns * kLatentScale * kLatentScale;
  return 5 * kLatentFrames * sizes.channels * area * size_of(compute.type);
}

}  // namespace troupe::engine::wan
