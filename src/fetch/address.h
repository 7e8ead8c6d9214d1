// Which addresses belong to the public internet.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe::fetch {

/// An IPv4 address is kept as itself, not as a mapped IPv6 one.
struct Address {
  bool v6 = false;
  std::array<uint8_t, 16> bytes{};  ///< the first 4 for IPv4
  bool operator==(const Address&) const = default;
};

/// "93.184.216.34", "2001:db8::1"; nothing else (no brackets, zones, short forms of IPv4).
std::optional<Address> parse_address(std::string_view text);
std::string print(const Address& address);

/// Global unicast and nothing that leads inside: false for loopback, private, shared (100.64/10), link-local
/// (metadata services), multicast, reserved, documentation, benchmarking, unique local, and for IPv6 forms
/// that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) or are deprecated. Source: IANA's special-purpose
/// registries of IPv4 and IPv6.
bool is_public(const Address& address);

/// Every address of a host name. Blocks. Errors: not_found, unavailable, timeout.
using Resolver = std::function<Result<std::vector<Address>>(const std::string& host)>;

/// The system's (getaddrinfo), given up after 3 seconds.
Resolver system_resolver();

}  // namespace troupe::fetch
