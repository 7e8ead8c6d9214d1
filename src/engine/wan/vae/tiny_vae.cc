#include "engine/wan/vae/tiny_vae.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kDropped = kLatentFrames - 1;  // frames that the first latent makes too many

at::Tensor to_frames(const at::Tensor& x) {
  return x.transpose(0, 1).contiguous();
}  // [c, t, h, w] <-> [t, c, h, w]

std::vector<int64_t> stored_shape(const Weights& weights, const std::string& name) {
  const auto* shape = weights.shape(name);
  return shape ? *shape : std::vector<int64_t>{};
}

}  // namespace

at::Tensor TinyVae::Conv::operator()(const at::Tensor& x) const {
  return at::conv2d(x.to(weight.scalar_type()), weight, bias, stride, weight.size(2) / 2);
}

TinyVae::Conv TinyVae::read_conv(Reader& reader, const Weights& weights, const std::string& name) {
  Conv conv;
  conv.weight = reader.weight(name + ".weight", stored_shape(weights, name + ".weight"));
  if (weights.has(name + ".bias"))
    conv.bias = reader.weight(name + ".bias", stored_shape(weights, name + ".bias"));
  return conv;
}

TinyVae::Memory TinyVae::read_memory(Reader& reader, const Weights& weights, const std::string& at) {
  Memory memory;
  memory.first = read_conv(reader, weights, at + "conv.0");
  memory.second = read_conv(reader, weights, at + "conv.2");
  memory.third = read_conv(reader, weights, at + "conv.4");
  if (weights.has(at + "skip.weight"))
    memory.skip = reader.weight(at + "skip.weight", stored_shape(weights, at + "skip.weight"));
  return memory;
}

// The layers without tensors are between those with some: what they are follows from the neighbours.
std::vector<TinyVae::Layer> TinyVae::read_layers(Reader& reader, const Weights& weights,
                                                 const std::string& list) {
  std::vector<Layer> layers;
  const bool decoder = list == "decoder.";
  for (int64_t i = 0; i < weights.count(list); ++i) {
    const std::string at = list + std::to_string(i);
    if (weights.has(at + ".conv.0.weight")) {
      layers.emplace_back(read_memory(reader, weights, at + "."));
    } else if (weights.has(at + ".conv.weight")) {
      const Conv conv = read_conv(reader, weights, at + ".conv");
      decoder ? layers.emplace_back(Grow{conv}) : layers.emplace_back(Pool{conv});
    } else if (weights.has(at + ".weight")) {
      Conv conv = read_conv(reader, weights, at);
      const bool halves = !decoder && !layers.empty() && std::holds_alternative<Pool>(layers.back());
      if (halves) conv.stride = 2;
      layers.emplace_back(conv);
    } else if (decoder && i == 0) {
      layers.emplace_back(Simple::clamp);
    } else {
      const bool behind_memory = !layers.empty() && std::holds_alternative<Memory>(layers.back());
      layers.emplace_back(behind_memory ? Simple::twice : Simple::relu);
    }
  }
  return layers;
}

Result<TinyVae> TinyVae::load(const Weights& weights, const Compute& compute) {
  TinyVae vae;
  vae.compute_ = compute;
  Reader reader(weights, compute);
  vae.encoder_ = read_layers(reader, weights, "encoder.");
  vae.decoder_ = read_layers(reader, weights, "decoder.");
  TROUPE_CHECK_OK(reader.status());
  if (vae.decoder_.empty())
    return make_error(ErrorCode::corrupt_input, "the tiny autoencoder has no decoder");
  return vae;
}

namespace {

// [t, c, h, w] -> the frame before each.
at::Tensor shifted(const at::Tensor& x, at::Tensor& last) {
  const at::Tensor before = last.defined() ? last : at::zeros_like(x.narrow(0, 0, 1));
  last = x.narrow(0, x.size(0) - 1, 1).clone();
  return x.size(0) == 1 ? before : at::cat({before, x.narrow(0, 0, x.size(0) - 1)}, 0);
}

}  // namespace

