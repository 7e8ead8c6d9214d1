#include "engine/tokenizer/wire_format.h"

#include <bit>

namespace troupe::tokenizer {
namespace {

void append_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void append_tag(std::string& out, uint32_t number, WireType type) {
  append_varint(out, (uint64_t{number} << 3) | static_cast<uint64_t>(type));
}

}  // namespace

std::optional<WireField> WireReader::fail() {
  broken_ = true;
  rest_ = {};
  return std::nullopt;
}

std::optional<uint64_t> WireReader::varint() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

std::optional<uint64_t> WireReader::fixed(size_t size) {
  if (rest_.size() < size) return std::nullopt;
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value |= uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
  rest_.remove_prefix(size);
  return value;
}

std::optional<WireField> WireReader::next() {
  if (rest_.empty()) return std::nullopt;
  const auto tag = varint();
  if (!tag || *tag > UINT32_MAX || *tag < 8) return fail();
  WireField field{static_cast<uint32_t>(*tag >> 3), static_cast<WireType>(*tag & 7), 0, {}};
  std::optional<uint64_t> value;
  switch (field.type) {
    case WireType::varint:
    case WireType::bytes:
      value = varint();
      break;
    case WireType::fixed64:
      value = fixed(8);
      break;
    case WireType::fixed32:
      value = fixed(4);
      break;
    default:
      break;  // groups, which no such file has
  }
  if (!value) return fail();
  if (field.type == WireType::bytes) {
    if (*value > rest_.size()) return fail();
    field.bytes = rest_.substr(0, *value);
    rest_.remove_prefix(*value);
  } else {
    field.value = *value;
  }
  return field;
}

void append_varint_field(std::string& out, uint32_t number, uint64_t value) {
  append_tag(out, number, WireType::varint);
  append_varint(out, value);
}

void append_bytes_field(std::string& out, uint32_t number, std::string_view bytes) {
  append_tag(out, number, WireType::bytes);
  append_varint(out, bytes.size());
  out += bytes;
}

void append_float_field(std::string& out, uint32_t number, float value) {
  append_tag(out, number, WireType::fixed32);
  const auto bits = std::bit_cast<uint32_t>(value);
  for (int i = 0; i < 4; ++i) out += static_cast<char>(bits >> (8 * i));
}

}  // namespace troupe::tokenizer
