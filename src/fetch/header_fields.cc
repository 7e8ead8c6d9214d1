#include "fetch/header_fields.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace troupe::fetch {
namespace {

// RFC 9110 section 5.6.2.
bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && std::strchr("!#$%&'*+-.^_`|~", c) != nullptr);
  });
}

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& c : copy) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return copy;
}

// What tells where a request ends and who it is for is not the caller's.
bool is_own_header(std::string_view name) {
  constexpr std::array kOwn = {
      "host",    "content-length", "transfer-encoding", "connection",         "expect", "upgrade", "te",
      "trailer", "keep-alive",     "proxy-connection",  "proxy-authorization"};
  return std::find(kOwn.begin(), kOwn.end(), lower(name)) != kOwn.end();
}

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? ""
                                         : text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

}  // namespace

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

Result<void> check_headers(const std::map<std::string, std::string>& headers) {
  for (const auto& [name, value] : headers) {
    if (!is_header_name(name)) return make_error(ErrorCode::invalid_argument, "a header's name is none");
    if (is_own_header(name))
      return make_error(ErrorCode::invalid_argument, "the header " + name + " cannot be given");
    if (!is_header_value(value)) {
      return make_error(ErrorCode::invalid_argument, "the header " + name + " holds a control character");
    }
  }
  return {};
}

void add_head_line(std::string_view line, ReplyHead& head) {
  if (line.starts_with("HTTP/")) head = {};
  const size_t colon = line.find(':');
  if (colon != std::string_view::npos)
    head.headers[lower(trim(line.substr(0, colon)))] = trim(line.substr(colon + 1));
}

bool ends_head(std::string_view line) { return trim(line).empty(); }

}  // namespace troupe::fetch
