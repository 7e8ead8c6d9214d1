// ggml's quantised blocks (ggml-common.h block_*, ggml-quants.c dequantize_row_*).
#pragma once

#include <cstddef>

namespace troupe::engine::wan {

// Each decodes `count` values, a multiple of its block's (dequantize.h has the layouts). `from` need not be
// aligned.
void decode_q8_0(const std::byte* from, float* to, size_t count);
void decode_q4_k(const std::byte* from, float* to, size_t count);
void decode_q5_k(const std::byte* from, float* to, size_t count);
void decode_q6_k(const std::byte* from, float* to, size_t count);

}  // namespace troupe::engine::wan
