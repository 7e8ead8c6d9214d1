// What every store's WebhookBook must do.
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "jobs/store_for_test.h"
#include "jobs/text_rules.h"

namespace troupe::jobs {
namespace {

using State = WebhookDelivery::State;

class WebhookBookContract : public StoreContract {
 protected:
  WebhookBook& book() { return store_->webhooks(); }

  void add(WebhookDelivery delivery) { ASSERT_TRUE(book().add_delivery(delivery)); }

  /// Submits a job of account A and cancels it at once: it is final.
  void run_job(const std::string& id, const std::string& webhook_url) {
    add_account(*store_, "A");
    submit_job(*store_, "A", id, webhook_url);
    ASSERT_TRUE(store_->queue().cancel(id, test_time(10)));
  }

  std::string claimed(int64_t seconds, const BusyReceivers& busy = {}) {
    const auto delivery = book().claim(test_time(seconds), test_time(seconds + 60), busy);
    if (!delivery) return to_string(delivery.error());
    return *delivery ? (*delivery)->id : "none";
  }
};
TROUPE_FOR_EACH_STORE(WebhookBookContract);

std::string outcome(const Result<void>& result) {
  if (result) return "ok";
  return std::string(name(result.error().code)) + " " + result.error().field;
}

WebhookEndpoint endpoint(const std::string& account, const std::string& id) {
  return {.id = id,
          .account = account,
          .url = "https://example.com/" + id,
          .secret = "whsec_x",
          .events = {},
          .enabled = true,
          .created = test_time()};
}

WebhookDelivery delivery(const std::string& id, int64_t due,
                         const std::string& url = "https://example.com/") {
  return {.id = id,
          .account = "A",
          .endpoint = "whk_1",
          .url = url,
          .event = 7,
          .type = "job.succeeded",
          .job = "job_1",
          .state = State::pending,
          .attempts = 0,
          .next_attempt = test_time(due),
          .last_status = 0,
          .last_error = "",
          .created = test_time()};
}

TEST_P(WebhookBookContract, KeepsEndpointsOfAnAccount) {
  WebhookEndpoint first = endpoint("A", "whk_1");
  first.events = {"job.progress", "job.failed"};
  WebhookEndpoint second = endpoint("A", "whk_2");
  second.enabled = false;
  for (const auto& one : {second, first}) ASSERT_TRUE(book().add_endpoint(one));
  ASSERT_TRUE(book().add_endpoint(endpoint("B", "whk_3")));
  EXPECT_EQ(book().list_endpoints("A").value(), (std::vector<WebhookEndpoint>{first, second}));
  EXPECT_EQ(book().find_endpoint("A", "whk_1").value(), first);
  EXPECT_EQ(outcome(book().add_endpoint(endpoint("B", "whk_1"))), "conflict /id");
  ASSERT_TRUE(book().set_enabled("A", "whk_2", true));
  EXPECT_TRUE(book().find_endpoint("A", "whk_2").value()->enabled);
  ASSERT_TRUE(book().remove_endpoint("A", "whk_2"));
  EXPECT_EQ(book().find_endpoint("A", "whk_2").value(), std::nullopt);
  EXPECT_EQ(outcome(book().remove_endpoint("A", "whk_2")), "not_found ");
  EXPECT_EQ(outcome(book().set_enabled("A", "whk_2", true)), "not_found ");
}

TEST_P(WebhookBookContract, BoundsEndpointsOfAnAccount) {
  for (int i = 0; i < kEndpointsPerAccountMax; ++i) {
    ASSERT_TRUE(book().add_endpoint(endpoint("A", "whk_" + std::to_string(i))));
  }
  EXPECT_EQ(outcome(book().add_endpoint(endpoint("A", "whk_x"))), "over_limit ");
  EXPECT_EQ(outcome(book().add_endpoint(endpoint("B", "whk_x"))), "ok");
  ASSERT_TRUE(book().remove_endpoint("A", "whk_0"));
  EXPECT_EQ(outcome(book().add_endpoint(endpoint("A", "whk_y"))), "ok");
}

TEST_P(WebhookBookContract, ShowsNobodyAnotherAccountsThings) {
  ASSERT_TRUE(book().add_endpoint(endpoint("A", "whk_1")));
  add(delivery("msg_1", 0));
  EXPECT_TRUE(book().list_endpoints("B").value().empty());
  EXPECT_EQ(book().find_endpoint("B", "whk_1").value(), std::nullopt);
  EXPECT_EQ(outcome(book().set_enabled("B", "whk_1", false)), "not_found ");
  EXPECT_EQ(outcome(book().remove_endpoint("B", "whk_1")), "not_found ");
  EXPECT_EQ(book().find_delivery("B", "msg_1").value(), std::nullopt);
  EXPECT_TRUE(book().list_deliveries("B", "", 10).value().empty());
  WebhookDelivery forged = delivery("msg_1", 0);
  forged.account = "B";
  EXPECT_EQ(outcome(book().record(forged)), "not_found ");
  EXPECT_EQ(book().find_delivery("A", "msg_1").value(), delivery("msg_1", 0));
}

TEST_P(WebhookBookContract, GivesDueDeliveriesTheOldestFirst) {
  add(delivery("msg_1", 30));
  add(delivery("msg_2", 10));
  add(delivery("msg_3", 20));
  WebhookDelivery done = delivery("msg_4", 0);
  done.state = State::delivered;
  done.next_attempt.reset();
  add(done);
  EXPECT_TRUE(book().due(test_time(9), 100).value().empty());
  const auto due = book().due(test_time(20), 100).value();
  ASSERT_EQ(due.size(), 2u);
  EXPECT_EQ(due[0], delivery("msg_2", 10));
  EXPECT_EQ(due[1], delivery("msg_3", 20));
  EXPECT_EQ(book().due(test_time(99), 1).value().size(), 1u);
  for (const int limit : {0, 101}) {
    EXPECT_EQ(book().due(test_time(99), limit).error().code, ErrorCode::invalid_argument);
  }
}

TEST_P(WebhookBookContract, HandsAClaimedDeliveryToNobodyElse) {
  add(delivery("msg_1", 0));
  add(delivery("msg_2", 1));
  EXPECT_EQ(claimed(-1), "none");
  EXPECT_EQ(claimed(5), "msg_1");
  EXPECT_EQ(claimed(5), "msg_2");
  EXPECT_EQ(claimed(64), "none");
  EXPECT_EQ(claimed(65), "msg_1") << "whoever claimed it has died";
  EXPECT_EQ(book().find_delivery("A", "msg_1").value()->next_attempt, test_time(125));
}

TEST_P(WebhookBookContract, LeavesBusyReceiversAlone) {
  add(delivery("msg_1", 0, "https://slow/"));
  add(delivery("msg_2", 1, "https://quick/"));
  WebhookDelivery other = delivery("msg_3", 2, "https://slow/");
  other.account = "B";
  add(other);
  EXPECT_EQ(book().next_due({}).value(), test_time(0));
  EXPECT_EQ(book().next_due({{"https://slow/"}, {}}).value(), test_time(1));
  EXPECT_EQ(book().next_due({{}, {"A"}}).value(), test_time(2));
  EXPECT_EQ(book().next_due({{"https://slow/"}, {"A"}}).value(), std::nullopt);
  EXPECT_EQ(claimed(9, {{"https://slow/", "https://quick/"}, {}}), "none");
  EXPECT_EQ(claimed(9, {{"https://slow/"}, {}}), "msg_2");
  EXPECT_EQ(claimed(9, {{}, {"A"}}), "msg_3");
  EXPECT_EQ(claimed(9), "msg_1");
}

TEST_P(WebhookBookContract, RecordsHowAnAttemptWent) {
  add(delivery("msg_1", 0));
  WebhookDelivery attempted = delivery("msg_1", 300);
  attempted.attempts = 1;
  attempted.last_status = 503;
  attempted.last_error = "busy";
  ASSERT_TRUE(book().record(attempted));
  EXPECT_EQ(book().find_delivery("A", "msg_1").value(), attempted);
  EXPECT_TRUE(book().due(test_time(299), 10).value().empty());
  attempted.state = State::delivered;
  attempted.next_attempt.reset();
  ASSERT_TRUE(book().record(attempted));
  EXPECT_TRUE(book().due(test_time(999), 10).value().empty());
  EXPECT_EQ(book().next_due({}).value(), std::nullopt);
  EXPECT_EQ(outcome(book().record(delivery("msg_2", 0))), "not_found ");
  WebhookDelivery endless = delivery("msg_1", 0);
  endless.next_attempt.reset();
  EXPECT_EQ(outcome(book().record(endless)), "invalid_argument /next_attempt");
  endless.id = "msg_3";
  EXPECT_EQ(outcome(book().add_delivery(endless)), "invalid_argument /next_attempt");
  EXPECT_EQ(outcome(book().add_delivery(delivery("msg_1", 0))), "conflict /id");
}

TEST_P(WebhookBookContract, FailsWhatWaitsForARemovedEndpoint) {
  ASSERT_TRUE(book().add_endpoint(endpoint("A", "whk_1")));
  add(delivery("msg_1", 0));
  WebhookDelivery elsewhere = delivery("msg_2", 1);
  elsewhere.endpoint = "";
  add(elsewhere);
  ASSERT_TRUE(book().remove_endpoint("A", "whk_1"));
  const auto failed = book().find_delivery("A", "msg_1").value();
  EXPECT_EQ(failed->state, State::failed);
  EXPECT_EQ(failed->next_attempt, std::nullopt);
  EXPECT_NE(failed->last_error.find("removed"), std::string::npos);
  EXPECT_EQ(book().due(test_time(9), 10).value(), std::vector<WebhookDelivery>{elsewhere});
}

TEST_P(WebhookBookContract, PagesTheLogWhileItGrowsAndForgetsTheOld) {
  for (int i = 100; i < 350; ++i) {
    WebhookDelivery one = delivery("msg_" + std::to_string(i), 0);
    one.created = test_time(i);
    if (i % 2 == 0) one.state = i % 4 == 0 ? State::failed : State::delivered;
    add(one);
  }
  std::set<std::string> seen;
  std::string before;
  for (int page = 0; page < 9; ++page) {
    const auto log = book().list_deliveries("A", before, 30).value();
    if (log.empty()) break;
    for (const WebhookDelivery& one : log) EXPECT_TRUE(seen.insert(one.id).second) << one.id;
    before = log.back().id;
    add(delivery("msg_9" + std::to_string(page), 0));
  }
  EXPECT_EQ(seen.size(), 250u);
  EXPECT_EQ(book().prune(test_time(300)).value(), 100) << "pending ones stay";
  EXPECT_EQ(book().find_delivery("A", "msg_100").value(), std::nullopt);
  EXPECT_TRUE(book().find_delivery("A", "msg_101").value());
  EXPECT_TRUE(book().find_delivery("A", "msg_300").value());
  EXPECT_EQ(book().list_deliveries("A", "", 201).error().code, ErrorCode::invalid_argument);
}

TEST_P(WebhookBookContract, KeepsHostileTextsAndRefusesWhatIsNoText) {
  for (const std::string& text : hostile_texts()) {
    WebhookEndpoint one = endpoint(text, text);
    one.url = one.secret = text;
    one.events = {text};
    ASSERT_TRUE(book().add_endpoint(one)) << text;
    EXPECT_EQ(book().list_endpoints(text).value(), std::vector<WebhookEndpoint>{one}) << text;
    WebhookDelivery sent = delivery(text, 0, text);
    sent.account = sent.type = sent.job = sent.last_error = text;
    add(sent);
    EXPECT_EQ(book().list_deliveries(text, "", 5).value(), std::vector<WebhookDelivery>{sent}) << text;
  }
  for (const std::string& text : refused_texts()) {
    WebhookEndpoint one = endpoint("A", "whk_x");
    one.url = text;
    EXPECT_EQ(outcome(book().add_endpoint(one)), "invalid_argument /url");
    WebhookDelivery sent = delivery("msg_x", 0);
    sent.last_error = text;
    EXPECT_EQ(outcome(book().add_delivery(sent)), "invalid_argument /last_error");
    EXPECT_EQ(book().find_endpoint("A", text).value(), std::nullopt);
  }
  WebhookEndpoint one = endpoint("A", "whk_x");
  one.url = std::string(kTextBytesMax + 1, 'u');
  EXPECT_EQ(outcome(book().add_endpoint(one)), "over_limit /url");
}

TEST_P(WebhookBookContract, SendersOfTwoStoresShareTheDueOnes) {
  for (int i = 100; i < 140; ++i) add(delivery("msg_" + std::to_string(i), 0));
  const auto other = place_->open();
  std::array<std::vector<std::string>, 4> taken;
  std::vector<std::thread> threads;
  for (size_t i = 0; i < taken.size(); ++i) {
    threads.emplace_back([&, i] {
      WebhookBook& mine = i % 2 == 0 ? book() : other->webhooks();
      while (true) {
        const auto one = mine.claim(test_time(1), test_time(61), {});
        if (!one || !*one) return;
        taken[i].push_back((*one)->id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::multiset<std::string> all;
  for (const auto& some : taken) all.insert(some.begin(), some.end());
  EXPECT_EQ(all.size(), 40u);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 40u);
}

TEST_P(WebhookBookContract, TellsOfAJobsEndWhereItWasAskedTo) {
  ASSERT_TRUE(book().add_endpoint(endpoint("A", "whk_1")));
  run_job("job_1", "https://example.com/own");
  const auto due = book().due(test_time(10), 100).value();
  ASSERT_EQ(due.size(), 2u);
  std::set<std::string> receivers;
  for (const WebhookDelivery& one : due) {
    receivers.insert(one.endpoint + " " + one.url);
    EXPECT_EQ(one.type, "job.cancelled");
    EXPECT_EQ(one.job, "job_1");
    EXPECT_EQ(one.account, "A");
    EXPECT_TRUE(is_id(one.id, "msg")) << one.id;
    EXPECT_EQ(one.created, test_time(10));
    const auto events = store_->events().since(one.event - 1, {}, 1).value();
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].type, "job.cancelled");
  }
  EXPECT_EQ(receivers,
            (std::set<std::string>{" https://example.com/own", "whk_1 https://example.com/whk_1"}));
}

TEST_P(WebhookBookContract, TellsEndpointsTheTypesThatTheyNamed) {
  WebhookEndpoint queued = endpoint("A", "whk_queued"), off = endpoint("A", "whk_off");
  queued.events = {"job.queued"};
  off.enabled = false;
  for (const auto& one : {queued, off, endpoint("B", "whk_b")}) ASSERT_TRUE(book().add_endpoint(one));
  run_job("job_1", "");
  const auto due = book().due(test_time(10), 100).value();
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].endpoint, "whk_queued");
  EXPECT_EQ(due[0].type, "job.queued");
}

}  // namespace
}  // namespace troupe::jobs
