#include "server/webhook_sender.h"

#include <gtest/gtest.h>

#include <latch>
#include <set>
#include <thread>

#include "server/webhook_post_for_test.h"

namespace troupe::server {
namespace {

using State = WebhookDelivery::State;
using jobs::test_time;

class WebhookSenderTest : public testing::Test {
 protected:
  WebhookDelivery add(const std::string& id, const std::string& account, const std::string& url) {
    WebhookDelivery delivery;
    delivery.id = id;
    delivery.account = account;
    delivery.url = url;
    delivery.type = "job.succeeded";
    delivery.created = test_time();
    delivery.next_attempt = test_time();
    EXPECT_TRUE(store_->webhooks().add_delivery(delivery));
    return delivery;
  }
  std::unique_ptr<WebhookSender> start(FakeReceiver& receiver, const WebhookSenderOptions& options = {}) {
    auto sender = std::make_unique<WebhookSender>(*store_, clock_, receiver.post(), kTestIdentity, options);
    sender->start();
    return sender;
  }
  WebhookDelivery find(const std::string& id, const std::string& account = "A") {
    return store_->webhooks().find_delivery(account, id).value().value();
  }

  jobs::SqlitePlace place_;
  std::unique_ptr<jobs::JobStore> store_ = place_.open({});
  ManualClock clock_{test_time(1)};
};

TEST_F(WebhookSenderTest, SendsWhatIsDueAtTheStartAndWhatComes) {
  FakeReceiver receiver(200);
  add("msg_1", "A", "https://example.com/1");
  const auto sender = start(receiver);
  receiver.wait_for(1);
  add("msg_2", "A", "https://example.com/2");
  sender->wake();
  receiver.wait_for(2);
  sender->stop();
  EXPECT_EQ(find("msg_1").state, State::delivered);
  EXPECT_EQ(find("msg_2").state, State::delivered);
  EXPECT_EQ(sender->counts().delivered, 2);
}

TEST_F(WebhookSenderTest, IsWokenByTheEventLog) {
  FakeReceiver receiver(200);
  const auto sender = start(receiver);
  store_->events().set_listener([&](const std::vector<JobEvent>&) { sender->wake(); });
  jobs::add_account(*store_, "A");
  jobs::submit_job(*store_, "A", "job_1", "https://example.com/own");
  ASSERT_TRUE(store_->queue().cancel("job_1", test_time(1)));
  EXPECT_EQ(receiver.wait_for(1)[0].url, "https://example.com/own");
  sender->stop();
  store_->events().set_listener({});
}

TEST_F(WebhookSenderTest, TriesAgainWhenItsTimeHasCome) {
  std::atomic<int> attempts = 0;
  FakeReceiver receiver([&](const SentWebhook&, const CancelToken&) {
    return FakeReceiver::with_status(attempts++ == 0 ? 503 : 200);
  });
  add("msg_1", "A", "https://example.com/");
  auto sender = start(receiver);
  receiver.wait_for(1);
  sender->stop();
  EXPECT_EQ(find("msg_1").state, State::pending);
  EXPECT_EQ(find("msg_1").attempts, 1);
  EXPECT_EQ(sender->counts().failed_attempts, 1);

  sender = start(receiver);
  sender->wake();
  clock_.advance(std::chrono::seconds(6));
  sender->wake();
  receiver.wait_for(2);
  sender->stop();
  EXPECT_EQ(find("msg_1").state, State::delivered);
  EXPECT_EQ(find("msg_1").attempts, 2);
}

TEST_F(WebhookSenderTest, LetsASlowReceiverDelayNobodyElse) {
  std::latch release(1);
  FakeReceiver receiver([&](const SentWebhook& sent, const CancelToken&) {
    if (sent.url == "https://slow/") release.wait();
    return FakeReceiver::with_status(200);
  });
  for (int i = 0; i < 5; ++i) add("msg_slow" + std::to_string(i), "A", "https://slow/");
  add("msg_x", "A", "https://quick/");
  const auto sender = start(receiver);
  size_t slow = 0;
  for (const SentWebhook& sent : receiver.wait_for(2)) slow += sent.url == "https://slow/";
  EXPECT_EQ(slow, 1u) << "one at a time for one URL";
  release.count_down();
  receiver.wait_for(6);
  sender->stop();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(find("msg_slow" + std::to_string(i)).state, State::delivered);
}

TEST_F(WebhookSenderTest, KeepsItsBoundsInAllAndForOneAccount) {
  std::mutex mutex;
  std::map<std::string, int> now, most;
  std::latch three(3);
  FakeReceiver receiver([&](const SentWebhook& sent, const CancelToken&) {
    const std::string account = sent.url.substr(8, 1);
    {
      const std::lock_guard lock(mutex);
      for (const std::string& key : {account, std::string("all")})
        most[key] = std::max(most[key], ++now[key]);
    }
    // The first three meet here: that many do run at once.
    if (!three.try_wait()) three.arrive_and_wait();
    const std::lock_guard lock(mutex);
    for (const std::string& key : {account, std::string("all")}) --now[key];
    return FakeReceiver::with_status(200);
  });
  for (int i = 0; i < 10; ++i) add("msg_a" + std::to_string(i), "A", "https://A/" + std::to_string(i));
  for (int i = 0; i < 5; ++i) add("msg_b" + std::to_string(i), "B", "https://B/" + std::to_string(i));
  const auto sender = start(receiver, {.parallel = 3, .parallel_per_account = 2});
  receiver.wait_for(15);
  sender->stop();
  EXPECT_EQ(most["all"], 3);
  EXPECT_LE(most["A"], 2);
  EXPECT_LE(most["B"], 2);
  EXPECT_EQ(sender->counts().delivered, 15);
}

TEST_F(WebhookSenderTest, StopsInTheMiddleOfAnAttemptAndPutsItBack) {
  FakeReceiver receiver([](const SentWebhook&, const CancelToken& cancel) -> Result<fetch::HttpReply> {
    while (!cancel.cancelled()) std::this_thread::yield();
    return make_error(ErrorCode::cancelled, "stopped");
  });
  for (int i = 0; i < 4; ++i)
    add("msg_" + std::to_string(i), "A", "https://example.com/" + std::to_string(i));
  const auto sender = start(receiver, {.parallel = 2});
  receiver.wait_for(2);
  sender->stop();
  sender->stop();
  for (int i = 0; i < 4; ++i) {
    const WebhookDelivery delivery = find("msg_" + std::to_string(i));
    EXPECT_EQ(delivery.state, State::pending);
    EXPECT_EQ(delivery.attempts, 0);
    EXPECT_LE(delivery.next_attempt.value(), clock_.now()) << delivery.id;
  }
}

TEST_F(WebhookSenderTest, SharesAStoreWithOtherSenders) {
  FakeReceiver receiver(200);
  const auto other_store = place_.open({});
  for (int i = 0; i < 30; ++i)
    add("msg_" + std::to_string(i), "A", "https://example.com/" + std::to_string(i));
  const auto one = start(receiver);
  WebhookSender other(*other_store, clock_, receiver.post(), kTestIdentity);
  other.start();
  receiver.wait_for(30);
  one->stop();
  other.stop();
  std::set<std::string> ids;
  for (const SentWebhook& sent : receiver.sent()) ids.insert(sent.headers.at("webhook-id"));
  EXPECT_EQ(ids.size(), 30u);
  EXPECT_EQ(receiver.sent().size(), 30u) << "each was sent once";
}

TEST_F(WebhookSenderTest, SendsTests) {
  FakeReceiver receiver(200);
  const WebhookEndpoint endpoint{"whk_1", "A",        "https://example.com/", new_webhook_secret(), {},
                                 true,    test_time()};
  ASSERT_TRUE(store_->webhooks().add_endpoint(endpoint));
  const auto sender = start(receiver);
  const auto test = sender->send_test(endpoint);
  ASSERT_TRUE(test);
  const SentWebhook sent = receiver.wait_for(1)[0];
  EXPECT_EQ(sent.headers.at("webhook-id"), test->id);
  EXPECT_TRUE(verify_sent(sent, endpoint.secret, clock_.now()));
  sender->stop();
  EXPECT_EQ(find(test->id).state, State::delivered);
}

}  // namespace
}  // namespace troupe::server
