#include "engine/wan/vae/layers.h"

#include "engine/wan/nn/ops.h"

namespace troupe::engine::wan {
namespace {

constexpr double kShortest = 1e-12;  // a pixel of length zero stays zero

// The last `count` frames of `frames`.
at::Tensor last(const at::Tensor& frames, int64_t count) {
  return frames.narrow(2, frames.size(2) - count, count);
}

// f on each frame, one after the other: of [1, c, h, w] and so that the results are held once.
template <class Function>
at::Tensor each_frame(const at::Tensor& x, const Function& f) {
  at::Tensor all;
  for (int64_t t = 0; t < x.size(2); ++t) {
    const at::Tensor frame = f(x.select(2, t));
    if (!all.defined())
      all = at::empty({1, frame.size(1), x.size(2), frame.size(2), frame.size(3)}, frame.options());
    all.select(2, t).copy_(frame);
  }
  return all;
}

// Of every pixel's channels, [1, 1, t, h, w] float; frame by frame, for the squares are as large as x.
at::Tensor channel_lengths(const at::Tensor& x) {
  at::Tensor all = at::empty({1, 1, x.size(2), x.size(3), x.size(4)}, x.options().dtype(at::kFloat));
  for (int64_t t = 0; t < x.size(2); ++t)
    all.select(2, t).copy_(x.select(2, t).to(at::kFloat).square().sum(1, /*keepdim=*/true));
  return all.sqrt_().clamp_min_(kShortest);
}

at::Tensor read_as_stored(Reader& reader, const Weights& weights, const std::string& name, bool precise) {
  const auto* shape = weights.shape(name);
  const std::vector<int64_t> wanted = shape ? *shape : std::vector<int64_t>{};
  return precise ? reader.precise(name, wanted) : reader.weight(name, wanted);
}

at::Tensor read_gamma(Reader& reader, const Weights& weights, const std::string& name) {
  const at::Tensor gamma = read_as_stored(reader, weights, name, true);
  return gamma.defined() ? gamma.reshape({-1}) : gamma;
}

Residual read_residual(Reader& reader, const Weights& weights, const std::string& at) {
  Residual layer;
  layer.norm1 = read_gamma(reader, weights, at + "residual.0.gamma");
  layer.conv1 = read_conv(reader, weights, at + "residual.2");
  layer.norm2 = read_gamma(reader, weights, at + "residual.3.gamma");
  layer.conv2 = read_conv(reader, weights, at + "residual.6");
  if (weights.has(at + "shortcut.weight")) layer.shortcut = read_conv(reader, weights, at + "shortcut");
  return layer;
}

FrameAttention read_attention(Reader& reader, const Weights& weights, const std::string& at) {
  FrameAttention layer;
  layer.norm = read_gamma(reader, weights, at + "norm.gamma");
  layer.qkv_weight = read_as_stored(reader, weights, at + "to_qkv.weight", false);
  layer.qkv_bias = read_as_stored(reader, weights, at + "to_qkv.bias", false);
  layer.out_weight = read_as_stored(reader, weights, at + "proj.weight", false);
  layer.out_bias = read_as_stored(reader, weights, at + "proj.bias", false);
  return layer;
}

Resample read_resample(Reader& reader, const Weights& weights, const std::string& at, bool up) {
  Resample layer;
  layer.up = up;
  layer.weight = read_as_stored(reader, weights, at + "resample.1.weight", false);
  layer.bias = read_as_stored(reader, weights, at + "resample.1.bias", false);
  if (weights.has(at + "time_conv.weight")) layer.time = read_conv(reader, weights, at + "time_conv");
  return layer;
}

}  // namespace

at::Tensor channel_norm(at::Tensor x, const at::Tensor& gamma, Then then) {
  const at::ScalarType type = x.scalar_type();
  const at::Tensor length = channel_lengths(x);
  const at::Tensor factors = (gamma * std::sqrt(static_cast<double>(x.size(1)))).view({1, -1, 1, 1, 1});
  // What nobody else holds is written over.
  const bool own = type == at::kFloat && x.use_count() == 1 && x.storage().use_count() == 1;
  at::Tensor out = own ? x : x.to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  x.reset();
  out.mul_(factors).div_(length);
  if (then == Then::silu) at::silu_(out);
  return out.to(type);
}

at::Tensor CausalConv::operator()(at::Tensor x, History& history) const {
  at::Tensor in = x.to(weight.scalar_type());
  x.reset();
  const int64_t back = weight.size(2) - 1, side = weight.size(3) / 2;
  const std::vector<int64_t> ones = {1, 1, 1};
  if (back == 0) return at::conv3d(in, weight, bias, ones, at::IntArrayRef{0, side, side});
  History::Place& place = history.next();
  if (!place.frames.defined())
    place.frames = at::zeros({1, in.size(1), back, in.size(3), in.size(4)}, in.options());
  const at::Tensor all = at::cat({place.frames, in}, 2);
  in.reset();
  // Not a view of `all`, which would keep it alive.
  place.frames = last(all, back).clone();
  return at::conv3d(all, weight, bias, ones, at::IntArrayRef{0, side, side});
}

at::Tensor Residual::operator()(const at::Tensor& x, History& history) const {
  // The shortcut looks at one frame at a time, so it takes no place in the history.
  const at::Tensor beside = shortcut.weight.defined() ? shortcut(x, history) : x;
  at::Tensor first = conv1(channel_norm(x, norm1, Then::silu), history);
  return conv2(channel_norm(std::move(first), norm2, Then::silu), history).add_(beside);
}

at::Tensor FrameAttention::operator()(const at::Tensor& x) const {
  const at::Tensor normed = channel_norm(x, norm);
  const int64_t channels = x.size(1), height = x.size(3), width = x.size(4);
  Compute plain;
  plain.plain = true;  // the heads are wider than the fast path takes, and there are few tokens
  return x + each_frame(normed, [&](const at::Tensor& frame) {
           const at::Tensor in = frame.to(qkv_weight.scalar_type());
           const auto parts = at::conv2d(in, qkv_weight, qkv_bias)
                                  .reshape({3, channels, height * width})
                                  .transpose(1, 2)
                                  .unsqueeze(2)
                                  .unbind(0);
           const at::Tensor out =
               attention(parts[0], parts[1], parts[2], {}, plain).t().reshape({1, channels, height, width});
           return at::conv2d(out, out_weight, out_bias);
         });
}

at::Tensor Resample::more_frames(at::Tensor x, History& history) const {
  History::Place& place = history.next();
  // The first frame of all is not doubled, and not remembered either.
  if (!std::exchange(place.begun, true)) return x;
  const int64_t channels = x.size(1), frames = x.size(2), height = x.size(3), width = x.size(4);
  x = x.to(time.weight.scalar_type());
  if (!place.frames.defined()) place.frames = at::zeros({1, channels, 2, height, width}, x.options());
  at::Tensor all = at::cat({place.frames, x}, 2);
  x.reset();
  place.frames = last(all, 2).clone();
  const at::Tensor twice = at::conv3d(all, time.weight, time.bias);
  all.reset();
  // [1, 2 c, t, h, w]: the halves of the channels are the even and the odd frames.
  return twice.view({1, 2, channels, frames, height, width})
      .permute({0, 2, 3, 1, 4, 5})
      .reshape({1, channels, 2 * frames, height, width});
}

at::Tensor Resample::fewer_frames(const at::Tensor& x, History& history) const {
  History::Place& place = history.next();
  const at::Tensor before = place.frames;
  place.frames = last(x, 1).clone();
  if (!before.defined()) return x;
  const at::Tensor all = at::cat({before, x}, 2).to(time.weight.scalar_type());
  return at::conv3d(all, time.weight, time.bias, at::IntArrayRef{2, 1, 1});
}

at::Tensor Resample::operator()(at::Tensor x, History& history) const {
  if (up) {
    if (time.weight.defined()) x = more_frames(std::move(x), history);
    return each_frame(x.to(weight.scalar_type()), [&](const at::Tensor& frame) {
      const at::Tensor large =
          at::upsample_nearest2d(frame.contiguous(), {2 * frame.size(2), 2 * frame.size(3)});
      return at::conv2d(large, weight, bias, 1, 1);
    });
  }
  const at::Tensor half = each_frame(x.to(weight.scalar_type()), [&](const at::Tensor& frame) {
    return at::conv2d(at::constant_pad_nd(frame, {0, 1, 0, 1}), weight, bias, 2);
  });
  return time.weight.defined() ? fewer_frames(half, history) : half;
}

at::Tensor run(const VaeLayer& layer, at::Tensor x, History& history) {
  if (const auto* residual = std::get_if<Residual>(&layer)) return (*residual)(x, history);
  if (const auto* frame = std::get_if<FrameAttention>(&layer)) return (*frame)(x);
  return std::get<Resample>(layer)(std::move(x), history);
}

CausalConv read_conv(Reader& reader, const Weights& weights, const std::string& name) {
  return {read_as_stored(reader, weights, name + ".weight", false),
          read_as_stored(reader, weights, name + ".bias", false)};
}

std::vector<VaeLayer> read_layers(Reader& reader, const Weights& weights, const std::string& list, bool up) {
  std::vector<VaeLayer> layers;
  for (int64_t i = 0; i < weights.count(list); ++i) {
    const std::string at = list + std::to_string(i) + ".";
    if (weights.has(at + "resample.1.weight"))
      layers.push_back(read_resample(reader, weights, at, up));
    else if (weights.has(at + "to_qkv.weight"))
      layers.push_back(read_attention(reader, weights, at));
    else
      layers.push_back(read_residual(reader, weights, at));
  }
  return layers;
}

}  // namespace troupe::engine::wan
