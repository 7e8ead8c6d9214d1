#include "http/target.h"

#include <algorithm>

#include "base/utf8.h"
#include "http/fields.h"

namespace troupe::http {
namespace {

Error bad_target(std::string what) { return make_error(ErrorCode::invalid_argument, std::move(what)); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_printable_ascii(char c) { return c > 0x20 && c < 0x7f; }

// The part after "http://host", or all of an origin-form; empty if it is neither.
std::string_view path_and_query(std::string_view target) {
  if (target.starts_with('/')) return target;
  const size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view name = target.substr(0, scheme);
  if (!same_name(name, "http") && !same_name(name, "https")) return {};
  const std::string_view rest = target.substr(scheme + 3);
  const size_t end = rest.find_first_of("/?");
  if (end == 0) return {};
  return end == std::string_view::npos ? "/" : rest.substr(end);
}

Result<std::string> decode_path(std::string_view encoded) {
  TROUPE_TRY(std::string path, percent_decode(encoded, false));
  if (path.empty()) path = "/";  // "http://host?query"
  for (size_t start = 1; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = std::string_view(path).substr(start, end - start);
    if (segment == "." || segment == "..")
      return bad_target("the path may not have a segment \".\" or \"..\"; ask for the path it stands for");
    start = end + 1;
  }
  return path;
}

Result<std::multimap<std::string, std::string>> decode_query(std::string_view encoded) {
  std::multimap<std::string, std::string> query;
  for (size_t start = 0; start < encoded.size();) {
    const size_t end = std::min(encoded.find('&', start), encoded.size());
    const std::string_view pair = encoded.substr(start, end - start);
    start = end + 1;
    if (pair.empty()) continue;
    if (query.size() == kQueryValuesMax)
      return bad_target("the query has more than " + std::to_string(kQueryValuesMax) + " values");
    const size_t equals = std::min(pair.find('='), pair.size());
    TROUPE_TRY(std::string name, percent_decode(pair.substr(0, equals), true));
    TROUPE_TRY(std::string value, percent_decode(pair.substr(std::min(equals + 1, pair.size())), true));
    query.emplace(std::move(name), std::move(value));
  }
  return query;
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' && plus_is_blank ? ' ' : text[i];
      continue;
    }
    const bool whole = i + 2 < text.size();
    const int high = whole ? hex_value(text[i + 1]) : -1;
    const int low = whole ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return bad_target("after '%' stand two hexadecimal digits; write a lone '%' as %25");
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (!is_utf8(decoded)) return bad_target("the percent-encoded bytes are not UTF-8");
  // Query values may be text of several lines; nothing may hold a NUL.
  const bool bad = plus_is_blank ? decoded.find('\0') != std::string::npos
                                 : std::any_of(decoded.begin(), decoded.end(), is_control);
  if (bad) return bad_target("control characters cannot be part of what is asked for");
  return decoded;
}

Result<Target> parse_target(std::string_view target) {
  if (!std::all_of(target.begin(), target.end(), is_printable_ascii))
    return bad_target("the request's target has bytes that must be percent-encoded");
  if (target.find('#') != std::string_view::npos)
    return bad_target("the request's target has a '#', which is never sent");
  const std::string_view rest = path_and_query(target);
  if (rest.empty()) return bad_target("the request's target is neither a path nor an http address");
  const size_t mark = std::min(rest.find('?'), rest.size());
  Target result;
  TROUPE_TRY(result.path, decode_path(rest.substr(0, mark)));
  TROUPE_TRY(result.query, decode_query(rest.substr(std::min(mark + 1, rest.size()))));
  return result;
}

}  // namespace troupe::http
