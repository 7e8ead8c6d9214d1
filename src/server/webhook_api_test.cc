// Webhooks through the real HTTP server.
#include "server/test_service.h"
#include "server/webhook_signature.h"

namespace troupe::server {
namespace {

class WebhookApi : public TestService {
 protected:
  std::string add(const std::string& url = "https://example.org/hook") {
    return json(post("/v1/webhooks", Json{{"url", url}}.dump()))["id"];
  }
};

TEST_F(WebhookApi, ASecretIsToldOnce) {
  const auto made = post("/v1/webhooks", R"({"url":"https://example.org/hook"})");
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_TRUE(json(made)["secret"].get<std::string>().starts_with("whsec_"));
  EXPECT_EQ(get("/v1/webhooks").body.find("whsec_"), std::string::npos);
  EXPECT_EQ(post("/v1/webhooks", R"({"url":"ftp://example.org"})").status, 400);
  const std::string path = "/v1/webhooks/" + json(made)["id"].get<std::string>();
  EXPECT_EQ(send("DELETE", path, "").status, 204);
  EXPECT_EQ(send("DELETE", path, "").status, 404);
}

TEST_F(WebhookApi, ADisabledOneIsSentNothingUntilItIsEnabled) {
  const std::string path = "/v1/webhooks/" + add();
  EXPECT_EQ(json(post(path + ":disable", ""))["enabled"], false);
  post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n");
  EXPECT_EQ(json(get("/v1/webhooks/deliveries"))["data"].size(), 0u);
  EXPECT_EQ(json(post(path + ":enable", ""))["enabled"], true);
  EXPECT_EQ(json(get("/v1/webhooks"))["data"][0]["enabled"], true);
  post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n");
  EXPECT_EQ(json(get("/v1/webhooks/deliveries"))["data"].size(), 1u);
}

TEST_F(WebhookApi, ADeliveryIsSentAgainAsANewOne) {
  const std::string path = "/v1/webhooks/" + add();
  const Json job = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"));
  Json first = json(get("/v1/webhooks/deliveries"))["data"][0];
  const auto answer = post("/v1/webhooks/deliveries/" + first["id"].get<std::string>() + ":resend", "");
  ASSERT_EQ(answer.status, 202) << answer.body;
  Json again = json(answer)["data"][0];
  EXPECT_NE(again["id"], first["id"]);
  for (const char* same : {"webhook", "url", "event", "type", "job"}) EXPECT_EQ(again[same], first[same]);
  EXPECT_EQ(again["job"], job["id"]);
  EXPECT_EQ(again["state"], "pending");
  EXPECT_EQ(json(get("/v1/webhooks/deliveries"))["data"].size(), 2u);
  EXPECT_EQ(post(path + ":test", "").status, 202);
  EXPECT_EQ(json(get("/v1/webhooks/deliveries"))["data"][0]["type"], "webhook.test");
}

TEST_F(WebhookApi, AnAccountSeesTheSecretOfItsJobsOwnUrls) {
  const Json account = json(get("/v1/account"));
  EXPECT_EQ(account["webhook_secret"],
            account_webhook_secret(folder_->secret, account["id"].get<std::string>()));
  secret_ = key({"account:read"});
  EXPECT_TRUE(json(get("/v1/account"))["webhook_secret"].is_null());
}

TEST_F(WebhookApi, MetricsCountThem) {
  const std::string text = get("/metrics").body;
  for (const char* name : {"troupe_webhooks_delivered_total 0", "troupe_webhooks_given_up_total 0",
                           "troupe_webhook_attempts_failed_total 0", "troupe_ledger_drift 0"})
    EXPECT_NE(text.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace troupe::server
