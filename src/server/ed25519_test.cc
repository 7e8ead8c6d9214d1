#include "server/ed25519.h"

#include <gtest/gtest.h>

#include "base/ids.h"

namespace troupe::server {
namespace {

Ed25519Seed seed_of(std::string_view hex) {
  Ed25519Seed seed{};
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t i = 0; i < seed.size(); ++i)
    seed[i] = static_cast<uint8_t>(digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]));
  return seed;
}

// RFC 8032, section 7.1, TEST 1 and TEST 2.
TEST(Ed25519, SignsAsTheStandardsVectors) {
  const Ed25519Seed one = seed_of("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  EXPECT_EQ(to_hex(*public_ed25519(one)), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(to_hex(*sign_ed25519(one, "")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0"
            "595bbe24655141438e7a100b");
  const Ed25519Seed two = seed_of("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  EXPECT_EQ(to_hex(*sign_ed25519(two, "\x72")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eae"
            "b4302aeeb00d291612bb0c00");
}

TEST(Ed25519, EachSecretHasAKeyOfItsOwn) {
  EXPECT_EQ(ed25519_seed("a"), ed25519_seed("a"));
  EXPECT_NE(ed25519_seed("a"), ed25519_seed("b"));
}

}  // namespace
}  // namespace troupe::server
