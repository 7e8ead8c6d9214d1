// Reading numbers out of strangers' bytes, without ever reading past them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace troupe::media {

/// A cursor over bytes that it does not own. Reading past the end gives zeros and makes ok() false for good,
/// so that a parser may read a whole structure and ask once.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes, bool little_endian = false)
      : bytes_(bytes), little_endian_(little_endian) {}

  bool ok() const { return ok_; }
  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u24() { return static_cast<uint32_t>(number(3)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }

  void skip(uint64_t count) { take(count); }
  void seek(uint64_t position) {
    position_ = 0;
    take(position);
  }

  /// The next `count` bytes, or an empty view past the end.
  ByteView take(uint64_t count) {
    if (count > remaining()) {
      ok_ = false;
      position_ = bytes_.size();
      return {};
    }
    const ByteView view = bytes_.subspan(position_, static_cast<size_t>(count));
    position_ += static_cast<size_t>(count);
    return view;
  }

  /// True, and moves past it, if the next bytes are `text`.
  bool accept(std::string_view text) {
    if (!starts_with(bytes_.subspan(position_), text)) return false;
    position_ += text.size();
    return true;
  }

  static bool starts_with(ByteView bytes, std::string_view text) {
    const ByteView wanted = as_bytes(text);
    return bytes.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), bytes.begin());
  }

 private:
  uint64_t number(int count) {
    uint64_t value = 0;
    const ByteView view = take(static_cast<uint64_t>(count));
    for (size_t i = 0; i < view.size(); ++i) {
      const size_t place = little_endian_ ? i : view.size() - 1 - i;
      value |= uint64_t{view[i]} << (8 * place);
    }
    return value;
  }

  ByteView bytes_;
  size_t position_ = 0;
  bool little_endian_;
  bool ok_ = true;
};

}  // namespace troupe::media
