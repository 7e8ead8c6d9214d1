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

}  // namespace

at::Tensor decode_tiled(const Vae& vae, const at::Tensor& latents, const Tiling& tiling) {
  const int64_t height = latents.size(2), width = latents.size(3), frames = video_frames(latents.size(1));
  const auto options = latents.options().dtype(at::kFloat);
  at::Tensor sum = at::zeros({3, frames, height * kLatentScale, width * kLatentScale}, options);
  at::Tensor weight = at::zeros({height * kLatentScale, width * kLatentScale}, options);
  const int64_t border_y = (tiling.height - tiling.stride_height) * kLatentScale;
  const int64_t border_x = (tiling.width - tiling.stride_width) * kLatentScale;
  for (const int64_t y : starts(height, tiling.height, tiling.stride_height)) {
    for (const int64_t x : starts(width, tiling.width, tiling.stride_width)) {
      const int64_t rows = std::min(tiling.height, height - y), columns = std::min(tiling.width, width - x);
      const at::Tensor tile = vae.decode(latents.narrow(2, y, rows).narrow(3, x, columns));
      const at::Tensor down = ramp(tile.size(2), y == 0, y + tiling.height >= height, border_y);
      const at::Tensor across = ramp(tile.size(3), x == 0, x + tiling.width >= width, border_x);
      const at::Tensor mask = at::minimum(down.unsqueeze(1), across.unsqueeze(0)).to(tile.device());
      const auto place = [&](at::Tensor all) {
        return all.narrow(-2, y * kLatentScale, tile.size(2)).narrow(-1, x * kLatentScale, tile.size(3));
      };
      place(sum) += tile * mask;
      place(weight) += mask;
    }
  }
  return (sum / weight).clamp(-1.0, 1.0);
}

}  // namespace troupe::engine::wan
