#include "engine/wan/vae/layers.h"

#include "engine/wan/nn/ops.h"

namespace troupe::engine::wan {
namespace {

constexpr double kShortest = 1e-12;  // a pixel of length zero stays zero

// The last `count` frames of `frames`.
at::Tensor last(const at::Tensor& frames, int64_t count) {
  return frames.narrow(2, frames.size(2) - count, count);
}

// f on each frame: [1, c, t, h, w] -> [t, c, h, w] and back.
template <class Function>
at::Tensor each_frame(const at::Tensor& x, const Function& f) {
  return f(x.squeeze(0).transpose(0, 1)).transpose(0, 1).unsqueeze(0);
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

at::Tensor channel_norm(const at::Tensor& x, const at::Tensor& gamma) {
  const at::Tensor wide = x.to(at::kFloat);
  const at::Tensor length = wide.square().sum(1, /*keepdim=*/true).sqrt().clamp_min(kShortest);
  const double root = std::sqrt(static_cast<double>(x.size(1)));
  return (wide * (gamma * root).view({1, -1, 1, 1, 1}) / length).to(x.scalar_type());
}

at::Tensor CausalConv::operator()(const at::Tensor& x, History& history) const {
  const at::Tensor in = x.to(weight.scalar_type());
  const int64_t back = weight.size(2) - 1, side = weight.size(3) / 2;
  const std::vector<int64_t> ones = {1, 1, 1};
  if (back == 0) return at::conv3d(in, weight, bias, ones, at::IntArrayRef{0, side, side});
  History::Place& place = history.next();
  if (!place.frames.defined())
    place.frames = at::zeros({1, in.size(1), back, in.size(3), in.size(4)}, in.options());
  const at::Tensor all = at::cat({place.frames, in}, 2);
  // Not a view of `all`, which would keep it alive.
  place.frames = last(all, back).clone();
  return at::conv3d(all, weight, bias, ones, at::IntArrayRef{0, side, side});
}

at::Tensor Residual::operator()(const at::Tensor& x, History& history) const {
  // The shortcut looks at one frame at a time, so it takes no place in the history.
  const at::Tensor beside = shortcut.weight.defined() ? shortcut(x, history) : x;
  const at::Tensor first = conv1(at::silu(channel_norm(x, norm1)), history);
  return conv2(at::silu(channel_norm(first, norm2)), history) + beside;
}

at::Tensor FrameAttention::operator()(const at::Tensor& x) const {
  const at::Tensor normed = channel_norm(x, norm).to(qkv_weight.scalar_type());
  const int64_t channels = x.size(1), height = x.size(3), width = x.size(4);
  Compute plain;
  plain.plain = true;  // the heads are wider than the fast path takes, and there are few tokens
  return x + each_frame(normed, [&](const at::Tensor& frames) {
           const at::Tensor qkv = at::conv2d(frames.contiguous(), qkv_weight, qkv_bias);
           std::vector<at::Tensor> out;
           for (int64_t frame = 0; frame < qkv.size(0); ++frame) {
             const auto parts =
                 qkv[frame].reshape({3, channels, height * width}).transpose(1, 2).unsqueeze(2).unbind(0);
             out.push_back(
                 attention(parts[0], parts[1], parts[2], {}, plain).t().reshape({channels, height, width}));
           }
           return at::conv2d(at::stack(out, 0), out_weight, out_bias);
         });
}

at::Tensor Resample::more_frames(const at::Tensor& x, History& history) const {
  History::Place& place = history.next();
  // The first frame of all is not doubled, and not remembered either.
  if (!std::exchange(place.begun, true)) return x;
  const at::Tensor in = x.to(time.weight.scalar_type());
  if (!place.frames.defined())
    place.frames = at::zeros({1, in.size(1), 2, in.size(3), in.size(4)}, in.options());
  const at::Tensor all = at::cat({place.frames, in}, 2);
  place.frames = last(all, 2).clone();
  const at::Tensor twice = at::conv3d(all, time.weight, time.bias);
  // [1, 2 c, t, h, w]: the halves of the channels are the even and the odd frames.
  const int64_t channels = x.size(1), frames = x.size(2);
  return twice.view({1, 2, channels, frames, x.size(3), x.size(4)})
      .permute({0, 2, 3, 1, 4, 5})
      .reshape({1, channels, 2 * frames, x.size(3), x.size(4)});
}

at::Tensor Resample::fewer_frames(const at::Tensor& x, History& history) const {
  History::Place& place = history.next();
  const at::Tensor before = place.frames;
  place.frames = last(x, 1).clone();
  if (!before.defined()) return x;
  const at::Tensor all = at::cat({before, x}, 2).to(time.weight.scalar_type());
  return at::conv3d(all, time.weight, time.bias, at::IntArrayRef{2, 1, 1});
}

at::Tensor Resample::operator()(const at::Tensor& x, History& history) const {
  if (up) {
    const at::Tensor in = time.weight.defined() ? more_frames(x, history) : x;
    return each_frame(in.to(weight.scalar_type()), [&](const at::Tensor& frames) {
      const at::Tensor large = at::upsample_nearest2d(frames, {2 * frames.size(2), 2 * frames.size(3)});
      return at::conv2d(large, weight, bias, 1, 1);
    });
  }
  const at::Tensor half = each_frame(x.to(weight.scalar_type()), [&](const at::Tensor& frames) {
    return at::conv2d(at::constant_pad_nd(frames, {0, 1, 0, 1}), weight, bias, 2);
  });
  return time.weight.defined() ? fewer_frames(half, history) : half;
}

at::Tensor run(const VaeLayer& layer, const at::Tensor& x, History& history) {
  if (const auto* residual = std::get_if<Residual>(&layer)) return (*residual)(x, history);
  if (const auto* frame = std::get_if<FrameAttention>(&layer)) return (*frame)(x);
  return std::get<Resample>(layer)(x, history);
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
