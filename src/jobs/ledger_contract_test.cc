// What every store's Ledger must do, and what the queue's budgets do with it.
#include <gtest/gtest.h>

#include "jobs/jobs_for_test.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

class LedgerContract : public StoreContract {
 protected:
  LedgerContract() {
    add_key(*store_, "A");
    add_key(*store_, "total", {{Currency::usd, 100, std::nullopt}});
    add_key(*store_, "daily", {{Currency::usd, std::nullopt, 50}});
    add_key(*store_, "nothing", {{Currency::usd, 0, std::nullopt}});
  }

  Ledger& ledger() { return store_->ledger(); }
  Balance balance(const std::string& account, int64_t today = kToday) {
    const auto balances = ledger().balances(account, today);
    return balances && balances->size() == 1 ? balances->front() : Balance{};
  }
  /// The newest lines, oldest first: "hold 10 (accepted), …".
  std::string lines(const std::string& account) {
    const auto newest = ledger().lines(account, 0, 200);
    if (!newest) return to_string(newest.error());
    std::string text;
    for (auto line = newest->rbegin(); line != newest->rend(); ++line) {
      text += (text.empty() ? "" : ", ") + std::string(name(line->kind)) + " " +
              std::to_string(line->amount.micros) + " (" + line->reason + ")";
    }
    return text;
  }
  Result<Job> finish(Outcome outcome) {
    return store_->queue().finish(lease(*store_, test_time(1)), outcome, test_time(2));
  }
  void TearDown() override {
    const auto drifts = ledger().audit();
    ASSERT_TRUE(drifts);
    for (const Drift& drift : *drifts)
      ADD_FAILURE() << drift.account << " " << drift.job << ": " << drift.what;
  }

  static constexpr int64_t kToday = 20454;  // 2026-01-01
};
TROUPE_FOR_EACH_STORE(LedgerContract);

TEST_P(LedgerContract, HoldsThenSettlesThePrice) {
  submit(*store_, new_job("job_1", "A", 10));
  EXPECT_EQ(balance("A"), (Balance{Currency::usd, 10, 0, 10}));
  ASSERT_TRUE(finish(succeeded()));
  EXPECT_EQ(balance("A"), (Balance{Currency::usd, 0, 10, 10}));
  EXPECT_EQ(balance("A", kToday + 1), (Balance{Currency::usd, 0, 10, 0}));
  EXPECT_EQ(lines("A"), "hold 10 (accepted), settle 10 (succeeded)");
}

TEST_P(LedgerContract, ReleasesWhatIsNotCharged) {
  submit(*store_, new_job("job_1", "A", 10));
  Outcome cheaper = succeeded();
  cheaper.charge = Money{4};
  ASSERT_TRUE(finish(cheaper));
  EXPECT_EQ(lines("A"), "hold 10 (accepted), settle 4 (succeeded), release 6 (succeeded)");
  EXPECT_EQ(balance("A"), (Balance{Currency::usd, 0, 4, 4}));
}

TEST_P(LedgerContract, KeepsAFeeAsItsOwnLine) {
  submit(*store_, new_job("job_1", "A", 10));
  Outcome refused;
  refused.kind = Outcome::Kind::failed;
  refused.kept = Money{3};
  refused.kept_reason = "the provider's moderation";
  ASSERT_TRUE(finish(refused));
  EXPECT_EQ(lines("A"), "hold 10 (accepted), fee 3 (the provider's moderation), release 7 (failed)");
  EXPECT_EQ((*store_->queue().find("job_1"))->charged, Money{3});
}

TEST_P(LedgerContract, TakesNoMoreThanIsHeld) {
  submit(*store_, new_job("job_1", "A", 10));
  const Lease held = lease(*store_, test_time());
  for (const Money& charge : {Money{11}, Money{-1}, Money{5, Currency::credits}}) {
    Outcome outcome = succeeded();
    outcome.charge = charge;
    EXPECT_EQ(store_->queue().finish(held, outcome, test_time()).error().code, ErrorCode::invalid_argument);
    outcome.kind = Outcome::Kind::failed;
    outcome.charge.reset();
    outcome.kept = charge;
    EXPECT_EQ(store_->queue().finish(held, outcome, test_time()).error().code, ErrorCode::invalid_argument);
  }
  EXPECT_EQ(lines("A"), "hold 10 (accepted)");
  EXPECT_TRUE(store_->queue().finish(held, succeeded(), test_time()));
}

