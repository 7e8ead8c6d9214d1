#include "engine/wan/kernels/amx_multiply.h"
#include "engine/wan/kernels/tile_kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace troupe::engine::wan {
namespace {

// The compilers' loads do not say that they read memory: what was written before must be there.
TROUPE_AMX inline void finish_writes() { asm volatile("" ::: "memory"); }

struct AmxTiles {
#define TROUPE_TILE_OPS(n)                                   \
  TROUPE_AMX void zero##n() { _tile_zero(n); }               \
  TROUPE_AMX void load##n(const void* from, size_t stride) { \
    finish_writes();                                         \
    _tile_loadd(n, from, stride);                            \
  }                                                          \
  TROUPE_AMX void store##n(void* to, size_t stride) {        \
    _tile_stored(n, to, stride);                             \
    finish_writes();                                         \
  }
  TROUPE_TILE_OPS(0)
  TROUPE_TILE_OPS(1)
  TROUPE_TILE_OPS(2)
  TROUPE_TILE_OPS(3)
  TROUPE_TILE_OPS(4)
  TROUPE_TILE_OPS(5)
  TROUPE_TILE_OPS(6)
  TROUPE_TILE_OPS(7)
#undef TROUPE_TILE_OPS
  TROUPE_AMX void multiply_046() { _tile_dpbf16ps(0, 4, 6); }
  TROUPE_AMX void multiply_147() { _tile_dpbf16ps(1, 4, 7); }
  TROUPE_AMX void multiply_256() { _tile_dpbf16ps(2, 5, 6); }
  TROUPE_AMX void multiply_357() { _tile_dpbf16ps(3, 5, 7); }
};

TROUPE_AMX void enter() {
  static const TileConfig kConfig;
  finish_writes();
  _tile_loadconfig(&kConfig);
}
TROUPE_AMX void leave() { _tile_release(); }

TROUPE_AMX void multiply(const Product& product) {
  AmxTiles tiles;
  amx_multiply(tiles, product);
}

}  // namespace

const TileKernel* amx_kernel() {
  const TileKernel& rest = *avx512_bf16_kernel();
  static const TileKernel kernel{"amx",          true,     32,       128,          256,
                                 enter,          leave,    multiply, rest.softmax, rest.finish,
                                 rest.transpose, rest.norm};
  return &kernel;
}

}  // namespace troupe::engine::wan

#else
const troupe::engine::wan::TileKernel* troupe::engine::wan::amx_kernel() { return nullptr; }
#endif
