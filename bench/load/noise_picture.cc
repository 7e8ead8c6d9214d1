#include "bench/load/noise_picture.h"

#include <zlib.h>

#include <random>

namespace troupe::bench {
namespace {

std::string big_endian(uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
  return text;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string text = type + data;
  const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size());
  return big_endian(static_cast<uint32_t>(data.size())) + text + big_endian(static_cast<uint32_t>(sum));
}

std::string noise_rows(int side, uint32_t seed) {
  std::mt19937 random(seed);
  std::string rows;
  const size_t row_bytes = static_cast<size_t>(side) * 3;
  rows.reserve((row_bytes + 1) * static_cast<size_t>(side));
  for (int y = 0; y < side; ++y) {
    rows += '\0';  // no filter
    for (size_t i = 0; i < row_bytes; ++i) rows += static_cast<char>(random());
  }
  return rows;
}

// zlib's format without compressing.
std::string stored(const std::string& bytes) {
  uLongf size = ::compressBound(bytes.size());
  std::string out(size, '\0');
  ::compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
              bytes.size(), Z_NO_COMPRESSION);
  out.resize(size);
  return out;
}

}  // namespace

std::string noise_picture_begin(int side, uint32_t seed) {
  const std::string size = big_endian(static_cast<uint32_t>(side));
  const std::string rgb_of_8_bits("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", size + size + rgb_of_8_bits) +
         chunk("IDAT", stored(noise_rows(side, seed)));
}

std::string picture_end(const std::string& text) {
  return chunk("tEXt", std::string("Comment\0", 8) + text) + chunk("IEND", "");
}

}  // namespace troupe::bench
