// Reading little-endian numbers out of bytes, without ever reading past them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace troupe::engine::wan {

/// A cursor over bytes that it does not own. Reading past the end gives zeros and empty views, and makes ok()
/// false for good.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  uint64_t position() const { return position_; }
  uint64_t remaining() const { return bytes_.size() - position_; }

  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }

  std::span<const std::byte> take(uint64_t count) {
    if (count > remaining()) {
      ok_ = false;
      position_ = bytes_.size();
      return {};
    }
    const auto view = bytes_.subspan(position_, count);
    position_ += count;
    return view;
  }

  std::string_view text(uint64_t count) {
    const auto view = take(count);
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }

  void seek(uint64_t position) {
    position_ = 0;
    take(position);
  }

 private:
  uint64_t number(uint64_t count) {
    uint64_t value = 0;
    int shift = 0;
    for (const std::byte byte : take(count)) {
      value |= std::to_integer<uint64_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }

  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace troupe::engine::wan
