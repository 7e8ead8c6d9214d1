// The slow and obvious attention. Private to kernels/.
#pragma once

#include "engine/wan/kernels/attention.h"

namespace troupe::engine::wan {

/// As attention(), one query at a time, in double precision, holding one row of scores.
template <typename In, typename Out>
bool plain_attention(const AttentionShape& shape, HeadsView<const In> q, HeadsView<const In> k,
                     HeadsView<const In> v, HeadsView<Out> out, const AttentionBias& bias,
                     const AttentionRun& run);

}  // namespace troupe::engine::wan
