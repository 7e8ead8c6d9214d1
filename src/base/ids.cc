#include "base/ids.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace troupe {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr size_t kIdLength = 26;

int base64_value(char c) {
  if (c == '-') return 62;
  if (c == '_') return 63;
  const size_t at = kBase64.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

Bytes random_bytes(size_t count) {
  Bytes bytes(count);
  // A system without random numbers can make no secret: nothing sensible is left to do.
  if (count > 0 && RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) std::abort();
  return bytes;
}

std::string new_id(std::string_view prefix, Time now) {
  const Bytes random = random_bytes(10);
  auto millis = static_cast<uint64_t>(now.time_since_epoch().count()) & ((uint64_t{1} << 48) - 1);
  std::array<char, kIdLength> text;
  for (size_t i = 10; i-- > 0; millis >>= 5) text[i] = kCrockford[millis & 31];
  for (size_t half = 0; half < 2; ++half) {
    uint64_t bits = 0;
    for (size_t i = 0; i < 5; ++i) bits = bits << 8 | random[half * 5 + i];
    for (size_t i = 8; i-- > 0; bits >>= 5) text[10 + half * 8 + i] = kCrockford[bits & 31];
  }
  return std::string(prefix) + "_" + std::string(text.begin(), text.end());
}

bool is_id(std::string_view text, std::string_view prefix) {
  if (text.size() != prefix.size() + 1 + kIdLength || !text.starts_with(prefix)) return false;
  if (text[prefix.size()] != '_') return false;
  return text.find_first_not_of(kCrockford, prefix.size() + 1) == std::string_view::npos;
}

bool equal_secrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - i);
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k) bits = bits << 8 | (k < count ? bytes[i + k] : 0);
    for (size_t k = 0; k < 4; ++k) text += k <= count ? kBase64[bits >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  while (!text.empty() && text.back() == '=' && text.size() % 4 != 1) text.remove_suffix(1);
  if (text.size() % 4 == 1) return make_error(ErrorCode::corrupt_input, "this is not base 64: it ends early");
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return make_error(ErrorCode::corrupt_input, "this is not base 64");
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<uint8_t>(bits >> held));
  }
  return bytes;
}

}  // namespace troupe
