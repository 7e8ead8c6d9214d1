#include "fetch/address.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace troupe::fetch {
namespace {

Address at(const char* text) {
  const auto address = parse_address(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(Address{});
}

TEST(Address, ReadsAndPrints) {
  for (const char* text : {"0.0.0.0", "93.184.216.34", "255.255.255.255", "::", "::1", "2001:db8::1",
                           "2606:4700::1111", "::ffff:127.0.0.1", "fe80::1"}) {
    EXPECT_EQ(print(at(text)), text);
  }
  EXPECT_EQ(print(at("2001:DB8:0:0:0:0:0:1")), "2001:db8::1");
  EXPECT_FALSE(at("127.0.0.1").v6);
  EXPECT_TRUE(at("::ffff:127.0.0.1").v6);
}

TEST(Address, RefusesOtherSpellings) {
  for (const char* text :
       {"",           " ",          "127.1",         "2130706433", "0x7f.1",    "0x7f000001",
        "0177.0.0.1", "127.0.0.01", "127.0.0.256",   "1.2.3",      "1.2.3.4.",  "1.2.3.4.5",
        " 1.2.3.4",   "1.2.3.4 ",   "[::1]",         "::1%lo",     "fe80::1%1", ":::",
        "1::2::3",    "12345::",    "1:2:3:4:5:6:7", "localhost",  "١.٢.٣.٤",   "1。2。3。4"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
  EXPECT_FALSE(parse_address(std::string_view("1.2.3.4\0.5", 10)));
}

// Each range's first and last address and the two beside it. Only the latter may be public: those that lie in
// another special range are told as such.
struct Case {
  const char *name, *before, *first, *last, *after;
  bool before_public, after_public;
};

constexpr Case kCases[] = {
    {"this network", "0.0.0.0", "0.0.0.0", "0.255.255.255", "1.0.0.0", false, true},
    {"private 10", "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0", true, true},
    {"shared", "100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0", true, true},
    {"loopback", "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0", true, true},
    {"link-local", "169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0", true, true},
    {"private 172", "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0", true, true},
    {"protocol", "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0", true, true},
    {"test-net-1", "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", true, true},
    {"as112", "192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0", true, true},
    {"amt", "192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0", true, true},
    {"6to4 relay", "192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0", true, true},
    {"private 192", "192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0", true, true},
    {"as112 direct", "192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0", true, true},
    {"benchmarking", "198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0", true, true},
    {"test-net-2", "198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0", true, true},
    {"test-net-3", "203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0", true, true},
    {"multicast", "223.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", true, false},
    {"reserved", "239.255.255.255", "240.0.0.0", "255.255.255.255", "255.255.255.255", false, false},

    {"unspecified", "::", "::", "::", "::1", false, false},
    {"loopback 6", "::", "::1", "::1", "::2", false, false},
    {"compatible", "::", "::2", "::ffff:ffff", "::1:0:0", false, false},
    {"mapped", "::fffe:ffff:ffff", "::ffff:0:0", "::ffff:ffff:ffff", "::1:0:0:0", false, false},
    {"nat64", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9b::1:0:0",
     false, false},
    {"nat64 local", "64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
     "64:ff9b:2::", false, false},
    {"discard", "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "100::", "100::ffff:ffff:ffff:ffff",
     "100:0:0:1::", false, false},
    {"dummy", "100::ffff:ffff:ffff:ffff", "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff",
     "100:0:0:2::", false, false},
    {"before unicast", "::", "1fff::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::", false, true},
    {"protocol 6", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::", true, true},
    {"teredo", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::1", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:1::", true, false},
    {"documentation", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", true, true},
    {"6to4", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2003::", true, true},
    {"as112 6", "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff",
     "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::", true, true},
    {"6bone", "3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3fff::", true, false},
    {"documentation 2", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::", false, true},
    {"after unicast", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f00::", true, false},
    {"segment routing", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f01::", false, false},
    {"unique local", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::", false, false},
    {"link-local 6", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::", false, false},
    {"site-local", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff00::", false, false},
    {"multicast 6", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff02::1", false, false},
};

TEST(Address, NothingSpecialIsPublic) {
  for (const Case& range : kCases) {
    EXPECT_FALSE(is_public(at(range.first))) << range.name;
    EXPECT_FALSE(is_public(at(range.last))) << range.name;
    EXPECT_EQ(is_public(at(range.before)), range.before_public) << range.name;
    EXPECT_EQ(is_public(at(range.after)), range.after_public) << range.name;
  }
}

TEST(Address, TheInternetIsPublic) {
  for (const char* text : {"1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111",
                           "2a00:1450:4001:81b::200e", "2400:cb00::1", "3000::1"}) {
    EXPECT_TRUE(is_public(at(text))) << text;
  }
}

// A second, slower reading of the same rule, compared over many addresses.
bool is_special_v4(uint32_t a) {
  const auto top = [a](int bits) { return a >> (32 - bits); };
  return top(8) == 0 || top(8) == 10 || top(8) == 127 || (a >= 0x64400000 && a <= 0x647fffff) ||
         top(16) == 0xa9fe || (a >= 0xac100000 && a <= 0xac1fffff) || top(24) == 0xc00000 ||
         top(24) == 0xc00002 || top(24) == 0xc01fc4 || top(24) == 0xc034c1 || top(24) == 0xc05863 ||
         top(16) == 0xc0a8 || top(24) == 0xc0af30 || (a >= 0xc6120000 && a <= 0xc613ffff) ||
         top(24) == 0xc63364 || top(24) == 0xcb0071 || a >= 0xe0000000;
}

TEST(Address, AgreesWithASecondReading) {
  Random random(7);
  for (int i = 0; i < 300'000; ++i) {
    const auto value = static_cast<uint32_t>(random.next());
    Address address;
    for (size_t byte = 0; byte < 4; ++byte)
      address.bytes[byte] = static_cast<uint8_t>(value >> (24 - 8 * byte));
    ASSERT_EQ(is_public(address), !is_special_v4(value)) << print(address);
  }
}

}  // namespace
}  // namespace troupe::fetch
