#include "fetch/url.h"

#include <algorithm>
#include <charconv>

#include "fetch/address.h"

namespace troupe::fetch {
namespace {

constexpr size_t kHostBytesMax = 253, kLabelBytesMax = 63;  // RFC 1035

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

Error refuse(const std::string& what) { return make_error(ErrorCode::invalid_argument, "the URL " + what); }

Error too_long() {
  return make_error(ErrorCode::over_limit,
                    "the URL is longer than " + std::to_string(kUrlBytesMax) + " bytes");
}

// Bytes that readers of URLs disagree about, wherever they stand.
Result<void> check_characters(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return refuse("holds a control character; write it as %0A or the like");
    if (c == ' ') return refuse("holds a space; write it as %20");
    if (c == '\\') return refuse("holds a backslash; write it as %5C, or / where that is meant");
  }
  return {};
}

// The part of `text` before the first of `ends`; `text` keeps the rest.
std::string_view take_until(std::string_view& text, std::string_view ends) {
  const std::string_view taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(taken.size());
  return taken;
}

Result<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || text[0] == '0' || failure != std::errc() || end != text.data() + text.size()) {
    return refuse("has a port that is none: write 1 to 65535, or leave it out with its colon");
  }
  return port;
}

Result<void> read_bracketed_host(std::string_view text, Url& url) {
  const auto address = parse_address(text);
  if (!address || !address->v6) return refuse("has no IPv6 address between its brackets");
  url.host = print(*address);
  url.host_is_address = true;
  return {};
}

// Some readers take "0x7f.1" and "2130706433" for 127.0.0.1: a host whose last label is a number is an
// address or nothing.
bool ends_in_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  if (std::all_of(last.begin(), last.end(), is_digit)) return true;
  return last.starts_with("0x") && std::all_of(last.begin() + 2, last.end(), is_hex_digit);
}

Result<void> check_labels(std::string_view host) {
  if (host.size() > kHostBytesMax) return refuse("has a host name of more than 253 characters");
  if (host.back() == '.') return refuse("has a host that ends with a dot; leave the dot out");
  for (std::string_view rest = host; !rest.empty();) {
    const std::string_view label = take_until(rest, ".");
    if (label.empty()) return refuse("has two dots in a row, or one in front, in its host");
    if (label.size() > kLabelBytesMax)
      return refuse("has a part of its host name of more than 63 characters");
    rest.remove_prefix(rest.empty() ? 0 : 1);
  }
  return {};
}

Result<void> read_plain_host(std::string_view text, Url& url) {
  if (text.empty()) return refuse("names no host");
  url.host = lower_case(text);
  for (const char c : url.host) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_') continue;
    if (static_cast<unsigned char>(c) >= 0x80) {
      return refuse("has a host with characters beyond ASCII; write its name in the xn-- form");
    }
    return refuse("has a host with a character that no host name has: " + std::string(1, c));
  }
  TROUPE_CHECK_OK(check_labels(url.host));
  if (!ends_in_number(url.host)) return {};
  if (!parse_address(url.host)) {
    return refuse("has a host that ends in a number but is no IPv4 address; write four decimal numbers");
  }
  url.host_is_address = true;
  return {};
}

Result<void> read_authority(std::string_view text, Url& url) {
  if (text.find('@') != std::string_view::npos) {
    return refuse("holds a user name or password; they cannot be given here");
  }
  if (text.starts_with('[')) {
    const size_t close = text.find(']');
    if (close == std::string_view::npos) return refuse("has a bracket without its partner");
    TROUPE_CHECK_OK(read_bracketed_host(text.substr(1, close - 1), url));
    text.remove_prefix(close + 1);
    if (!text.empty() && text[0] != ':') return refuse("has something between its host and its port");
  } else {
    TROUPE_CHECK_OK(read_plain_host(take_until(text, ":"), url));
  }
  if (text.empty()) return {};
  TROUPE_TRY(url.port, parse_port(text.substr(1)));
  return {};
}

// From '/' on, with bytes beyond ASCII as browsers send them.
std::string read_target(std::string_view text) {
  std::string target = text.starts_with('/') ? "" : "/";
  for (const char c : text.substr(0, text.find('#'))) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      target += c;
    } else {
      target += {'%', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    }
  }
  return target;
}

uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// RFC 3986 section 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::string clean;
  while (!path.empty()) {
    path.remove_prefix(1);  // the '/'
    const std::string_view segment = take_until(path, "/");
    if (segment == "..") clean.erase(std::min(clean.rfind('/'), clean.size()));
    if (segment != "." && segment != "..") clean.append("/").append(segment);
    if (path.empty() && (segment == "." || segment == "..")) clean += '/';
  }
  return clean;
}

bool has_scheme(std::string_view text) {
  const std::string_view head = text.substr(0, text.find_first_of(":/?#"));
  return !head.empty() && head.size() < text.size() && text[head.size()] == ':';
}

// RFC 3986 section 5.2.2, for a reference without scheme and authority.
std::string merge_targets(std::string_view base, std::string_view reference) {
  const std::string_view base_path = base.substr(0, base.find('?'));
  const std::string_view path = take_until(reference, "?");
  if (path.empty()) return std::string(reference.empty() ? base : base_path) + std::string(reference);
  const std::string whole =
      path.starts_with('/') ? std::string(path)
                            : std::string(base_path.substr(0, base_path.rfind('/') + 1)) + std::string(path);
  return remove_dot_segments(whole) + std::string(reference);
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kUrlBytesMax) return too_long();
  TROUPE_CHECK_OK(check_characters(text));
  Url url;
  url.scheme = lower_case(take_until(text, ":/?#"));
  if (url.scheme != "https" && url.scheme != "http") {
    return refuse("does not start with https:// or http://");
  }
  if (!text.starts_with("://")) return refuse("does not have :// after " + url.scheme);
  text.remove_prefix(3);
  url.port = default_port(url.scheme);
  TROUPE_CHECK_OK(read_authority(take_until(text, "/?#"), url));
  url.target = read_target(text);
  if (print(url).size() > kUrlBytesMax) return too_long();
  return url;
}

Result<Url> resolve_redirect(const Url& base, std::string_view location) {
  const std::string_view reference = location.substr(0, location.find('#'));
  if (location.empty()) return refuse("to go on to is empty");
  if (location.size() > kUrlBytesMax) return too_long();
  if (has_scheme(reference)) return parse_url(reference);
  if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));
  Url url = base;
  url.target = merge_targets(base.target, reference);
  return parse_url(print(url));
}

std::string print(const Url& url) {
  const bool brackets = url.host.find(':') != std::string::npos;
  std::string text = url.scheme + "://" + (brackets ? "[" + url.host + "]" : url.host);
  if (url.port != default_port(url.scheme)) text += ":" + std::to_string(url.port);
  return text + url.target;
}

}  // namespace troupe::fetch
