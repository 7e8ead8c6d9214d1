// What the files with code for one instruction set share. Private to kernels/.
#pragma once

/// Before a loop with few, constant turns over an array of vectors: unrolled, so that the array lives in
/// registers.
#if defined(__clang__)
#define TROUPE_UNROLL _Pragma("unroll")
#else
#define TROUPE_UNROLL _Pragma("GCC unroll 16")
#endif
