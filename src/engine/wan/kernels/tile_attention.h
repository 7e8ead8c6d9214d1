// Attention over tiles, whatever multiplies them. Private to kernels/.
#pragma once

#include "engine/wan/kernels/attention.h"
#include "engine/wan/kernels/tile_kernel.h"

namespace troupe::engine::wan {

/// As attention(), through `kernel`, ignoring run.path. In and Out: float and float, Bf16 and Bf16, Bf16 and
/// float. A kernel of floats takes Bf16 too; one of pairs rounds floats.
template <typename In, typename Out>
bool tile_attention(const TileKernel& kernel, const AttentionShape& shape, HeadsView<const In> q,
                    HeadsView<const In> k, HeadsView<const In> v, HeadsView<Out> out,
                    const AttentionBias& bias, const AttentionRun& run);

}  // namespace troupe::engine::wan
