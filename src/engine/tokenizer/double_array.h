// Darts-clone's double arrays, which SentencePiece keeps the rules of normalisation in and walks unchecked.
#pragma once

#include <cstddef>
#include <string_view>

namespace troupe::tokenizer {

/// Whether every walk from the root through the array (`units`: 4 bytes each, little-endian) stays inside it,
/// ends, passes at most `matches_max` keys, and finds only values below `value_limit`. Looks at all of it
/// once: at most 256 steps a unit.
bool is_safe_double_array(std::string_view units, size_t value_limit, int matches_max);

}  // namespace troupe::tokenizer
