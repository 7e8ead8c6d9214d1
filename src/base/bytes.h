// Bytes, files and their digest.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe {

using Bytes = std::vector<uint8_t>;
using ByteView = std::span<const uint8_t>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

/// Whole content of a regular file of at most `size_bytes_max` bytes. Blocks.
/// Errors: not_found (no such file, or a folder), io (unreadable), over_limit (larger than the bound).
Result<Bytes> read_file(const std::filesystem::path& file, uint64_t size_bytes_max);

/// Lower-case hex SHA-256 of `bytes`.
std::string sha256_hex(ByteView bytes);

/// HMAC-SHA256 of `text` under `key` (RFC 2104).
std::array<uint8_t, 32> hmac_sha256(ByteView key, std::string_view text);

}  // namespace troupe
