// Pictures that no encoder makes smaller, as large as is asked for.
#pragma once

#include <cstdint>
#include <string>

namespace troupe::bench {

/// The beginning of a PNG of random 8-bit RGB, `side` pixels wide and high: 3 * side * side bytes and a
/// little.
std::string noise_picture_begin(int side, uint32_t seed);
/// Its end, with a text in it, so that files of the same noise are still different ones.
std::string picture_end(const std::string& text);

}  // namespace troupe::bench
