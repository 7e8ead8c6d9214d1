#include "engine/wan/kernels/tile_kernel.h"
#include "engine/wan/kernels/vector_macros.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace troupe::engine::wan {
namespace {

#define TROUPE_TARGET __attribute__((target("avx512f,avx512dq")))

#include "engine/wan/kernels/avx512_ops.inc"

constexpr bool kPairs = false;
// 2^f on [0, 1), largest relative error 2.0e-9; highest power first.
constexpr float kExp2[] = {
    0.00021612675f, 0.00124679169f, 0.00967544388f, 0.0554852844f, 0.240229305f, 0.693147045f, 1.0f};

TROUPE_TARGET inline Vec add_product(Vec sum, Vec left, Vec right) {
  return _mm512_fmadd_ps(left, right, sum);
}

TROUPE_TARGET inline void store_weights(void* weights, int64_t at, Vec a, Vec b) {
  store(static_cast<float*>(weights) + at, a);
  store(static_cast<float*>(weights) + at + kLanes, b);
}

TROUPE_TARGET inline __m256i rounded_half(Vec value) {
  const __m512i bits = (__m512i)value,
                odd = _mm512_and_epi32(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
  const __m512i sum = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
  return _mm512_cvtepi32_epi16(_mm512_srli_epi32(sum, 16));
}

TROUPE_TARGET inline void store_rounded(uint16_t* to, Vec a, Vec b) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), rounded_half(a));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + kLanes), rounded_half(b));
}

#include "engine/wan/kernels/tile_body.inc"

constexpr TileKernel kKernel{"avx512", kPairs,   kRows,   96,     256,       nullptr,
                             nullptr,  multiply, softmax, finish, transpose, norm};

}  // namespace

const TileKernel* avx512_kernel() { return &kKernel; }

}  // namespace troupe::engine::wan

#else
const troupe::engine::wan::TileKernel* troupe::engine::wan::avx512_kernel() { return nullptr; }
#endif
