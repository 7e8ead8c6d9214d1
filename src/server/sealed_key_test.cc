#include "server/sealed_key.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"
#include "base/ids.h"

namespace troupe::server {
namespace {

const std::string kSecret(64, 'a');
const std::string kKey = "sk-0123456789abcdef";

std::string sealed(const std::string& plain, const std::string& name = "venice") {
  return seal(kSecret, name, plain).value();
}

bool opens(const std::string& text, const std::string& name = "venice", const std::string& secret = kSecret) {
  const auto plain = unseal(secret, name, text);
  EXPECT_TRUE(plain || plain.error().code == ErrorCode::corrupt_input) << to_string(plain.error());
  return plain.has_value();
}

TEST(SealedKey, OpensToWhatItWas) {
  for (const std::string& plain : {std::string(), std::string("k"), kKey, std::string("a\0\xff\n", 4),
                                   std::string(kSealedPlainBytesMax, 'x')}) {
    const auto opened = unseal(kSecret, "venice", sealed(plain));
    ASSERT_TRUE(opened) << plain.size();
    EXPECT_EQ(*opened, plain);
  }
}

// Made by another implementation (Python's cryptography: HKDF, AESGCM): a change of the form is noticed.
TEST(SealedKey, OpensWhatOtherProgramsSealedBySuchRules) {
  EXPECT_EQ(unseal(kSecret, "venice", "v1.AAECAwQFBgcICQoLh7/TR7vbC0cFqSW/LSTe+TLSN2bKzBK+g8GH9tfRgUYGkTI=")
                .value(),
            kKey);
}

TEST(SealedKey, ShowsNothingOfTheKey) {
  const std::string text = sealed(kKey);
  EXPECT_TRUE(text.starts_with("v1."));
  const Bytes bytes = from_base64(text.substr(3)).value();
  EXPECT_EQ(bytes.size(), 12 + kKey.size() + 16);
  const std::string raw(bytes.begin(), bytes.end());
  EXPECT_EQ(raw.find(kKey.substr(0, 4)), std::string::npos);
}

TEST(SealedKey, IsNeverTheSameTwice) {
  std::set<std::string> nonces;
  for (int i = 0; i < 100; ++i) nonces.insert(sealed(kKey).substr(3, 16));
  EXPECT_EQ(nonces.size(), 100u);
}

TEST(SealedKey, OpensForNoOtherNameOrSecret) {
  const std::string text = sealed(kKey);
  ASSERT_TRUE(opens(text));
  for (const char* name : {"", "venic", "venice2", "Venice", "fal"}) EXPECT_FALSE(opens(text, name)) << name;
  for (const std::string& secret : {std::string(), std::string(64, 'b'), std::string(63, 'a')})
    EXPECT_FALSE(opens(text, "venice", secret)) << secret;
  EXPECT_TRUE(opens(sealed(kKey, ""), ""));
}

TEST(SealedKey, AChangeAnywhereIsNoticed) {
  const std::string text = sealed(kKey);
  for (size_t i = 0; i < text.size(); ++i) {
    for (const char other : {'A', 'z', '+', '-', '=', '.', ' ', '\0', '\xff'}) {
      std::string changed = text;
      changed[i] = other;
      EXPECT_EQ(opens(changed), changed == text) << i << " " << other;
    }
    EXPECT_FALSE(opens(text.substr(0, i))) << i;
  }
  const Bytes bytes = from_base64(text.substr(3)).value();
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 7}) {
      Bytes changed = bytes;
      changed[i] = static_cast<uint8_t>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(opens("v1." + to_base64(changed))) << i;
    }
  }
}

TEST(SealedKey, HasOneSpelling) {
  // Three bytes of base 64 are left over after none, one or two bytes.
  for (const std::string& plain : {std::string("a"), std::string("ab"), std::string("abc")}) {
    const std::string text = sealed(plain);
    EXPECT_FALSE(opens(text + "="));
    EXPECT_FALSE(opens(text + "\n"));
    EXPECT_FALSE(opens(" " + text));
    if (text.ends_with('=')) {
      EXPECT_FALSE(opens(text.substr(0, text.size() - 1)));
    }
  }
}

TEST(SealedKey, BoundsWhatItTakes) {
  const auto huge = seal(kSecret, "venice", std::string(kSealedPlainBytesMax + 1, 'x'));
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code, ErrorCode::over_limit);
  EXPECT_EQ(huge.error().message.find("xxx"), std::string::npos);
  EXPECT_FALSE(opens("v1." + std::string(10 << 20, 'A')));
  for (const char* text :
       {"", "v", "v1.", "v2.", "v1.AAAA", "v1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", "x"})
    EXPECT_FALSE(opens(text)) << text;
}

TEST(SealedKey, CleansingLeavesNothing) {
  std::string secret(100, 's');
  const char* const place = secret.data();
  cleanse(secret);
  EXPECT_TRUE(secret.empty());
  EXPECT_NE(std::string(place, 100), std::string(100, 's'));
}

}  // namespace
}  // namespace troupe::server
