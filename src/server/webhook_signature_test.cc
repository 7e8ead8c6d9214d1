#include "server/webhook_signature.h"

#include <gtest/gtest.h>

#include <set>

namespace troupe::server {
namespace {

using std::chrono::seconds;

// The signatures here were computed with Python's hmac; the first one is also the specification's example.
constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::string_view kBody = R"({"test": 2432232314})";
constexpr std::string_view kSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const Time kThen(seconds(1614265330));

std::vector<Bytes> key(std::string_view secret = kSecret) { return {webhook_key(secret).value()}; }

std::string long_secret() {
  return "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
}

std::string refused_field(const WebhookHeaders& headers, Time now = kThen, std::string_view body = kBody) {
  const auto verified = verify_webhook(key(), headers, body, now);
  return verified ? "ok" : verified.error().field;
}

TEST(WebhookSignature, IsThatOfTheSpecification) {
  EXPECT_EQ(sign_webhook(key(), kId, kThen, kBody), kSignature);
}

TEST(WebhookSignature, TakesAnyBytesAndKeysOfFullLength) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(sign_webhook(key(), "msg_1", Time(seconds(1700000000)), all),
            "v1,HV6NkEJtgS4pMY23HMZm8WVxY3H7uqu+qsHUm/K2Eho=");
  EXPECT_EQ(sign_webhook(key(long_secret()), "msg_1", Time(seconds(1)), ""),
            "v1,y3OiG7jrnHwBDvR01rTzi24DTnufeoV4Sm78kdPIVGU=");
}

TEST(WebhookSignature, ListsOneForEachKeyAndAnyOfThemVerifies) {
  const std::vector<Bytes> both{key(long_secret())[0], key()[0]};
  const std::string header = sign_webhook(both, kId, kThen, kBody);
  EXPECT_EQ(header.find(' '), kSignature.size());
  EXPECT_TRUE(header.ends_with(kSignature));
  const WebhookHeaders headers{kId, "1614265330", header};
  EXPECT_TRUE(verify_webhook(key(), headers, kBody, kThen));
  EXPECT_TRUE(verify_webhook(key(long_secret()), headers, kBody, kThen));
  EXPECT_FALSE(verify_webhook(key(new_webhook_secret()), headers, kBody, kThen));
  EXPECT_FALSE(verify_webhook({}, headers, kBody, kThen));
}

TEST(WebhookSignature, RefusesWhateverWasChanged) {
  const std::string_view time = "1614265330";
  EXPECT_EQ(refused_field({kId, time, kSignature}), "ok");
  EXPECT_EQ(refused_field({"msg_other", time, kSignature}), "webhook-signature");
  EXPECT_EQ(refused_field({kId, "1614265331", kSignature}), "webhook-signature");
  EXPECT_EQ(refused_field({kId, time, kSignature}, kThen, "{}"), "webhook-signature");
  EXPECT_EQ(refused_field({"", time, kSignature}), "webhook-id");
  EXPECT_EQ(refused_field({"msg.1", time, kSignature}), "webhook-id");
}

TEST(WebhookSignature, PassesOverOtherVersionsAndRefusesMalformedLists) {
  const std::string_view time = "1614265330";
  const std::string good(kSignature);
  for (const std::string& list : {"v1a,abc " + good, " " + good, good + " ", "v1, " + good, good + " v1,x",
                                  "v2," + good.substr(3) + "  " + good}) {
    EXPECT_EQ(refused_field({kId, time, list}), "ok") << list;
  }
  for (const std::string& list :
       {std::string(), std::string(" "), std::string("v1,"), good.substr(3), "V1" + good.substr(2),
        "v1a" + good.substr(2), good + "=", good.substr(0, 40), good + "," + good,
        good + std::string(1, '\0'), "v1 ," + good.substr(3)}) {
    EXPECT_EQ(refused_field({kId, time, list}), "webhook-signature") << list;
  }
  const std::string flood = std::string(kWebhookSignatureHeaderBytesMax, ' ') + good;
  EXPECT_EQ(verify_webhook(key(), {kId, time, flood}, kBody, kThen).error().code, ErrorCode::over_limit);
}

TEST(WebhookSignature, BindsTheTimeToFiveMinutesEitherWay) {
  const WebhookHeaders headers{kId, "1614265330", kSignature};
  EXPECT_EQ(refused_field(headers, kThen + seconds(300)), "ok");
  EXPECT_EQ(refused_field(headers, kThen - seconds(300)), "ok");
  EXPECT_EQ(refused_field(headers, kThen + seconds(301)), "webhook-timestamp");
  EXPECT_EQ(refused_field(headers, kThen - seconds(301)), "webhook-timestamp");
  for (const std::string_view text : {"", "-1614265330", "+1614265330", " 1614265330", "1614265330.0", "0x60",
                                      "1e9", "999999999999999999999999", "9999999999999"}) {
    EXPECT_EQ(refused_field({kId, text, kSignature}), "webhook-timestamp") << text;
  }
}

TEST(WebhookSecret, IsNewEachTimeAndReadsBack) {
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) seen.insert(new_webhook_secret());
  EXPECT_EQ(seen.size(), 50u);
  for (const std::string& secret : seen) {
    EXPECT_EQ(secret.size(), 38u) << secret;
    EXPECT_EQ(webhook_key(secret).value().size(), 24u) << secret;
  }
}

TEST(WebhookSecret, RefusesOtherTextsWithoutQuotingThem) {
  for (const std::string_view text :
       {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8G",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!w", "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}) {
    const auto read = webhook_key(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().field, "secret");
    EXPECT_EQ(read.error().message.find("MfKQ"), std::string::npos);
  }
  EXPECT_FALSE(webhook_key("whsec_" + std::string(88, 'A')));
}

TEST(WebhookSecret, OfAnAccountDependsOnAccountAndServer) {
  const std::string mine = account_webhook_secret("server secret", "key_A");
  EXPECT_EQ(mine, "whsec_GZMi2SFjNUiJ7HvzRvyl4sqMTGGPHKY9yRzk0itQBWo=");
  EXPECT_NE(mine, account_webhook_secret("server secret", "key_B"));
  EXPECT_NE(mine, account_webhook_secret("other secret", "key_A"));
  EXPECT_TRUE(webhook_key(mine));
}

}  // namespace
}  // namespace troupe::server
