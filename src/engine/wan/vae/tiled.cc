#include <algorithm>

#include "engine/wan/vae/vae.h"

namespace troupe::engine::wan {
namespace {

// 1 in the middle; rises over `border` values where the tile has a neighbour.
at::Tensor ramp(int64_t length, bool first, bool last, int64_t border) {
  at::Tensor values = at::ones({length});
  border = std::min(border, length);
  const at::Tensor rising = (at::arange(border).to(at::kFloat) + 1) / static_cast<double>(border);
  if (!first) values.narrow(0, 0, border).copy_(rising);
  if (!last) values.narrow(0, length - border, border).copy_(rising.flip(0));
  return values;
}

// Where tiles begin: every `stride`, and none after one that reaches the end.
std::vector<int64_t> starts(int64_t length, int64_t size, int64_t stride) {
  std::vector<int64_t> begins;
  for (int64_t begin = 0; begin < length; begin += stride) {
    if (!begins.empty() && begins.back() + size >= length) break;
    begins.push_back(begin);
  }
  return begins;
}

// The sides of tiles and of what is made of them.
struct Place {
  int64_t y, x, height, width;
  bool top, left, bottom, right;  // whether it reaches that edge
};

std::vector<Place> places(int64_t height, int64_t width, const Tiling& tiling) {
  std::vector<Place> all;
  for (const int64_t y : starts(height, tiling.height, tiling.stride_height))
    for (const int64_t x : starts(width, tiling.width, tiling.stride_width))
      all.push_back({y, x, std::min(tiling.height, height - y), std::min(tiling.width, width - x), y == 0,
                     x == 0, y + tiling.height >= height, x + tiling.width >= width});
  return all;
}

// The mean of tiles where they overlap, on the CPU. `scale`: pixels of a latent in what is put together.
class Mosaic {
 public:
  Mosaic(int64_t channels, int64_t frames, int64_t height, int64_t width, const Tiling& tiling, int64_t scale)
      : scale_(scale),
        border_y_((tiling.height - tiling.stride_height) * scale),
        border_x_((tiling.width - tiling.stride_width) * scale),
        sum_(at::zeros({channels, frames, height * scale, width * scale}, at::kFloat)),
        weight_(at::zeros({height * scale, width * scale}, at::kFloat)) {}

  // How much each pixel of a tile counts.
  at::Tensor mask(const Place& at) const {
    const at::Tensor down = ramp(at.height * scale_, at.top, at.bottom, border_y_);
    const at::Tensor across = ramp(at.width * scale_, at.left, at.right, border_x_);
    return at::minimum(down.unsqueeze(1), across.unsqueeze(0));
  }
  void add_weight(const Place& at, const at::Tensor& mask) { part(weight_, at) += mask; }
  void add_frames(const Place& at, const at::Tensor& mask, int64_t first, const at::Tensor& frames) {
    part(sum_, at).narrow(1, first, frames.size(1)) += frames.to(at::kCPU) * mask;
  }
  // Ends it.
  at::Tensor take() { return std::move(sum_.div_(weight_)); }

 private:
  at::Tensor part(const at::Tensor& all, const Place& at) const {
    return all.narrow(-2, at.y * scale_, at.height * scale_).narrow(-1, at.x * scale_, at.width * scale_);
  }

  int64_t scale_, border_y_, border_x_;
  at::Tensor sum_, weight_;
};

}  // namespace

at::Tensor decode_tiled(const Vae& vae, const at::Tensor& latents, const Tiling& tiling,
                        const CancelToken& cancel) {
  const Vae whole = vae.with_tiling(std::nullopt);
  const int64_t height = latents.size(2), width = latents.size(3);
  Mosaic mosaic(3, video_frames(latents.size(1)), height, width, tiling, kLatentScale);
  for (const Place& at : places(height, width, tiling)) {
    const at::Tensor mask = mosaic.mask(at);
    mosaic.add_weight(at, mask);
    int64_t done = 0;
    const auto add = [&](const at::Tensor& frames) {
      mosaic.add_frames(at, mask, std::exchange(done, done + frames.size(1)), frames);
      return true;
    };
    const at::Tensor tile = latents.narrow(2, at.y, at.height).narrow(3, at.x, at.width);
    if (!whole.decode(tile, add, {}, cancel)) throw Cancelled{};
  }
  return mosaic.take().clamp_(-1.0, 1.0);
}

Vae::Posterior posterior_tiled(const Vae& vae, const at::Tensor& video, const Tiling& tiling,
                               const CancelToken& cancel) {
  const Vae whole = vae.with_tiling(std::nullopt);
  const int64_t height = video.size(2) / kLatentScale, width = video.size(3) / kLatentScale;
  const int64_t frames = latent_frames(video.size(1));
  Mosaic mean(kLatentChannels, frames, height, width, tiling, 1);
  Mosaic log_variance(kLatentChannels, frames, height, width, tiling, 1);
  for (const Place& at : places(height, width, tiling)) {
    const at::Tensor mask = mean.mask(at);
    const at::Tensor tile = video.narrow(2, at.y * kLatentScale, at.height * kLatentScale)
                                .narrow(3, at.x * kLatentScale, at.width * kLatentScale);
    const Vae::Posterior posterior = whole.posterior(tile, {}, cancel);
    mean.add_weight(at, mask);
    mean.add_frames(at, mask, 0, posterior.mean);
    log_variance.add_weight(at, mask);
    log_variance.add_frames(at, mask, 0, posterior.log_variance);
  }
  return {mean.take(), log_variance.take()};
}

}  // namespace troupe::engine::wan
