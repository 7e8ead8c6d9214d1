// One strict reading of URLs, so that who checks and who connects see the same host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace troupe::fetch {

struct Url {
  std::string scheme;  ///< "https" or "http", lower case
  /// Lower case: a name in ASCII (IDNA: "xn--…"), or an IPv4 or IPv6 literal, as print(Address) writes it.
  std::string host;
  bool host_is_address = false;
  uint16_t port = 443;
  /// Path and query, from the '/'; bytes beyond ASCII are percent-encoded; the fragment is dropped.
  std::string target;
  bool operator==(const Url&) const = default;
};

inline constexpr size_t kUrlBytesMax = 8192;

/// Errors: invalid_argument: another scheme, user info, no host, a port that is none, control characters or
/// spaces or backslashes, an IPv4 address in any spelling but four decimal numbers, a trailing dot, an
/// unpaired bracket, non-ASCII host characters; over_limit. Messages say which.
Result<Url> parse_url(std::string_view text);

/// `location` as a redirect from `base`: absolute, or relative to it.
Result<Url> resolve_redirect(const Url& base, std::string_view location);

/// "https://host:port/target"; the port only where it is not the scheme's.
std::string print(const Url& url);

}  // namespace troupe::fetch
