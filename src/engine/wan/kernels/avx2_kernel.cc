#include "engine/wan/kernels/tile_kernel.h"
#include "engine/wan/kernels/vector_macros.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace troupe::engine::wan {
namespace {

#define TROUPE_TARGET __attribute__((target("avx2,fma")))

using Vec = __m256;
constexpr int kLanes = 8;
constexpr int kVectors = 2;
constexpr bool kPairs = false;
// 2^f on [0, 1), largest relative error 2.0e-9; highest power first.
constexpr float kExp2[] = {
    0.00021612675f, 0.00124679169f, 0.00967544388f, 0.0554852844f, 0.240229305f, 0.693147045f, 1.0f};

TROUPE_TARGET inline Vec load(const float* from) { return _mm256_loadu_ps(from); }
TROUPE_TARGET inline void store(float* to, Vec value) { _mm256_storeu_ps(to, value); }
TROUPE_TARGET inline Vec set_all(float value) { return _mm256_set1_ps(value); }
TROUPE_TARGET inline Vec plus(Vec a, Vec b) { return _mm256_add_ps(a, b); }
TROUPE_TARGET inline Vec times(Vec a, Vec b) { return _mm256_mul_ps(a, b); }
TROUPE_TARGET inline Vec larger(Vec a, Vec b) { return _mm256_max_ps(a, b); }
TROUPE_TARGET inline Vec smaller(Vec a, Vec b) { return _mm256_min_ps(a, b); }
TROUPE_TARGET inline Vec divided(Vec a, Vec b) { return _mm256_div_ps(a, b); }
TROUPE_TARGET inline Vec multiply_add(Vec a, Vec b, Vec c) { return _mm256_fmadd_ps(a, b, c); }
TROUPE_TARGET inline Vec add_product(Vec sum, Vec left, Vec right) {
  return _mm256_fmadd_ps(left, right, sum);
}
TROUPE_TARGET inline float first_lane(Vec value) { return _mm256_cvtss_f32(value); }

TROUPE_TARGET inline float largest_lane(Vec value) {
  __m128 half = _mm_max_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
  half = _mm_max_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_max_ss(half, _mm_shuffle_ps(half, half, 1)));
}

TROUPE_TARGET inline float sum_of_lanes(Vec value) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1)));
}

TROUPE_TARGET inline Vec load_rounded(const uint16_t* from) {
  const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  return (__m256)_mm256_slli_epi32(_mm256_cvtepu16_epi32(half), 16);
}

// Pairs (re, im) times cos + i sin, one for each pair.
TROUPE_TARGET inline Vec turn(Vec pairs, const float* cos, const float* sin) {
  const __m256i twice = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
  const Vec c = _mm256_permutevar8x32_ps(_mm256_castps128_ps256(_mm_loadu_ps(cos)), twice);
  const Vec s = _mm256_permutevar8x32_ps(_mm256_castps128_ps256(_mm_loadu_ps(sin)), twice);
  return _mm256_fmaddsub_ps(pairs, c, _mm256_mul_ps(_mm256_permute_ps(pairs, 0xb1), s));
}

// Below -127 the exponent's bits would wrap; at -127 they are those of 0.
TROUPE_TARGET inline Vec bounded(Vec x) { return _mm256_max_ps(x, _mm256_set1_ps(-127)); }
TROUPE_TARGET inline Vec fraction_of(Vec x) {
  const Vec within = bounded(x);
  return _mm256_sub_ps(within, _mm256_floor_ps(within));
}
TROUPE_TARGET inline Vec times_exp2_floor(Vec value, Vec x) {
  const __m256i exponent = _mm256_cvtps_epi32(_mm256_floor_ps(bounded(x)));
  const __m256i bits = _mm256_slli_epi32(_mm256_add_epi32(exponent, _mm256_set1_epi32(127)), 23);
  return _mm256_mul_ps(value, _mm256_castsi256_ps(bits));
}

TROUPE_TARGET inline void store_weights(void* weights, int64_t at, Vec a, Vec b) {
  store(static_cast<float*>(weights) + at, a);
  store(static_cast<float*>(weights) + at + kLanes, b);
}

TROUPE_TARGET inline __m256i rounded_half(Vec value) {
  const __m256i bits = (__m256i)value,
                odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
  return _mm256_srli_epi32(_mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff))), 16);
}

TROUPE_TARGET inline void store_rounded(uint16_t* to, Vec a, Vec b) {
  // The quarters come out as a, b, a, b.
  const __m256i both = _mm256_packus_epi32(rounded_half(a), rounded_half(b));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_permute4x64_epi64(both, 0xd8));
}

TROUPE_TARGET inline void transpose_square(Vec* v) {
  __m256 t[8];
  TROUPE_UNROLL for (int i = 0; i < 8; i += 4) {
    const __m256d low = _mm256_castps_pd(_mm256_unpacklo_ps(v[i], v[i + 1]));
    const __m256d high = _mm256_castps_pd(_mm256_unpackhi_ps(v[i], v[i + 1]));
    const __m256d low2 = _mm256_castps_pd(_mm256_unpacklo_ps(v[i + 2], v[i + 3]));
    const __m256d high2 = _mm256_castps_pd(_mm256_unpackhi_ps(v[i + 2], v[i + 3]));
    t[i] = _mm256_castpd_ps(_mm256_unpacklo_pd(low, low2));
    t[i + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low, low2));
    t[i + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(high, high2));
    t[i + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(high, high2));
  }
  TROUPE_UNROLL for (int i = 0; i < 4; ++i) {
    v[i] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x20);
    v[i + 4] = _mm256_permute2f128_ps(t[i], t[i + 4], 0x31);
  }
}

#include "engine/wan/kernels/tile_body.inc"

constexpr TileKernel kKernel{"avx2",  kPairs,   kRows,   96,     256,       nullptr,
                             nullptr, multiply, softmax, finish, transpose, norm};

}  // namespace

const TileKernel* avx2_kernel() { return &kKernel; }

}  // namespace troupe::engine::wan

#else
const troupe::engine::wan::TileKernel* troupe::engine::wan::avx2_kernel() { return nullptr; }
#endif