at::Tensor TinyVae::run(const std::vector<Layer>& layers, at::Tensor x, Past& past, bool grow) const {
  size_t place = 0;
  for (const Layer& layer : layers) {
    if (const auto* conv = std::get_if<Conv>(&layer)) {
      x = (*conv)(x);
    } else if (const auto* memory = std::get_if<Memory>(&layer)) {
      if (place == past.size()) past.emplace_back();
      const at::Tensor both = at::cat({x, shifted(x, past[place++])}, 1);
      const at::Tensor beside = memory->skip.defined() ? at::conv2d(x, memory->skip) : x;
      x = at::relu(memory->third(at::relu(memory->second(at::relu(memory->first(both))))) + beside);
    } else if (const auto* pool = std::get_if<Pool>(&layer)) {
      x = pool->conv(x.reshape({-1, pool->conv.weight.size(1), x.size(2), x.size(3)}));
    } else if (const auto* more = std::get_if<Grow>(&layer)) {
      const int64_t channels = more->conv.weight.size(1);
      Conv grown = more->conv;
      // Without growth only the last of the frames is made.
      if (!grow) grown.weight = grown.weight.narrow(0, grown.weight.size(0) - channels, channels);
      x = grown(x);
      x = x.reshape({-1, channels, x.size(2), x.size(3)});
    } else {
      switch (std::get<Simple>(layer)) {
        case Simple::relu:
          x = at::relu(x);
          break;
        case Simple::clamp:
          x = at::tanh(x / 3) * 3;
          break;
        case Simple::twice:
          x = at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
          break;
      }
    }
  }
  return x;
}

at::Tensor TinyVae::encode(const at::Tensor& video) const {
  const int64_t missing = (kLatentFrames - video.size(1) % kLatentFrames) % kLatentFrames;
  at::Tensor frames = to_frames((video + 1) / 2).to(compute_.device, compute_.type);
  if (missing > 0) {
    const at::Tensor last = frames.narrow(0, frames.size(0) - 1, 1);
    frames = at::cat({frames, last.expand({missing, -1, -1, -1})}, 0);
  }
  Past past;
  std::vector<at::Tensor> parts;
  for (int64_t begin = 0; begin < frames.size(0); begin += kLatentFrames)
    parts.push_back(run(encoder_, frames.narrow(0, begin, kLatentFrames), past, true));
  return to_frames(at::cat(parts, 0)).to(at::kFloat);
}

bool TinyVae::decode(const at::Tensor& latents, const FrameSink& sink, const CancelToken& cancel) const {
  const at::Tensor all = to_frames(latents).to(compute_.device, compute_.type);
  Past past;
  for (int64_t i = 0; i < all.size(0); ++i) {
    if (cancel.cancelled()) return false;
    at::Tensor frames = run(decoder_, all.narrow(0, i, 1), past, true);
    if (i == 0 && frames.size(0) > kDropped) frames = frames.narrow(0, kDropped, frames.size(0) - kDropped);
    if (!sink(to_frames(frames).to(at::kFloat).clamp(0.0, 1.0) * 2 - 1)) return false;
  }
  return true;
}

at::Tensor TinyVae::decode(const at::Tensor& latents) const {
  std::vector<at::Tensor> parts;
  decode(latents, [&](const at::Tensor& frames) {
    parts.push_back(frames);
    return true;
  });
  return at::cat(parts, 1);
}

at::Tensor TinyVae::preview(const at::Tensor& latents) const {
  Past past;
  const at::Tensor frames = run(decoder_, to_frames(latents).to(compute_.device, compute_.type), past, false);
  return to_frames(frames).to(at::kFloat).clamp(0.0, 1.0) * 2 - 1;
}

}  // namespace troupe::engine::wan
