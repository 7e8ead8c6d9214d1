#include "engine/wan/vae/vae.h"

namespace troupe::engine::wan {
namespace {

constexpr float kMean[kLatentChannels] = {-0.7571f, -0.7089f, -0.9113f, 0.1075f,  -0.1745f, 0.9653f,
                                          -0.1517f, 1.5508f,  0.4134f,  -0.0715f, 0.5517f,  -0.3632f,
                                          -0.1922f, -0.9497f, 0.2503f,  -0.2921f};
constexpr float kStd[kLatentChannels] = {2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f,
                                         2.6052f, 2.0743f, 3.2687f, 2.1526f, 2.8652f, 1.5579f,
                                         1.6382f, 1.1253f, 2.8251f, 1.9160f};

at::Tensor column(const float* values) {
  return at::from_blob(const_cast<float*>(values), {kLatentChannels}, at::TensorOptions().dtype(at::kFloat))
      .clone();
}

at::Tensor per_channel(const at::Tensor& values, const at::Tensor& like) {
  return values.to(like.device()).view({-1, 1, 1, 1});
}

at::Tensor run_all(const std::vector<VaeLayer>& layers, at::Tensor x, History& history, const Tap& tap,
                   const std::string& at) {
  for (size_t i = 0; i < layers.size(); ++i) {
    x = run(layers[i], std::move(x), history);
    if (tap) tap(at + std::to_string(i), x.squeeze(0));
  }
  return x;
}

std::string group_name(int64_t group) { return "chunk" + std::to_string(group) + "/"; }

}  // namespace

at::Tensor latent_mean() { return column(kMean); }
at::Tensor latent_std() { return column(kStd); }

at::Tensor denormalised_latents(const at::Tensor& latents) {
  return latents * per_channel(latent_std(), latents) + per_channel(latent_mean(), latents);
}

at::Tensor normalised_latents(const at::Tensor& latents) {
  return (latents - per_channel(latent_mean(), latents)) / per_channel(latent_std(), latents);
}

Vae::Side Vae::read_side(Reader& reader, const Weights& weights, const std::string& name,
                         const std::string& list) {
  Side side;
  side.in = read_conv(reader, weights, name + "conv1");
  side.layers = read_layers(reader, weights, name + list, list == "upsamples.");
  side.middle = read_layers(reader, weights, name + "middle.", false);
  const auto* gamma = weights.shape(name + "head.0.gamma");
  side.norm = reader.precise(name + "head.0.gamma", gamma ? *gamma : std::vector<int64_t>{});
  if (side.norm.defined()) side.norm = side.norm.reshape({-1});
  side.out = read_conv(reader, weights, name + "head.2");
  return side;
}

Result<Vae> Vae::load(const Weights& weights, const Compute& compute) {
  Vae vae;
  vae.compute_ = compute;
  Reader reader(weights, compute);
  vae.encoder_ = read_side(reader, weights, "encoder.", "downsamples.");
  vae.decoder_ = read_side(reader, weights, "decoder.", "upsamples.");
  vae.posterior_ = read_conv(reader, weights, "conv1");
  vae.unposterior_ = read_conv(reader, weights, "conv2");
  TROUPE_CHECK_OK(reader.status());
  if (vae.unposterior_.weight.size(0) != kLatentChannels)
    return make_error(ErrorCode::unsupported, "this video autoencoder has " +
                                                  std::to_string(vae.unposterior_.weight.size(0)) +
                                                  " latent channels; Wan2.1's has 16");
  return vae;
}

at::Tensor Vae::encode_group(const at::Tensor& frames, History& history, const Tap& tap,
                             const std::string& at) const {
  history.rewind();
  at::Tensor x = encoder_.in(frames, history);
  if (tap) tap(at + "enc.conv1", x.squeeze(0));
  x = run_all(encoder_.layers, std::move(x), history, tap, at + "enc.downsamples.");
  x = run_all(encoder_.middle, std::move(x), history, tap, at + "enc.middle.");
  x = encoder_.out(channel_norm(std::move(x), encoder_.norm, Then::silu), history);
  if (tap) tap(at + "enc.head", x.squeeze(0));
  return x;
}

Vae Vae::with_tiling(std::optional<Tiling> tiling) const {
  Vae vae = *this;
  vae.tiling_ = tiling;
  return vae;
}

bool Vae::in_tiles(int64_t rows, int64_t columns) const {
  return tiling_ && (rows > tiling_->height || columns > tiling_->width);
}

Vae::Posterior Vae::posterior(const at::Tensor& video, const Tap& tap, const CancelToken& cancel) const {
  if (in_tiles(video.size(2) / kLatentScale, video.size(3) / kLatentScale))
    return posterior_tiled(*this, video, *tiling_, cancel);
  History history;
  std::vector<at::Tensor> parts;
  for (int64_t group = 0; group < latent_frames(video.size(1)); ++group) {
    if (cancel.cancelled()) throw Cancelled{};
    const int64_t begin = group == 0 ? 0 : video_frames(group), count = group == 0 ? 1 : kLatentFrames;
    const at::Tensor frames = video.narrow(1, begin, count).unsqueeze(0).to(compute_.device);
    parts.push_back(encode_group(frames, history, tap, group_name(group)));
  }
  History none;
  const at::Tensor both = posterior_(at::cat(parts, 2), none).squeeze(0).to(at::kFloat);
  const auto halves = both.chunk(2, 0);
  return {halves[0], halves[1].clamp(-30.0, 20.0)};
}

at::Tensor Vae::encode(const at::Tensor& video, const Tap& tap, const CancelToken& cancel) const {
  const at::Tensor mean = posterior(video, tap, cancel).mean;
  show(tap, "mu_unnormalized", mean);
  return normalised_latents(mean);
}

at::Tensor Vae::decode_group(const at::Tensor& latent, History& history, const Tap& tap,
                             const std::string& at) const {
  history.rewind();
  at::Tensor x = decoder_.in(latent, history);
  if (tap) tap(at + "dec.conv1", x.squeeze(0));
  x = run_all(decoder_.middle, std::move(x), history, tap, at + "dec.middle.");
  x = run_all(decoder_.layers, std::move(x), history, tap, at + "dec.upsamples.");
  return decoder_.out(channel_norm(std::move(x), decoder_.norm, Then::silu), history);
}

bool Vae::decode(const at::Tensor& latents, const FrameSink& sink, const Tap& tap,
                 const CancelToken& cancel) const try {
  if (in_tiles(latents.size(2), latents.size(3))) {
    const at::Tensor all = decode_tiled(*this, latents, *tiling_, cancel);
    for (int64_t group = 0; group < latents.size(1); ++group) {
      const int64_t begin = group == 0 ? 0 : video_frames(group), count = group == 0 ? 1 : kLatentFrames;
      if (cancel.cancelled() || !sink(all.narrow(1, begin, count))) return false;
    }
    return true;
  }
  History none, history;
  const at::Tensor x =
      unposterior_(denormalised_latents(latents.to(compute_.device, at::kFloat)).unsqueeze(0), none);
  if (tap) tap(group_name(0) + "dec.conv2", x.squeeze(0));
  for (int64_t group = 0; group < x.size(2); ++group) {
    if (cancel.cancelled()) return false;
    const at::Tensor frames = decode_group(x.narrow(2, group, 1), history, tap, group_name(group));
    if (!sink(frames.squeeze(0).to(at::kFloat))) return false;
  }
  return true;
} catch (const Cancelled&) {
  return false;
}

at::Tensor Vae::decode(const at::Tensor& latents, const Tap& tap) const {
  std::vector<at::Tensor> parts;
  decode(
      latents,
      [&](const at::Tensor& frames) {
        parts.push_back(frames);
        return true;
      },
      tap);
  return at::cat(parts, 1);
}

}  // namespace troupe::engine::wan
