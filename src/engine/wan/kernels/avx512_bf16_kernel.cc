#include "engine/wan/kernels/tile_kernel.h"
#include "engine/wan/kernels/vector_macros.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace troupe::engine::wan {
namespace {

#define TROUPE_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512bf16")))

#include "engine/wan/kernels/avx512_ops.inc"

constexpr bool kPairs = true;
// 2^f on [0, 1), largest relative error 8.6e-5, a twentieth of a bf16's last bit; highest power first.
constexpr float kExp2[] = {0.0770670425f, 0.22764499f, 0.695116787f, 1.0f};

// Lanes are pairs of bf16, whatever their type says.
TROUPE_TARGET inline Vec add_product(Vec sum, Vec left, Vec right) {
  return _mm512_dpbf16_ps(sum, (__m512bh)left, (__m512bh)right);
}

TROUPE_TARGET inline void store_rounded(uint16_t* to, Vec a, Vec b) {
  _mm512_storeu_si512(to, (__m512i)_mm512_cvtne2ps_pbh(b, a));
}
TROUPE_TARGET inline void store_weights(void* weights, int64_t at, Vec a, Vec b) {
  store_rounded(static_cast<uint16_t*>(weights) + at, a, b);
}

#include "engine/wan/kernels/tile_body.inc"

constexpr TileKernel kKernel{"avx512-bf16", kPairs,   kRows,   96,     256,       nullptr,
                             nullptr,       multiply, softmax, finish, transpose, norm};

}  // namespace

const TileKernel* avx512_bf16_kernel() { return &kKernel; }

}  // namespace troupe::engine::wan

#else
const troupe::engine::wan::TileKernel* troupe::engine::wan::avx512_bf16_kernel() { return nullptr; }
#endif
