#include "engine/wan/nn/float8.h"

#include <torch/version.h>

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
#define TROUPE_HAS_FLOAT8 1
#else
#define TROUPE_HAS_FLOAT8 0
#endif

namespace troupe::engine::wan {
namespace {

constexpr int64_t kSide = 16;  // sides that the product takes are multiples of it

#if TROUPE_HAS_FLOAT8
constexpr double kLargest = 448;      // of e4m3
constexpr double kRoom = 1 + 0x1p-7;  // values are scaled in bf16, which may round up by so much
constexpr double kTiny = 1e-12;       // a tensor of zeros has a scale too

at::Tensor product(const Float8& x, const Linear& layer) {
  return at::_scaled_mm(x.values, layer.weight.t(), x.scale, layer.scale, layer.bias, /*scale_result=*/{},
                        at::kBFloat16, /*use_fast_accum=*/true);
}
#else
[[noreturn]] void refuse() { TORCH_CHECK(false, "this libtorch has no 8-bit floats: 2.5 is the first"); }
#endif

}  // namespace

bool fits_float8(at::IntArrayRef shape) {
  return shape.size() == 2 && shape[0] > 0 && shape[1] > 0 && shape[0] % kSide == 0 && shape[1] % kSide == 0;
}

Linear to_float8(const Linear& layer) {
  if (!fits_float8(layer.weight.sizes())) return layer;
  const Float8 weight = to_float8(layer.weight);
  return {weight.values, layer.bias, weight.scale};
}

#if TROUPE_HAS_FLOAT8

bool multiplies_float8(at::Device device) {
  try {
    const at::Tensor ones = at::ones({kSide, kSide}, at::TensorOptions().dtype(at::kBFloat16).device(device));
    const at::Tensor sums = float8_linear(to_float8(Linear{ones, {}}), to_float8(ones));
    return std::abs(sums[0][0].item<double>() - static_cast<double>(kSide)) < 1;
  } catch (const std::exception&) {
    return false;
  }
}

Float8 to_float8(const at::Tensor& x) {
  const auto [least, most] = at::aminmax(x);
  const at::Tensor largest = at::maximum(-least, most).to(at::kFloat);
  const at::Tensor scale = (largest * (kRoom / kLargest)).clamp_min(kTiny);
  return {(x * scale.reciprocal()).to(at::kFloat8_e4m3fn).contiguous(), scale};
}

at::Tensor widened(const Float8& x, at::ScalarType type) {
  return (x.values.to(at::kFloat) * x.scale).to(type);
}

at::Tensor float8_linear(const Linear& layer, const Float8& x, bool plain) {
  if (!plain && !x.values.is_cpu()) return product(x, layer);
  const at::Tensor weight = widened({layer.weight, layer.scale}, at::kFloat);
  const at::Tensor bias = layer.bias.defined() ? layer.bias.to(at::kFloat) : layer.bias;
  return at::linear(widened(x, at::kFloat), weight, bias).to(at::kBFloat16);
}

#else

bool multiplies_float8(at::Device) { return false; }
Float8 to_float8(const at::Tensor&) { refuse(); }
at::Tensor widened(const Float8&, at::ScalarType) { refuse(); }
at::Tensor float8_linear(const Linear&, const Float8&, bool) { refuse(); }

#endif

}  // namespace troupe::engine::wan
