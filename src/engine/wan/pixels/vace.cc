#include "engine/wan/pixels/vace.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/wan/pixels/tensors.h"

namespace troupe::engine::wan {
namespace {

constexpr int64_t kCell = 8;         // pixels of a latent, each way
constexpr int64_t kFramesInOne = 4;  // frames of a latent one

Error bad(const std::string& what) { return make_error(ErrorCode::invalid_argument, what); }

}  // namespace

Result<VacePlace> vace_place(FrameSize reference, FrameSize canvas) {
  if (reference.width < 1 || reference.height < 1 || canvas.width < 1 || canvas.height < 1)
    return bad("a reference without pixels");
  if (reference == canvas) return VacePlace{canvas, 0, 0};
  const double scale = std::min(static_cast<double>(canvas.height) / reference.height,
                                static_cast<double>(canvas.width) / reference.width);
  const FrameSize size = {static_cast<int>(reference.width * scale),
                          static_cast<int>(reference.height * scale)};
  if (size.width < 1 || size.height < 1) return bad("a reference that is too long for the video's size");
  return VacePlace{size, (canvas.width - size.width) / 2, (canvas.height - size.height) / 2};
}

Result<at::Tensor> vace_canvas(const Rgb& reference, FrameSize canvas) {
  TROUPE_TRY(const VacePlace place, vace_place({reference.width, reference.height}, canvas));
  if (reference.values.size() !=
      static_cast<size_t>(reference.width) * static_cast<size_t>(reference.height) * 3)
    return bad("a picture has not as many values as its sides say");
  const at::Tensor picture = normalised(reference);
  if (reference.width == canvas.width && reference.height == canvas.height) return picture;
  const std::vector<int64_t> size = {place.size.height, place.size.width};
  const at::Tensor inner =
      at::upsample_bilinear2d(picture.transpose(0, 1).contiguous(), size, false).transpose(0, 1);
  at::Tensor out = at::ones({3, 1, canvas.height, canvas.width});
  out.narrow(2, place.top, size[0]).narrow(3, place.left, size[1]).copy_(inner);
  return out;
}

at::Tensor vace_mask(const at::Tensor& mask) {
  return normalised(mask.unsqueeze(3)).add(1).div(2).clamp(0, 1);
}

VaceClips vace_clips(const at::Tensor& video, const at::Tensor& mask) {
  const at::Tensor made = mask.gt(0.5).to(video.scalar_type());
  return {video * (1 - made), video * made};
}

int64_t vace_mask_frame(int64_t frames, int64_t latent) {
  // floor((latent + 0.5) * frames / latents): "nearest-exact".
  const int64_t latents = (frames + kFramesInOne - 1) / kFramesInOne;
  return std::min((2 * latent + 1) * frames / (2 * latents), frames - 1);
}

at::Tensor vace_mask_channels(const at::Tensor& mask, int64_t references) {
  const int64_t frames = mask.size(1), rows = mask.size(2) / kCell, columns = mask.size(3) / kCell;
  TORCH_CHECK(mask.size(2) % (2 * kCell) == 0 && mask.size(3) % (2 * kCell) == 0, "a mask of ", mask.sizes());
  const int64_t latents = (frames + kFramesInOne - 1) / kFramesInOne;
  at::Tensor channels = at::zeros({kCell * kCell, references + latents, rows, columns}, mask.options());
  for (int64_t i = 0; i < latents; ++i) {
    const at::Tensor frame = mask[0][vace_mask_frame(frames, i)].view({rows, kCell, columns, kCell});
    channels.select(1, references + i)
        .copy_(frame.permute({1, 3, 0, 2}).reshape({kCell * kCell, rows, columns}));
  }
  return channels;
}

}  // namespace troupe::engine::wan
