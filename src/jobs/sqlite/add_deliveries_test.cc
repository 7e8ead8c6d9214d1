// Which events become deliveries, and to whom.
#include <gtest/gtest.h>

#include <set>

#include "jobs/sqlite/sqlite_webhooks.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

class AddDeliveries : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Connections::open(place_.file(), {});
    ASSERT_TRUE(opened);
    connections_ = std::move(*opened);
    add("whk_all", {});
    add("whk_progress", {"job.progress"});
    add("whk_failed", {"job.failed", "job.failed", "job.queued"});
    add("whk_off", {}, false);
  }

  void add(const std::string& id, std::vector<std::string> events, bool enabled = true) {
    SqliteWebhooks webhooks(*connections_);
    ASSERT_TRUE(webhooks.add_endpoint(
        {id, "A", "https://example.com/" + id, "whsec_x", std::move(events), enabled, test_time()}));
  }

  /// Who is told of an event of `account`, in the order of ids.
  std::multiset<std::string> told(const std::string& type, const std::string& account = "A",
                                  const std::string& own_url = "https://example.com/own") {
    JobEvent event{.id = ++events_,
                   .time = test_time(events_),
                   .account = account,
                   .job = "job_1",
                   .type = type,
                   .data_json = ""};
    Job job;
    job.webhook_url = own_url;
    const auto added =
        connections_->write([&](Database& database) { return add_deliveries(database, event, job); });
    EXPECT_TRUE(added);
    std::multiset<std::string> receivers;
    SqliteWebhooks webhooks(*connections_);
    const auto log = webhooks.list_deliveries(account, "", 200);
    for (const WebhookDelivery& delivery : log.value()) {
      if (delivery.event != event.id) continue;
      EXPECT_EQ(delivery.type, type);
      EXPECT_EQ(delivery.next_attempt, event.time);
      EXPECT_EQ(delivery.state, WebhookDelivery::State::pending);
      receivers.insert(delivery.endpoint.empty() ? delivery.url : delivery.endpoint);
    }
    return receivers;
  }

  SqlitePlace place_;
  std::unique_ptr<Connections> connections_;
  int64_t events_ = 0;
};

using Receivers = std::multiset<std::string>;

TEST_F(AddDeliveries, TellsOfFinalStatesWhoeverNamedNoTypes) {
  for (const char* type : {"job.succeeded", "job.cancelled", "job.parked"}) {
    EXPECT_EQ(told(type), (Receivers{"https://example.com/own", "whk_all"})) << type;
  }
  EXPECT_EQ(told("job.failed"), (Receivers{"https://example.com/own", "whk_all", "whk_failed"}));
  EXPECT_EQ(told("job.succeeded", "A", ""), Receivers{"whk_all"});
}

TEST_F(AddDeliveries, TellsOfTheRestOnlyWhoeverNamedIt) {
  EXPECT_EQ(told("job.progress"), Receivers{"whk_progress"});
  EXPECT_EQ(told("job.queued"), Receivers{"whk_failed"});
  for (const char* type : {"job.running", "job.submitted", "job.deleted", "", "job.failed "}) {
    EXPECT_EQ(told(type), Receivers{}) << type;
  }
}

TEST_F(AddDeliveries, TellsNobodyOfAnotherAccount) {
  EXPECT_EQ(told("job.failed", "B", ""), Receivers{});
  EXPECT_EQ(told("job.failed", "B"), Receivers{"https://example.com/own"});
}

TEST_F(AddDeliveries, GoesWithItsTransaction) {
  const auto failed = connections_->write([&](Database& database) -> Result<void> {
    Job job;
    JobEvent event{1, test_time(), "A", "job_1", "job.failed", ""};
    TROUPE_CHECK_OK(add_deliveries(database, event, job));
    return make_error(ErrorCode::unavailable, "the disk is full");
  });
  EXPECT_FALSE(failed);
  EXPECT_TRUE(SqliteWebhooks(*connections_).list_deliveries("A", "", 200).value().empty());
}

}  // namespace
}  // namespace troupe::jobs
