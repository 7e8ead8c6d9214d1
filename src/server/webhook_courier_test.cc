#include "server/webhook_courier.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "fetch/test_http_server.h"
#include "server/webhook_post_for_test.h"

namespace troupe::server {
namespace {

using State = WebhookDelivery::State;
using jobs::test_time;

const std::string kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class WebhookCourierTest : public testing::Test {
 protected:
  void SetUp() override {
    jobs::add_account(*store_, "key_A");
    ASSERT_TRUE(store_->webhooks().add_endpoint(
        {"whk_1", "key_A", "https://example.com/hook", kSecret, {}, true, test_time()}));
    jobs::submit_job(*store_, "key_A", "job_1", "https://example.com/own");
    ASSERT_TRUE(store_->queue().cancel("job_1", test_time()));
  }

  /// The pending delivery for the endpoint, or with "" for the job's own URL.
  WebhookDelivery pending(const std::string& endpoint) {
    const auto due = store_->webhooks().due(clock_.now(), 100).value();
    for (const WebhookDelivery& one : due) {
      if (one.endpoint == endpoint) return one;
    }
    ADD_FAILURE() << "nothing is due for \"" << endpoint << '"';
    return {};
  }

  WebhookDelivery attempt(FakeReceiver& receiver, const WebhookDelivery& delivery,
                          const CancelToken& cancel = {}) {
    WebhookCourier courier(*store_, clock_, receiver.post(), kTestIdentity);
    const auto after = courier.attempt(delivery, cancel);
    EXPECT_TRUE(after);
    EXPECT_EQ(store_->webhooks().find_delivery("key_A", delivery.id).value(), *after) << "stored as returned";
    return *after;
  }

  jobs::SqlitePlace place_;
  std::unique_ptr<jobs::JobStore> store_ = place_.open({});
  ManualClock clock_{test_time(3)};
};

TEST_F(WebhookCourierTest, SignsWithTheSecretOfTheEndpoint) {
  FakeReceiver receiver(204);
  const WebhookDelivery before = pending("whk_1");
  const WebhookDelivery after = attempt(receiver, before);
  EXPECT_EQ(after.state, State::delivered);
  EXPECT_EQ(after.attempts, 1);
  EXPECT_EQ(after.last_status, 204);
  EXPECT_EQ(after.last_error, "");
  EXPECT_EQ(after.next_attempt, std::nullopt);
  const SentWebhook sent = receiver.sent().at(0);
  EXPECT_EQ(sent.url, "https://example.com/hook");
  EXPECT_EQ(sent.headers.at("webhook-id"), before.id);
  EXPECT_EQ(sent.headers.at("webhook-timestamp"), "1767225603");
  EXPECT_EQ(sent.headers.at("content-type"), "application/json");
  EXPECT_TRUE(verify_sent(sent, kSecret, clock_.now()));
  const auto json = nlohmann::json::parse(sent.body);
  EXPECT_EQ(json["type"], "job.cancelled");
  EXPECT_EQ(json["timestamp"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(json["data"]["job_id"], "job_1");
  EXPECT_EQ(json["data"]["state"], "cancelled");
  EXPECT_EQ(json["data"]["url"], "https://troupe.example/v1/jobs/job_1");
}

TEST_F(WebhookCourierTest, SignsForAJobsOwnUrlWithTheAccountsSecret) {
  FakeReceiver receiver(200);
  EXPECT_EQ(attempt(receiver, pending("")).state, State::delivered);
  const SentWebhook sent = receiver.sent().at(0);
  EXPECT_EQ(sent.url, "https://example.com/own");
  EXPECT_TRUE(verify_sent(sent, account_webhook_secret("server secret", "key_A"), clock_.now()));
  EXPECT_FALSE(verify_sent(sent, account_webhook_secret("server secret", "key_B"), clock_.now()));
}

TEST_F(WebhookCourierTest, SaysTheSameWithEachAttempt) {
  FakeReceiver receiver(500);
  WebhookDelivery delivery = pending("whk_1");
  delivery = attempt(receiver, delivery);
  EXPECT_EQ(delivery.state, State::pending);
  EXPECT_EQ(delivery.last_status, 500);
  EXPECT_GE(delivery.next_attempt.value(), clock_.now() + std::chrono::milliseconds(4500));
  clock_.advance(std::chrono::hours(1));
  delivery = attempt(receiver, delivery);
  EXPECT_EQ(delivery.attempts, 2);
  const auto sent = receiver.sent();
  EXPECT_EQ(sent[0].body, sent[1].body);
  EXPECT_EQ(sent[0].headers.at("webhook-id"), sent[1].headers.at("webhook-id"));
  EXPECT_TRUE(verify_sent(sent[1], kSecret, clock_.now())) << "signed anew for the later time";
}

TEST_F(WebhookCourierTest, GivesUpAfterTheLastAttempt) {
  FakeReceiver receiver([](const SentWebhook&, const CancelToken&) {
    return make_error(ErrorCode::unavailable, "no\r\nconnection\xff" + std::string(5000, 'x'));
  });
  WebhookDelivery delivery = pending("whk_1");
  int attempts = 0;
  while (delivery.state == State::pending && attempts < 100) {
    delivery = attempt(receiver, delivery);
    ++attempts;
  }
  EXPECT_EQ(attempts, 10);
  EXPECT_EQ(delivery.state, State::failed);
  EXPECT_EQ(delivery.last_status, 0);
  EXPECT_TRUE(delivery.last_error.starts_with("no??connection?xxx")) << delivery.last_error;
  EXPECT_LE(delivery.last_error.size(), 500u);
}

TEST_F(WebhookCourierTest, WaitsAsTheReceiverAsks) {
  FakeReceiver receiver([](const SentWebhook&, const CancelToken&) {
    return FakeReceiver::with_status(429, {{"retry-after", "3600"}});
  });
  EXPECT_EQ(attempt(receiver, pending("whk_1")).next_attempt, clock_.now() + std::chrono::hours(1));
}

TEST_F(WebhookCourierTest, DisablesAnEndpointThatIsGone) {
  FakeReceiver receiver(410);
  EXPECT_EQ(attempt(receiver, pending("whk_1")).state, State::failed);
  EXPECT_FALSE(store_->webhooks().find_endpoint("key_A", "whk_1").value()->enabled);
  EXPECT_EQ(attempt(receiver, pending("")).state, State::failed) << "a job's own URL has nothing to disable";
}

TEST_F(WebhookCourierTest, SendsNothingToADisabledEndpointButTests) {
  FakeReceiver receiver(200);
  WebhookDelivery delivery = pending("whk_1");
  ASSERT_TRUE(store_->webhooks().set_enabled("key_A", "whk_1", false));
  delivery = attempt(receiver, delivery);
  EXPECT_EQ(delivery.state, State::failed);
  EXPECT_EQ(delivery.attempts, 0);
  EXPECT_EQ(delivery.last_error, "the endpoint is disabled");
  EXPECT_TRUE(receiver.sent().empty());

  WebhookDelivery test = delivery;
  test.id = "msg_test";
  test.type = kWebhookTestType;
  test.event = 0;
  test.job = "";
  test.state = State::pending;
  test.next_attempt = clock_.now();
  ASSERT_TRUE(store_->webhooks().add_delivery(test));
  EXPECT_EQ(attempt(receiver, test).state, State::delivered);
  EXPECT_EQ(nlohmann::json::parse(receiver.sent().at(0).body)["type"], "webhook.test");
}

TEST_F(WebhookCourierTest, PutsACancelledAttemptBack) {
  CancelSource source;
  FakeReceiver receiver([&](const SentWebhook&, const CancelToken&) -> Result<fetch::HttpReply> {
    source.cancel();
    return make_error(ErrorCode::cancelled, "stopped");
  });
  WebhookDelivery delivery = pending("whk_1");
  for (int i = 0; i < 2; ++i) {
    delivery = attempt(receiver, delivery, source.token());
    EXPECT_EQ(delivery.state, State::pending);
    EXPECT_EQ(delivery.attempts, 0);
    EXPECT_EQ(delivery.next_attempt, clock_.now());
  }
  EXPECT_EQ(receiver.sent().size(), 1u) << "cancelled from the start, it is not sent";
}

TEST_F(WebhookCourierTest, TellsWhatItKnowsOfADeletedJob) {
  FakeReceiver receiver(200);
  const WebhookDelivery delivery = pending("whk_1");
  ASSERT_TRUE(store_->queue().remove("job_1", clock_.now()));
  EXPECT_EQ(attempt(receiver, delivery).state, State::delivered);
  EXPECT_EQ(nlohmann::json::parse(receiver.sent().at(0).body)["data"]["state"], "cancelled");
}

TEST_F(WebhookCourierTest, ADeletedJobIsToldInTheWordsOfItsDialect) {
  const std::map<std::string, std::string> told{{"gateway", "video.generation.cancelled"},
                                                {"openrouter", "video.generation.cancelled"},
                                                {"fal", "\"ERROR\""},
                                                {"replicate", "\"canceled\""},
                                                {"pictory", "job_pictory"},
                                                {"openai", "video.failed"}};
  for (const auto& [dialect, words] : told) {
    jobs::NewJob job;
    job.job.id = "job_" + dialect;
    job.job.account = "key_A";
    job.job.dialect = dialect;
    job.job.model = job.job.engine = "stage";
    job.job.spec_json = "{}";
    job.job.webhook_url = "https://example.com/" + dialect;
    ASSERT_TRUE(store_->queue().submit(job, test_time()));
    ASSERT_TRUE(store_->queue().cancel(job.job.id, test_time()));
    ASSERT_TRUE(store_->queue().remove(job.job.id, test_time()));
    FakeReceiver receiver(200);
    const auto due = store_->webhooks().due(clock_.now(), 100).value();
    for (const WebhookDelivery& one : due)
      if (one.job == job.job.id && one.endpoint.empty()) attempt(receiver, one);
    ASSERT_EQ(receiver.sent().size(), 1u) << dialect;
    EXPECT_NE(receiver.sent()[0].body.find(words), std::string::npos) << receiver.sent()[0].body;
    EXPECT_EQ(receiver.sent()[0].body.find("job.cancelled"), std::string::npos) << dialect;
  }
}

TEST_F(WebhookCourierTest, GoesThroughTheGuardedFetcher) {
  fetch::test::HttpServer server(fetch::test::reply(302, "", "Location: http://127.0.0.1/\r\n"));
  WebhookDelivery delivery = pending("whk_1");
  delivery.id = "msg_local";
  delivery.url = server.url("/hook");
  ASSERT_TRUE(store_->webhooks().add_delivery(delivery));

  fetch::Fetcher guarded;
  WebhookCourier outside(*store_, clock_, post_through(guarded), kTestIdentity);
  EXPECT_EQ(outside.attempt(delivery, {}).value().last_status, 0) << "an inside address";

  fetch::FetchOptions options;
  options.allow_private = true;
  fetch::Fetcher open(options);
  WebhookCourier inside(*store_, clock_, post_through(open), kTestIdentity);
  const auto after = inside.attempt(delivery, {}).value();
  EXPECT_EQ(after.last_status, 302) << after.last_error;
  EXPECT_EQ(after.state, State::pending);
  const auto requests = server.stop();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_TRUE(requests[0].starts_with("POST /hook HTTP/1.1\r\n")) << requests[0];
  EXPECT_NE(requests[0].find("webhook-id: msg_local\r\n"), std::string::npos) << requests[0];
}

}  // namespace
}  // namespace troupe::server
