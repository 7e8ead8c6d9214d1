#include "engine/wan/kernels/attention.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/wan/kernels/cpu.h"
#include "engine/wan/kernels/plain_attention.h"
#include "engine/wan/kernels/tile_attention.h"

namespace troupe::engine::wan {

const TileKernel* tile_kernel_of(AttentionPath path) {
  switch (path) {
    case AttentionPath::kPlain:
      break;
    case AttentionPath::kAvx2:
      return avx2_kernel();
    case AttentionPath::kAvx512:
      return avx512_kernel();
    case AttentionPath::kAvx512Bf16:
      return avx512_bf16_kernel();
    case AttentionPath::kAmx:
      return amx_kernel();
  }
  return nullptr;
}

namespace {

// Whether a small attention with odd sizes comes out as the plain one.
bool agrees_with_plain(const TileKernel& kernel) {
  const AttentionShape shape{.heads = 1, .queries = 37, .keys = 301, .head_dim = 40, .scale = 0.2f};
  std::vector<Bf16> values(shape.keys * shape.head_dim + 3);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = to_bf16(std::sin(0.7f * static_cast<float>(i * i % 1009)));
  const auto view = [&](int shift) {
    return HeadsView<const Bf16>{values.data() + shift, shape.head_dim, 0};
  };
  std::vector<float> expected(shape.queries * shape.head_dim), got(expected.size());
  (void)plain_attention<Bf16, float>(shape, view(0), view(1), view(2), {expected.data(), shape.head_dim, 0},
                                     {}, {});
  (void)tile_attention<Bf16, float>(kernel, shape, view(0), view(1), view(2), {got.data(), shape.head_dim, 0},
                                    {}, {});
  return std::equal(got.begin(), got.end(), expected.begin(),
                    [](float a, float b) { return std::abs(a - b) < 0.01f; });
}

std::vector<AttentionPath> float_paths() {
  std::vector<AttentionPath> paths{AttentionPath::kPlain};
  if (cpu_has_avx2()) paths.push_back(AttentionPath::kAvx2);
  if (cpu_has_avx512()) paths.push_back(AttentionPath::kAvx512);
  return paths;
}

std::vector<AttentionPath> bf16_paths() {
  std::vector<AttentionPath> paths = float_paths();
  if (cpu_has_avx512_bf16()) paths.push_back(AttentionPath::kAvx512Bf16);
  if (cpu_has_amx() && agrees_with_plain(*amx_kernel())) paths.push_back(AttentionPath::kAmx);
  return paths;
}

template <typename In, typename Out>
bool attend(const std::vector<AttentionPath>& paths, const AttentionShape& shape, HeadsView<const In> q,
            HeadsView<const In> k, HeadsView<const In> v, HeadsView<Out> out, const AttentionBias& bias,
            const AttentionRun& run) {
  const AttentionPath path = run.path.value_or(paths.back());
  if (path == AttentionPath::kPlain) return plain_attention(shape, q, k, v, out, bias, run);
  return tile_attention(*tile_kernel_of(path), shape, q, k, v, out, bias, run);
}

}  // namespace

const char* name_of(AttentionPath path) {
  const TileKernel* kernel = tile_kernel_of(path);
  return kernel ? kernel->name : "plain";
}

const std::vector<AttentionPath>& attention_paths_f32() {
  static const std::vector<AttentionPath> paths = float_paths();
  return paths;
}

const std::vector<AttentionPath>& attention_paths_bf16() {
  static const std::vector<AttentionPath> paths = bf16_paths();
  return paths;
}

bool attention(const AttentionShape& shape, HeadsView<const float> q, HeadsView<const float> k,
               HeadsView<const float> v, HeadsView<float> out, const AttentionBias& bias,
               const AttentionRun& run) {
  return attend(attention_paths_f32(), shape, q, k, v, out, bias, run);
}
bool attention(const AttentionShape& shape, HeadsView<const Bf16> q, HeadsView<const Bf16> k,
               HeadsView<const Bf16> v, HeadsView<Bf16> out, const AttentionBias& bias,
               const AttentionRun& run) {
  return attend(attention_paths_bf16(), shape, q, k, v, out, bias, run);
}
bool attention(const AttentionShape& shape, HeadsView<const Bf16> q, HeadsView<const Bf16> k,
               HeadsView<const Bf16> v, HeadsView<float> out, const AttentionBias& bias,
               const AttentionRun& run) {
  return attend(attention_paths_bf16(), shape, q, k, v, out, bias, run);
}

}  // namespace troupe::engine::wan
