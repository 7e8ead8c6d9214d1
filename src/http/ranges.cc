#include "http/ranges.h"

#include <algorithm>
#include <limits>

#include "http/fields.h"

namespace troupe::http {
namespace {

constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

// Digits only; numbers too large for 64 bits become the largest, as no file is that long.
std::optional<uint64_t> parse_digits(std::string_view text) {
  if (text.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<uint64_t>(c - '0');
    value = value > (kMost - digit) / 10 ? kMost : value * 10 + digit;
  }
  return value;
}

// True if `list` ("*" or entity tags with commas) names `etag`. Weak tags never match where `weak` is false.
bool names_etag(std::string_view list, std::string_view etag, bool weak) {
  if (trimmed(list) == "*") return true;
  for (size_t start = 0; start < list.size();) {
    start = list.find_first_not_of(" \t,", start);
    if (start == std::string_view::npos) return false;
    const bool is_weak = list.substr(start).starts_with("W/");
    const size_t open = start + (is_weak ? 2 : 0);
    if (open >= list.size() || list[open] != '"') return false;
    const size_t close = list.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (list.substr(open, close - open + 1) == etag && (weak || !is_weak)) return true;
    start = close + 1;
  }
  return false;
}

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (is_token({&c, 1}) && c != '%' && c != '\'' && c != '*')) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

// As in RFC 6266: a plain name for all, and the exact one where it has more than ASCII.
std::string disposition(const FileAnswer& answer) {
  std::string text = answer.attachment ? "attachment" : "inline";
  if (answer.file_name.empty()) return text;
  std::string plain;
  bool exact = true;
  for (const char c : answer.file_name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool harmless =
        byte >= 0x20 && byte < 0x7f && std::string_view("\"\\/%").find(c) == std::string::npos;
    exact &= harmless;
    if ((byte & 0xc0) != 0x80) plain += harmless ? c : '_';
  }
  text.append("; filename=\"").append(plain).append("\"");
  if (!exact) append_percent_encoded(text += "; filename*=UTF-8''", answer.file_name);
  return text;
}

// Whether Range counts: always without If-Range, else only for the very same content.
bool range_applies(const Request& request, std::string_view etag) {
  const std::string_view condition = trimmed(request.headers.get("If-Range"));
  return request.method == "GET" && (condition.empty() || condition == etag);
}

std::string content_range(const std::string& range, uint64_t size_bytes) {
  std::string text = "bytes ";
  text += range;
  text += '/';
  return text += std::to_string(size_bytes);
}

Response file_response(int status, const FileAnswer& answer) {
  Response response;
  response.status = status;
  response.headers.add("ETag", answer.etag);
  response.headers.add("Accept-Ranges", "bytes");
  if (!answer.cache_control.empty()) response.headers.add("Cache-Control", answer.cache_control);
  return response;
}

}  // namespace

std::optional<std::vector<ByteRange>> parse_range(std::string_view header, uint64_t size) {
  const size_t equals = header.find('=');
  if (equals == std::string_view::npos || !same_name(trimmed(header.substr(0, equals)), "bytes"))
    return std::nullopt;
  const std::string_view range = trimmed(header.substr(equals + 1));
  const size_t dash = range.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_digits(range.substr(0, dash));
  const auto last = parse_digits(range.substr(dash + 1));
  const bool first_said = dash > 0, last_said = dash + 1 < range.size();
  if (first_said != first.has_value() || last_said != last.has_value() || (!first && !last))
    return std::nullopt;

  using Ranges = std::vector<ByteRange>;
  if (!first) {
    if (*last == 0 || size == 0) return Ranges{};
    return Ranges{{size - std::min(*last, size), size - 1}};
  }
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return Ranges{};
  return Ranges{{*first, std::min(last.value_or(kMost), size - 1)}};
}

Response serve_file(const Request& request, const std::filesystem::path& file, uint64_t size_bytes,
                    const FileAnswer& answer) {
  const Headers& headers = request.headers;
  if (headers.has("If-Match") && !names_etag(headers.get("If-Match"), answer.etag, false))
    return file_response(412, answer);
  if (headers.has("If-None-Match") && names_etag(headers.get("If-None-Match"), answer.etag, true))
    return file_response(304, answer);

  Response response = file_response(200, answer);
  FilePart part{file, 0, size_bytes};
  if (headers.has("Range") && range_applies(request, answer.etag)) {
    const auto ranges = parse_range(headers.get("Range"), size_bytes);
    if (ranges && ranges->empty()) {
      response.status = 416;
      response.headers.add("Content-Range", content_range("*", size_bytes));
      return response;
    }
    if (ranges) {
      const ByteRange range = ranges->front();
      part.offset = range.first;
      part.size_bytes = range.last - range.first + 1;
      response.status = 206;
      const std::string said = std::to_string(range.first) + "-" + std::to_string(range.last);
      response.headers.add("Content-Range", content_range(said, size_bytes));
    }
  }
  response.headers.add("Content-Type", answer.content_type);
  response.headers.add("Content-Disposition", disposition(answer));
  response.body = std::move(part);
  return response;
}

}  // namespace troupe::http
