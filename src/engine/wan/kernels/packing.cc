#include "engine/wan/kernels/packing.h"

#include <algorithm>
#include <type_traits>

#include "engine/wan/kernels/tile_kernel.h"

namespace troupe::engine::wan {
namespace {

template <typename Element, typename In>
Element convert(In value) {
  if constexpr (std::is_same_v<Element, In>) {
    return value;
  } else if constexpr (std::is_same_v<Element, float>) {
    return to_float(value);
  } else {
    return to_bf16(value);
  }
}

// Elements along the depth that lie side by side.
template <typename Element>
constexpr int kTogether = std::is_same_v<Element, Bf16> ? 2 : 1;

}  // namespace

template <typename In, typename Element>
void pack_left(const TokenRows<In>& rows, int tokens, int dim, Element* out) {
  for (int token = 0; token < tokens; ++token, out += dim) {
    int d = 0;
    if (token < rows.count) {
      const In* in = rows.data + token * rows.stride;
      for (; d < rows.dim; ++d) out[d] = convert<Element>(in[d]);
    }
    std::fill(out + d, out + dim, Element{});
  }
}

template <typename In, typename Element>
void pack_right_transposed(const TokenRows<In>& rows, int tokens, int dim, Element* out) {
  constexpr int kSide = kTogether<Element>;
  if (rows.count < tokens || rows.dim < dim) std::fill(out, out + int64_t{tokens} * dim, Element{});
  for (int first = 0; first < rows.count; first += kBlockColumns, out += kBlockColumns * dim) {
    const int columns = std::min(kBlockColumns, rows.count - first);
    for (int d = 0; d < rows.dim; d += kSide) {
      Element* row = out + d * kBlockColumns;
      const In* in = rows.data + first * rows.stride + d;
      for (int column = 0; column < columns; ++column, in += rows.stride) {
        for (int i = 0; i < kSide; ++i) row[column * kSide + i] = convert<Element>(in[i]);
      }
    }
  }
}

template <typename In, typename Element>
void pack_right(const TokenRows<In>& rows, int tokens, int dim, Element* out) {
  constexpr int kSide = kTogether<Element>;
  if (rows.count < tokens || rows.dim < dim) std::fill(out, out + int64_t{tokens} * dim, Element{});
  for (int token = 0; token < rows.count; ++token) {
    const In* in = rows.data + token * rows.stride;
    Element* row = out + token / kSide * kSide * kBlockColumns + token % kSide;
    for (int d = 0; d < rows.dim; ++d) {
      row[d / kBlockColumns * kBlockColumns * int64_t{tokens} + d % kBlockColumns * kSide] =
          convert<Element>(in[d]);
    }
  }
}

#define TROUPE_PACKING(In, Element)                                              \
  template void pack_left(const TokenRows<In>&, int, int, Element*);             \
  template void pack_right_transposed(const TokenRows<In>&, int, int, Element*); \
  template void pack_right(const TokenRows<In>&, int, int, Element*);
TROUPE_PACKING(float, float)
TROUPE_PACKING(float, Bf16)
TROUPE_PACKING(Bf16, float)
TROUPE_PACKING(Bf16, Bf16)
#undef TROUPE_PACKING

}  // namespace troupe::engine::wan
