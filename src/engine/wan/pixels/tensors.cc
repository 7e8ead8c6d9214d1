#include "engine/wan/pixels/tensors.h"

namespace troupe::engine::wan {

at::Tensor normalised(const at::Tensor& clip) {
  return clip.permute({3, 0, 1, 2}).to(at::kFloat).div(127.5).sub(1).contiguous();
}

at::Tensor normalised(const Rgb& image) {
  auto* const values = const_cast<uint8_t*>(image.values.data());  // only read
  return normalised(
      at::from_blob(values, {1, image.height, image.width, 3}, at::TensorOptions().dtype(at::kByte)));
}

at::Tensor to_bytes(const at::Tensor& video) {
  const at::Tensor scaled = video.to(at::kFloat).clamp(-1, 1).add(1).div(2).mul(255);
  return scaled.to(at::kByte).permute({1, 2, 3, 0}).contiguous().to(at::kCPU);
}

}  // namespace troupe::engine::wan
