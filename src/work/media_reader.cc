#include "work/media_reader.h"

#include <array>
#include <string>

namespace troupe::work {
namespace {

constexpr std::string_view kFileScheme = "file://";

bool starts_with_scheme(std::string_view uri) {
  const size_t colon = uri.find("://");
  return colon != std::string_view::npos && colon > 0 &&
         uri.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-") == colon;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hex_digit(text[i + 1]) : -1, low = escape ? hex_digit(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

Result<Bytes> base64_decoded(std::string_view text) {
  Bytes bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=' || c == '\n' || c == '\r') continue;
    const int digit = base64_digit(c);
    if (digit < 0) return make_error(ErrorCode::corrupt_input, "the data URL is not valid base64");
    bits = (bits << 6) | static_cast<uint32_t>(digit);
    if (++count % 4 == 0) {
      for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<uint8_t>(bits >> shift));
      bits = 0;
    }
  }
  if (count % 4 == 1) return make_error(ErrorCode::corrupt_input, "the data URL's base64 is cut off");
  if (count % 4 == 2) bytes.push_back(static_cast<uint8_t>(bits >> 4));
  if (count % 4 == 3) {
    bytes.push_back(static_cast<uint8_t>(bits >> 10));
    bytes.push_back(static_cast<uint8_t>(bits >> 2));
  }
  return bytes;
}

}  // namespace

Result<Bytes> decode_data_url(std::string_view url, uint64_t size_bytes_max) {
  const size_t comma = url.find(',');
  if (!url.starts_with("data:") || comma == std::string_view::npos) {
    return make_error(ErrorCode::corrupt_input,
                      "this is no data URL: it must start with \"data:\" and have a comma");
  }
  const std::string_view payload = url.substr(comma + 1);
  if (payload.size() / 4 * 3 > size_bytes_max + 3) {
    return make_error(ErrorCode::over_limit,
                      "the data URL holds more than " + std::to_string(size_bytes_max) + " bytes");
  }
  if (url.substr(0, comma).ends_with(";base64")) return base64_decoded(payload);
  const std::string text = percent_decoded(payload);
  return Bytes(text.begin(), text.end());
}

Result<Bytes> LocalMediaReader::read(const MediaSource& source, uint64_t size_bytes_max) {
  const std::string_view uri = source.uri;
  if (uri.empty()) return make_error(ErrorCode::invalid_argument, "no file is named");
  if (uri.starts_with("data:")) return decode_data_url(uri, size_bytes_max);
  if (uri.starts_with(kFileScheme)) {
    return read_file(percent_decoded(uri.substr(kFileScheme.size())), size_bytes_max);
  }
  if (starts_with_scheme(uri) || uri.starts_with("upload:")) {
    return make_error(ErrorCode::unsupported,
                      "\"" + std::string(uri.substr(0, 80)) + "\" is not a local file: download it first");
  }
  return read_file(std::string(uri), size_bytes_max);
}

}  // namespace troupe::work
