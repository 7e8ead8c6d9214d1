#include "base/base64_stream.h"

#include <array>
#include <string>

namespace troupe {
namespace {

constexpr int8_t kOther = -1, kSpace = -2, kPadding = -3;

constexpr std::array<int8_t, 256> make_table() {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<int8_t, 256> table{};
  table.fill(kOther);
  for (size_t i = 0; i < kLetters.size(); ++i)
    table[static_cast<unsigned char>(kLetters[i])] = static_cast<int8_t>(i);
  table['-'] = 62;
  table['_'] = 63;
  for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = kSpace;
  table['='] = kPadding;
  return table;
}

constexpr std::array<int8_t, 256> kTable = make_table();

}  // namespace

Result<void> Base64Stream::decode(std::string_view text, Bytes& out) {
  if (broken_) return refuse();
  out.reserve(out.size() + text.size() / 4 * 3 + 3);
  for (const char c : text) {
    const int8_t value = kTable[static_cast<unsigned char>(c)];
    ++taken_;
    if (value == kSpace) continue;
    if (value == kPadding) {
      ++padding_;
      if (characters_ < 2 || characters_ + padding_ > 4) return refuse();
      continue;
    }
    if (value == kOther || padding_ > 0) return refuse();
    bits_ = bits_ << 6 | static_cast<uint32_t>(value);
    if (++characters_ < 4) continue;
    out.push_back(static_cast<uint8_t>(bits_ >> 16));
    out.push_back(static_cast<uint8_t>(bits_ >> 8));
    out.push_back(static_cast<uint8_t>(bits_));
    bits_ = 0;
    characters_ = 0;
  }
  return {};
}

Result<void> Base64Stream::finish(Bytes& out) {
  if (broken_) return refuse();
  if (characters_ == 1) {
    broken_ = true;
    return make_error(ErrorCode::corrupt_input, "the base 64 ends early");
  }
  if (characters_ >= 2) out.push_back(static_cast<uint8_t>(bits_ >> (6 * characters_ - 8)));
  if (characters_ == 3) out.push_back(static_cast<uint8_t>(bits_ >> 2));
  characters_ = 0;
  return {};
}

Result<void> Base64Stream::refuse() {
  broken_ = true;
  return make_error(ErrorCode::corrupt_input,
                    "this is not base 64: see its character " + std::to_string(taken_));
}

}  // namespace troupe
