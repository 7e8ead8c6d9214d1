// Copies of q, k and v in the layouts that tile_kernel.h describes. Private to kernels/.
#pragma once

#include <cstdint>

#include "engine/wan/kernels/bf16.h"

namespace troupe::engine::wan {

/// Tokens of one head: element (token, d) at data[token * stride + d].
template <typename In>
struct TokenRows {
  const In* data;
  int64_t stride;
  int count;  ///< tokens; those that the layout has beyond them are 0
  int dim;    ///< elements of a token; likewise
};

/// In: float or Bf16. Element: float or Bf16, what the kernel multiplies. `tokens` and `dim` are those of the
/// layout, at least those of `rows`; even. Every element of the layout is written.

/// [tokens][dim]
template <typename In, typename Element>
void pack_left(const TokenRows<In>& rows, int tokens, int dim, Element* out);
/// The right operand whose columns are tokens and whose depth is dim: k.
template <typename In, typename Element>
void pack_right_transposed(const TokenRows<In>& rows, int tokens, int dim, Element* out);
/// The right operand whose columns are dim and whose depth are tokens: v.
template <typename In, typename Element>
void pack_right(const TokenRows<In>& rows, int tokens, int dim, Element* out);

}  // namespace troupe::engine::wan
