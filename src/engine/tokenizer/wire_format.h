// The wire format of protocol buffers: a message as a row of fields.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::tokenizer {

enum class WireType { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct WireField {
  uint32_t number = 0;
  WireType type = WireType::varint;
  uint64_t value = 0;      ///< of varint and fixed
  std::string_view bytes;  ///< of bytes, strings and messages within
};

/// Reads the fields of a message one after the other.
class WireReader {
 public:
  /// `message` must outlive the reader and the fields.
  explicit WireReader(std::string_view message) : rest_(message) {}
  /// The next field; none at the end, or where the bytes are none, after which is_broken().
  std::optional<WireField> next();
  bool is_broken() const { return broken_; }

 private:
  std::optional<uint64_t> varint();
  std::optional<uint64_t> fixed(size_t size);
  std::optional<WireField> fail();

  std::string_view rest_;
  bool broken_ = false;
};

void append_varint_field(std::string& out, uint32_t number, uint64_t value);
void append_bytes_field(std::string& out, uint32_t number, std::string_view bytes);
void append_float_field(std::string& out, uint32_t number, float value);

}  // namespace troupe::tokenizer
