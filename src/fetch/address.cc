#include "fetch/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

namespace troupe::fetch {
namespace {

constexpr size_t kV4Bytes = 4;

struct Range {
  bool v6;
  std::array<uint8_t, 16> bytes;
  int prefix_bits;
};

consteval Range v4(uint32_t address, int prefix_bits) {
  Range range{false, {}, prefix_bits};
  for (size_t i = 0; i < kV4Bytes; ++i) range.bytes[i] = static_cast<uint8_t>(address >> (24 - 8 * i));
  return range;
}

// The first four groups; no range of the table needs more.
consteval Range v6(uint64_t groups, int prefix_bits) {
  Range range{true, {}, prefix_bits};
  for (size_t i = 0; i < 8; ++i) range.bytes[i] = static_cast<uint8_t>(groups >> (56 - 8 * i));
  return range;
}

// What of IPv6 is assigned as global unicast (IANA, "Internet Protocol Version 6 Address Space").
constexpr Range kGlobalUnicastV6 = v6(0x2000'0000'0000'0000, 3);

// IANA, "IPv4 Special-Purpose Address Registry" and "IPv6 Special-Purpose Address Registry", and multicast
// and reserved space. Whole ranges, with the few anycast services inside them: none serves media or takes
// webhooks. IPv6 ranges outside kGlobalUnicastV6 need no line: it holds none of loopback, mapped, NAT64,
// discard, unique local, link-local, site-local, segment routing, multicast.
constexpr Range kSpecial[] = {
    v4(0x00000000, 8),              // this network
    v4(0x0a000000, 8),              // private
    v4(0x64400000, 10),             // shared, carrier-grade NAT
    v4(0x7f000000, 8),              // loopback
    v4(0xa9fe0000, 16),             // link-local, metadata services
    v4(0xac100000, 12),             // private
    v4(0xc0000000, 24),             // IETF protocol assignments
    v4(0xc0000200, 24),             // documentation
    v4(0xc01fc400, 24),             // AS112, answered by whoever is near
    v4(0xc034c100, 24),             // AMT
    v4(0xc0586300, 24),             // 6to4 relays, deprecated
    v4(0xc0a80000, 16),             // private
    v4(0xc0af3000, 24),             // AS112
    v4(0xc6120000, 15),             // benchmarking
    v4(0xc6336400, 24),             // documentation
    v4(0xcb007100, 24),             // documentation
    v4(0xe0000000, 4),              // multicast
    v4(0xf0000000, 4),              // reserved, limited broadcast
    v6(0x2001'0000'0000'0000, 23),  // IETF protocol assignments: Teredo, benchmarking, ORCHID, AMT, AS112 …
    v6(0x2001'0db8'0000'0000, 32),  // documentation
    v6(0x2002'0000'0000'0000, 16),  // 6to4, carries an IPv4 address
    v6(0x2620'004f'8000'0000, 48),  // AS112
    v6(0x3ffe'0000'0000'0000, 16),  // 6bone, returned
    v6(0x3fff'0000'0000'0000, 20),  // documentation
};

bool contains(const Range& range, const Address& address) {
  if (range.v6 != address.v6) return false;
  const auto whole = static_cast<size_t>(range.prefix_bits / 8);
  if (!std::equal(range.bytes.begin(), range.bytes.begin() + whole, address.bytes.begin())) return false;
  const int rest = range.prefix_bits % 8;
  return rest == 0 || (range.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  // inet_pton() would stop at a zero byte and take what is before it.
  if (text.empty() || text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  const std::string copy(text);
  Address address;
  address.v6 = text.find(':') != std::string_view::npos;
  if (::inet_pton(address.v6 ? AF_INET6 : AF_INET, copy.c_str(), address.bytes.data()) != 1)
    return std::nullopt;
  return address;
}

std::string print(const Address& address) {
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text, sizeof text);
  return text;
}

bool is_public(const Address& address) {
  if (address.v6 && !contains(kGlobalUnicastV6, address)) return false;
  return std::none_of(std::begin(kSpecial), std::end(kSpecial),
                      [&](const Range& range) { return contains(range, address); });
}

}  // namespace troupe::fetch
