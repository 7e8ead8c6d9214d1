#include "server/identity.h"

#include <gtest/gtest.h>

namespace troupe::server {
namespace {

std::string secret(std::string authorization, std::string api_key = "") {
  http::Headers headers;
  if (!authorization.empty()) headers.add("Authorization", std::move(authorization));
  if (!api_key.empty()) headers.add("X-Api-Key", std::move(api_key));
  return std::string(secret_of(headers));
}

TEST(Identity, ReadsASecretHoweverAVendorsProgramSendsIt) {
  for (const char* header : {"Bearer trp_sk_x", "bearer  trp_sk_x", "Token trp_sk_x", "Key trp_sk_x",
                             "Key id:trp_sk_x", "Key a:b:trp_sk_x", "trp_sk_x"})
    EXPECT_EQ(secret(header), "trp_sk_x") << header;
  EXPECT_EQ(secret("", "trp_sk_x"), "trp_sk_x");
  EXPECT_EQ(secret("Basic dXNlcjpwYXNz", "trp_sk_x"), "trp_sk_x");
  EXPECT_EQ(secret("Basic dXNlcjpwYXNz"), "");
  EXPECT_EQ(secret(""), "");
  EXPECT_EQ(secret("Key id:"), "");
}

}  // namespace
}  // namespace troupe::server
