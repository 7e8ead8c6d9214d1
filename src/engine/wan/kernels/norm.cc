#include "engine/wan/kernels/norm.h"

#include <type_traits>
#include <vector>

#include "engine/wan/kernels/tile_kernel.h"

namespace troupe::engine::wan {

bool can_normalise(int64_t width, int64_t head_dim) {
  return attention_paths_f32().size() > 1 && width > 0 && width % kDimStep == 0 && head_dim > 0 &&
         head_dim % kDimStep == 0 && width % head_dim == 0;
}

template <typename In, typename Out>
void normalise(const Norm& norm, int64_t rows, const In* x, Out* out, std::optional<AttentionPath> path) {
  std::vector<float> row(norm.width);
  NormTile tile{};
  tile.x = x;
  tile.out = out;
  tile.x_rounded = std::is_same_v<In, Bf16>;
  tile.out_rounded = std::is_same_v<Out, Bf16>;
  tile.rows = rows;
  tile.width = norm.width;
  tile.eps = norm.eps;
  tile.centred = norm.add != nullptr;
  tile.times = norm.times;
  tile.add = norm.add;
  tile.cos = norm.cosine;
  tile.sin = norm.sine;
  tile.head_dim = norm.cosine ? norm.head_dim : norm.width;
  tile.row = row.data();
  tile_kernel_of(path.value_or(attention_paths_bf16().back()))->norm(tile);
}

template void normalise(const Norm&, int64_t, const float*, float*, std::optional<AttentionPath>);
template void normalise(const Norm&, int64_t, const float*, Bf16*, std::optional<AttentionPath>);
template void normalise(const Norm&, int64_t, const Bf16*, float*, std::optional<AttentionPath>);
template void normalise(const Norm&, int64_t, const Bf16*, Bf16*, std::optional<AttentionPath>);

}  // namespace troupe::engine::wan