TEST_P(LedgerContract, WritesNothingForWhatIsFree) {
  submit(*store_, new_job("job_1", "nothing"));
  ASSERT_TRUE(finish(succeeded()));
  EXPECT_EQ(lines("nothing"), "");
  EXPECT_TRUE(ledger().balances("nothing", kToday)->empty());
}

TEST_P(LedgerContract, StopsAtTheTotalBudget) {
  EXPECT_EQ(submit(*store_, new_job("job_1", "total", 60)), "job_1");
  EXPECT_EQ(submit(*store_, new_job("job_2", "total", 41)), "over_budget");
  EXPECT_EQ(submit(*store_, new_job("job_2", "total", 40)), "job_2");
  EXPECT_EQ(submit(*store_, new_job("job_3", "total", 1), test_time(10 * 86400)), "over_budget");
  ASSERT_TRUE(store_->queue().cancel("job_2", test_time()));
  EXPECT_EQ(submit(*store_, new_job("job_3", "total", 40)), "job_3");
  EXPECT_EQ(submit(*store_, new_job("job_4", "nothing", 1)), "over_budget");
  EXPECT_EQ(submit(*store_, new_job("job_4", "total", INT64_MAX)), "over_budget");
}

TEST_P(LedgerContract, StopsAtTheDaysBudgetUntilMidnight) {
  const int64_t evening = 86400 - 60;
  EXPECT_EQ(submit(*store_, new_job("job_1", "daily", 50), test_time(evening)), "job_1");
  const auto refused = store_->queue().submit(new_job("job_2", "daily", 1), test_time(evening));
  ASSERT_TRUE(refused);
  const auto& refusal = std::get<SubmitRefusal>(*refused);
  EXPECT_EQ(refusal.why, SubmitRefusal::Why::over_budget);
  EXPECT_EQ(refusal.retry_after, std::chrono::seconds(60));
  EXPECT_NE(refusal.message.find("$0.000001"), std::string::npos) << refusal.message;
  EXPECT_EQ(submit(*store_, new_job("job_2", "daily", 50), test_time(86400)), "job_2");
  // What is released later counts for the day on which it was held.
  ASSERT_TRUE(store_->queue().cancel("job_1", test_time(86401)));
  EXPECT_EQ(submit(*store_, new_job("job_3", "daily", 1), test_time(86402)), "over_budget");
  EXPECT_EQ(submit(*store_, new_job("job_3", "daily", 50), test_time(evening)), "job_3");
}

TEST_P(LedgerContract, AllowsNothingInACurrencyWithoutBudget) {
  NewJob job = new_job("job_1", "total", 1);
  job.job.price.currency = Currency::credits;
  EXPECT_EQ(submit(*store_, job), "over_budget");
  job.job.account = "A";
  EXPECT_EQ(submit(*store_, job), "job_1");
}

TEST_P(LedgerContract, KeepsSumsOfAnUnboundKeyWithinTheirRange) {
  EXPECT_EQ(submit(*store_, new_job("job_1", "A", INT64_MAX)), "job_1");
  EXPECT_EQ(submit(*store_, new_job("job_2", "A", 1)), "over_budget");
}

TEST_P(LedgerContract, ListsPagesOfLines) {
  for (int i = 1; i <= 3; ++i) submit(*store_, new_job("job_" + std::to_string(i), "A", i));
  submit(*store_, new_job("job_9", "total", 9));
  const auto newest = ledger().lines("A", 0, 2);
  ASSERT_EQ(newest->size(), 2u);
  EXPECT_EQ(newest->at(0).amount.micros, 3);
  EXPECT_EQ(newest->at(0).time, test_time());
  EXPECT_EQ(newest->at(0).day, kToday);
  const auto rest = ledger().lines("A", newest->at(1).id, 2);
  ASSERT_EQ(rest->size(), 1u);
  EXPECT_EQ(rest->at(0).job, "job_1");
  EXPECT_FALSE(ledger().lines("A", 0, 0));
  EXPECT_FALSE(ledger().lines("A", 0, 201));
}

}  // namespace
}  // namespace troupe::jobs
