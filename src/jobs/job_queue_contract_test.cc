// What every store's JobQueue must do, rule by rule.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "jobs/jobs_for_test.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

class JobQueueContract : public StoreContract {
 protected:
  JobQueueContract() { reopen({}); }

  void reopen(const QueueBounds& bounds) {
    store_.reset();
    store_ = place_->open(bounds);
    for (const char* account : {"A", "B", "C"}) add_key(*store_, account);
  }
  JobQueue& queue() { return store_->queue(); }

  std::string next(const Time now, const std::vector<std::string>& engines = {"stage"}) {
    const auto lease = queue().lease({"w", engines, seconds(30)}, now);
    if (!lease) return to_string(lease.error());
    return *lease ? (*lease)->job.id : "none";
  }
  JobState state(const std::string& id) { return (*queue().find(id))->state; }
  std::vector<std::string> event_types() {
    std::vector<std::string> types;
    const auto events = store_->events().since(0, {}, 1000);
    for (const JobEvent& event : *events) types.push_back(event.type);
    return types;
  }
};
TROUPE_FOR_EACH_STORE(JobQueueContract);

TEST_P(JobQueueContract, KeepsAllThatWasAsked) {
  NewJob asked = new_job("job_1", "A");
  Job& job = asked.job;
  job.draft = true;
  job.prompt = hostile_texts()[4];
  job.spec_json = "{\"prompt\":\"\\u0000\"}";
  job.spec_hash = "abc";
  job.parent = "job_0";
  job.metadata_json = "{\"a\":1}";
  job.webhook_url = "https://example.com/";
  job.lane = -3;
  job.fields = hostile_texts()[4];
  job.price = {5, Currency::credits};
  ASSERT_EQ(submit(*store_, asked), "job_1");
  job.charged.currency = Currency::credits;
  job.created = job.updated = test_time();
  EXPECT_EQ(**queue().find("job_1"), job);
  EXPECT_FALSE(*queue().find("job_2"));
}

TEST_P(JobQueueContract, StartsEveryJobFresh) {
  NewJob asked = new_job("job_1", "A");
  asked.job.state = JobState::succeeded;
  asked.job.attempts = asked.job.crashes = 9;
  asked.job.provider_task = "task";
  asked.job.cancel_requested = true;
  asked.job.takes.resize(1);
  asked.job.charged = {5};
  asked.job.error = Error{};
  ASSERT_EQ(submit(*store_, asked), "job_1");
  Job fresh = new_job("job_1", "A").job;
  fresh.created = fresh.updated = test_time();
  EXPECT_EQ(**queue().find("job_1"), fresh);
}

TEST_P(JobQueueContract, RefusesWhatCannotBeMeant) {
  EXPECT_EQ(submit(*store_, new_job("", "A")), "invalid_argument");
  EXPECT_EQ(submit(*store_, new_job("job_1", "")), "invalid_argument");
  EXPECT_EQ(submit(*store_, new_job("job_1", "A", -1)), "invalid_argument");
  EXPECT_EQ(submit(*store_, new_job("job_1", "nobody")), "not_found");
  for (const std::string& text : refused_texts()) {
    NewJob asked = new_job("job_1", "A");
    asked.job.prompt = text;
    EXPECT_EQ(submit(*store_, asked), "invalid_argument");
  }
  EXPECT_EQ(submit(*store_, new_job("job_1", "A")), "job_1");
  EXPECT_EQ(submit(*store_, new_job("job_1", "B")), "conflict");
  EXPECT_FALSE(queue().list({}, "", 0));
  EXPECT_FALSE(queue().list({}, "", 201));
  EXPECT_FALSE(queue().lease({"", {"stage"}, seconds(1)}, test_time()));
  EXPECT_FALSE(queue().lease({"w", {"stage"}, seconds(0)}, test_time()));
  EXPECT_FALSE(queue().lease({"w", {"stage"}, hours(2)}, test_time()));
  EXPECT_EQ(event_types(), std::vector<std::string>{"job.queued"});
}

TEST_P(JobQueueContract, ServesHighLanesFirstThenAccountsInTurnThenOldestJobs) {
  for (int i = 1; i <= 3; ++i) submit(*store_, new_job("job_a" + std::to_string(i), "A"));
  submit(*store_, new_job("job_b1", "B"));
  submit(*store_, new_job("job_b2", "B"));
  submit(*store_, new_job("job_c1", "C"));
  NewJob urgent = new_job("job_a9", "A");
  urgent.job.lane = 1;
  submit(*store_, urgent);
  std::string order;
  for (int i = 0; i < 8; ++i) order += next(test_time(i)) + " ";
  EXPECT_EQ(order, "job_a9 job_b1 job_c1 job_a1 job_b2 job_a2 job_a3 none ");
}

TEST_P(JobQueueContract, GivesWorkersOnlyWhatTheyCanDo) {
  NewJob wan = new_job("job_1", "A");
  wan.job.engine = "wan";
  submit(*store_, wan);
  EXPECT_EQ(next(test_time()), "none");
  EXPECT_EQ(next(test_time(), {}), "none");
  EXPECT_EQ(next(test_time(), {"stage", "wan"}), "job_1");
}

TEST_P(JobQueueContract, TakesUpAbandonedJobsBeforeQueuedOnesAndParksThemInTheEnd) {
  submit(*store_, new_job("job_1", "A", 7));
  submit(*store_, new_job("job_2", "A"));
  ASSERT_EQ(next(test_time()), "job_1");
  EXPECT_EQ(next(test_time(30)), "job_1");
  EXPECT_EQ((*queue().find("job_1"))->crashes, 1);
  EXPECT_EQ((*queue().find("job_1"))->attempts, 2);
  EXPECT_EQ(next(test_time(60)), "job_2");
  const Job parked = **queue().find("job_1");
  EXPECT_EQ(parked.state, JobState::parked);
  ASSERT_TRUE(parked.error);
  EXPECT_NE(parked.error->message.find("2 times"), std::string::npos);
  EXPECT_EQ(store_->ledger().balances("A", 0)->at(0).held_micros, 7);
  ASSERT_TRUE(queue().resume("job_1", test_time(61)));
  EXPECT_EQ(next(test_time(61)), "job_1");
  EXPECT_EQ((*queue().find("job_1"))->crashes, 0);
}

TEST_P(JobQueueContract, FencesOffWhoeverLostItsLease) {
  submit(*store_, new_job("job_1", "A", 10));
  const Lease old = lease(*store_, test_time());
  const Lease newer = lease(*store_, test_time(31));
  ASSERT_GT(newer.token, old.token);
  const Time now = test_time(32);
  EXPECT_EQ(queue().heartbeat(old, {}, seconds(30), now).error().code, ErrorCode::conflict);
  EXPECT_EQ(queue().mark_submitted(old, "task", now).error().code, ErrorCode::conflict);
  EXPECT_EQ(queue().finish(old, succeeded(), now).error().code, ErrorCode::conflict);
  EXPECT_EQ(queue().give_back(old, now).error().code, ErrorCode::conflict);
  ASSERT_TRUE(queue().finish(newer, succeeded(), now));
  EXPECT_EQ(queue().finish(newer, succeeded(), now).error().code, ErrorCode::conflict);
  EXPECT_EQ(store_->ledger().balances("A", 0)->at(0).spent_micros, 10);
}

TEST_P(JobQueueContract, ExpiresAllLeasesForWhoKnowsThatNobodyWorks) {
  submit(*store_, new_job("job_1", "A"));
  submit(*store_, new_job("job_2", "A"));
  const Lease dead = lease(*store_, test_time());
  ASSERT_EQ(queue().expire_leases(test_time(1)).value(), 1);
  EXPECT_EQ(queue().expire_leases(test_time(1)).value(), 0);
  EXPECT_EQ(next(test_time(1)), "job_1");
  EXPECT_EQ((*queue().find("job_1"))->crashes, 1);
  EXPECT_EQ(queue().heartbeat(dead, {}, seconds(30), test_time(2)).error().code, ErrorCode::conflict);
}

TEST_P(JobQueueContract, TakesUpALeaseThatTheClockLeftInTheFuture) {
  submit(*store_, new_job("job_1", "A"));
  lease(*store_, test_time(2 * 3600));
  EXPECT_EQ(next(test_time(3600 + 30)), "none");
  EXPECT_EQ(next(test_time(3600 + 29)), "job_1");
}

TEST_P(JobQueueContract, KeepsALeaseThatRanOutUntilSomebodyElseTakesIt) {
  submit(*store_, new_job("job_1", "A"));
  const Lease held = lease(*store_, test_time());
  const auto heartbeat = queue().heartbeat(held, {}, seconds(30), test_time(100));
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(heartbeat->expires, test_time(130));
  EXPECT_EQ(next(test_time(129)), "none");
}

TEST_P(JobQueueContract, TellsProgressAndRefusesWhatIsNone) {
  submit(*store_, new_job("job_1", "A"));
  const Lease held = lease(*store_, test_time());
  const JobProgress progress{"paint", 0.25, 6, 24, 1.5};
  ASSERT_TRUE(queue().heartbeat(held, progress, seconds(30), test_time(1)));
  EXPECT_EQ((*queue().find("job_1"))->progress, progress);
  EXPECT_EQ(store_->events().since(0, {}, 1000)->back().data_json,
            R"({"stage":"paint","fraction":0.25,"frames_done":6,"frames_total":24,"seconds_left":1.5})");
  for (const double fraction : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_FALSE(queue().heartbeat(held, JobProgress{"", fraction, 0, 0, {}}, seconds(30), test_time(2)));
  }
  EXPECT_FALSE(queue().heartbeat(held, JobProgress{"", 0, 0, 0, HUGE_VAL}, seconds(30), test_time(2)));
}

TEST_P(JobQueueContract, WhatAProviderHasIsNotCancelledBehindItsBack) {
  submit(*store_, new_job("job_1", "A", 4));
  const Lease dies = lease(*store_, test_time());
  ASSERT_TRUE(queue().mark_submitted(dies, "task", test_time(1)));
  ASSERT_TRUE(queue().cancel("job_1", test_time(2)));
  ASSERT_TRUE(queue().expire_leases(test_time(3)));
  const Lease next = lease(*store_, test_time(4));
  EXPECT_EQ(next.job.state, JobState::submitted);
  EXPECT_TRUE(next.job.cancel_requested) << "its worker stops it there";
  EXPECT_EQ(next.job.crashes, 1);
}

TEST_P(JobQueueContract, AsksWhoWorksToStop) {
  submit(*store_, new_job("job_1", "A", 4));
  const Lease held = lease(*store_, test_time());
  EXPECT_EQ(queue().cancel("job_1", test_time(1))->state, JobState::running);
  EXPECT_TRUE(queue().heartbeat(held, {}, seconds(30), test_time(2))->cancel_requested);
  EXPECT_TRUE(queue().cancel("job_1", test_time(3)));
  Outcome stopped;
  stopped.kind = Outcome::Kind::cancelled;
  stopped.kept = {1};
  stopped.kept_reason = "the provider's fee";
  ASSERT_TRUE(queue().finish(held, stopped, test_time(4)));
  EXPECT_EQ((*queue().find("job_1"))->charged.micros, 1);
  EXPECT_EQ(event_types(),
            (std::vector<std::string>{"job.queued", "job.running", "job.cancel_requested", "job.cancelled"}));
  EXPECT_EQ(queue().cancel("job_1", test_time(5))->state, JobState::cancelled);
  EXPECT_EQ(queue().cancel("job_2", test_time(5)).error().code, ErrorCode::not_found);
}

TEST_P(JobQueueContract, CancelsAtOnceWhereNobodyWorks) {
  submit(*store_, new_job("job_1", "A", 4));
  EXPECT_EQ(queue().cancel("job_1", test_time(1))->state, JobState::cancelled);
  EXPECT_EQ(store_->ledger().balances("A", 0)->at(0), Balance{});
  submit(*store_, new_job("job_2", "A", 4));
  ASSERT_EQ(next(test_time()), "job_2");
  ASSERT_TRUE(queue().cancel("job_2", test_time(1)));
  EXPECT_EQ(next(test_time(30)), "none");
  EXPECT_EQ(state("job_2"), JobState::cancelled);
}

TEST_P(JobQueueContract, HasAWorkerStopWhatAProviderMayHave) {
  for (const bool retried : {false, true}) {
    const std::string id = retried ? "job_2" : "job_1";
    submit(*store_, new_job(id, "A", 4));
    const Lease first = lease(*store_, test_time());
    ASSERT_TRUE(queue().mark_submitted(first, "task", test_time(1)));
    Outcome unknown;
    unknown.kind = Outcome::Kind::parked;
    unknown.error = Error{ErrorCode::unknown_outcome, "It is not known.", ""};
    unknown.takes.resize(1);
    unknown.report_json = "{}";
    ASSERT_TRUE(queue().finish(first, unknown, test_time(2)));
    if (retried) {
      ASSERT_TRUE(queue().resume(id, test_time(3)));
    }
    const auto asked = queue().cancel(id, test_time(4));
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->state, JobState::submitted);
    EXPECT_TRUE(asked->cancel_requested);
    EXPECT_FALSE(asked->error);
    EXPECT_TRUE(asked->takes.empty() && asked->report_json.empty());
    EXPECT_EQ(event_types().back(), "job.cancel_requested");
    EXPECT_EQ(store_->ledger().balances("A", 0)->at(0).held_micros, 4) << "until the provider has said";
    const Lease second = lease(*store_, test_time(4));
    EXPECT_EQ(second.job.id, id);
    EXPECT_TRUE(second.job.cancel_requested);
    EXPECT_EQ(second.job.crashes, 0);
    EXPECT_EQ(queue().finish(first, unknown, test_time(5)).error().code, ErrorCode::conflict);
    Outcome stopped;
    stopped.kind = Outcome::Kind::cancelled;
    ASSERT_TRUE(queue().finish(second, stopped, test_time(5)));
    EXPECT_EQ(store_->ledger().balances("A", 0)->at(0), Balance{});
  }
}

TEST_P(JobQueueContract, AbandonsWhatNobodyWorksOn) {
  submit(*store_, new_job("job_1", "A", 4));
  const Lease held = lease(*store_, test_time());
  ASSERT_TRUE(queue().mark_submitted(held, "task", test_time(1)));
  EXPECT_EQ(queue().abandon("job_1", test_time(2)).error().code, ErrorCode::conflict) << "a worker has it";
  Outcome unknown;
  unknown.kind = Outcome::Kind::parked;
  unknown.error = Error{ErrorCode::unknown_outcome, "It is not known.", ""};
  ASSERT_TRUE(queue().finish(held, unknown, test_time(3)));
  const auto closed = queue().abandon("job_1", test_time(4));
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->state, JobState::cancelled);
  EXPECT_FALSE(closed->error);
  const JobEvent last = store_->events().since(0, {}, 1000)->back();
  EXPECT_EQ(last.type, "job.cancelled");
  EXPECT_NE(last.data_json.find(R"("abandoned":true)"), std::string::npos) << last.data_json;
  EXPECT_EQ(store_->ledger().lines("A", 0, 1)->front().reason, "abandoned at the provider");
  EXPECT_EQ(store_->ledger().balances("A", 0)->at(0), Balance{});
  EXPECT_TRUE(store_->ledger().audit()->empty());
  EXPECT_EQ(queue().abandon("job_1", test_time(5))->state, JobState::cancelled);
  EXPECT_EQ(queue().abandon("job_2", test_time(5)).error().code, ErrorCode::not_found);
}

TEST_P(JobQueueContract, AbandonsWhatADeadWorkerHad) {
  submit(*store_, new_job("job_1", "A", 4));
  const Lease dead = lease(*store_, test_time());
  ASSERT_TRUE(queue().mark_submitted(dead, "task", test_time(1)));
  EXPECT_EQ(queue().abandon("job_1", test_time(31))->state, JobState::cancelled);
  EXPECT_EQ(queue().finish(dead, succeeded(), test_time(32)).error().code, ErrorCode::conflict);
  submit(*store_, new_job("job_2", "A", 4));
  EXPECT_EQ(queue().abandon("job_2", test_time(33))->state, JobState::cancelled);
  const JobEvent last = store_->events().since(0, {}, 1000)->back();
  EXPECT_EQ(last.data_json.find("abandoned"), std::string::npos) << "no provider had it";
}

TEST_P(JobQueueContract, PutsBackAJobAtItsPlace) {
  submit(*store_, new_job("job_1", "A"));
  submit(*store_, new_job("job_2", "A"));
  ASSERT_TRUE(queue().give_back(lease(*store_, test_time()), test_time(1)));
  EXPECT_EQ(state("job_1"), JobState::queued);
  EXPECT_EQ((*queue().find("job_1"))->crashes, 0);
  EXPECT_EQ(next(test_time(2)), "job_1");
}

TEST_P(JobQueueContract, AsksAgainAboutWhatAProviderHas) {
  submit(*store_, new_job("job_1", "A"));
  const Lease first = lease(*store_, test_time());
  ASSERT_TRUE(queue().mark_submitted(first, "task-7", test_time(1)));
  ASSERT_TRUE(queue().give_back(first, test_time(2)));
  EXPECT_EQ(state("job_1"), JobState::submitted);
  const Lease second = lease(*store_, test_time(3));
  EXPECT_EQ(second.job.state, JobState::submitted);
  EXPECT_EQ(second.job.provider_task, "task-7");
  EXPECT_EQ(second.job.crashes, 0);
  Outcome unknown;
  unknown.kind = Outcome::Kind::parked;
  unknown.error = Error{ErrorCode::timeout, "The provider does not answer.", ""};
  ASSERT_TRUE(queue().finish(second, unknown, test_time(4)));
  ASSERT_TRUE(queue().resume("job_1", test_time(5)));
  EXPECT_EQ(lease(*store_, test_time(6)).job.state, JobState::submitted);
}

TEST_P(JobQueueContract, RepeatsTheAnswerOfAnIdempotentRequestForADay) {
  NewJob asked = new_job("job_1", "A", 5);
  asked.idempotency = {"order-1", "hash-1"};
  ASSERT_EQ(submit(*store_, asked), "job_1");
  asked.job.id = "job_2";
  EXPECT_EQ(submit(*store_, asked, test_time(86399)), "job_1 again");
  asked.idempotency->request_hash = "hash-2";
  EXPECT_EQ(submit(*store_, asked), "idempotency_mismatch");
  asked.job.account = "B";
  EXPECT_EQ(submit(*store_, asked), "job_2");
  asked.job = new_job("job_3", "A").job;
  EXPECT_EQ(submit(*store_, asked, test_time(86400)), "job_3");
  for (const std::string& key : {std::string(), std::string(256, 'k')}) {
    asked.idempotency->key = key;
    EXPECT_EQ(submit(*store_, asked), "invalid_argument");
  }
}

TEST_P(JobQueueContract, MakesNoJobAgainThatWasDeleted) {
  NewJob asked = new_job("job_1", "A");
  asked.idempotency = {"order-1", "hash-1"};
  submit(*store_, asked);
  ASSERT_TRUE(queue().cancel("job_1", test_time()));
  ASSERT_TRUE(queue().remove("job_1", test_time()));
  EXPECT_EQ(submit(*store_, asked), "conflict");
}

TEST_P(JobQueueContract, BoundsTheQueue) {
  reopen({.queued_max = 3, .queued_per_account_max = 2});
  EXPECT_EQ(submit(*store_, new_job("job_1", "A")), "job_1");
  EXPECT_EQ(submit(*store_, new_job("job_2", "A")), "job_2");
  EXPECT_EQ(submit(*store_, new_job("job_3", "A")), "account_queue_full");
  EXPECT_EQ(submit(*store_, new_job("job_3", "B")), "job_3");
  const auto full = queue().submit(new_job("job_4", "C"), test_time());
  ASSERT_TRUE(full);
  EXPECT_EQ(std::get<SubmitRefusal>(*full).why, SubmitRefusal::Why::queue_full);
  EXPECT_GT(std::get<SubmitRefusal>(*full).retry_after.count(), 0);
  ASSERT_EQ(next(test_time()), "job_1");
  EXPECT_EQ(submit(*store_, new_job("job_4", "A")), "job_4");
}

TEST_P(JobQueueContract, ListsPagesNewestFirstAndFiltered) {
  for (int i = 1; i <= 5; ++i) {
    NewJob job = new_job("job_" + std::to_string(i), i % 2 ? "A" : "B");
    job.job.prompt = i == 3 ? "Ein ÄRGERLICHER Fuchs, 100%" : "a dog";
    job.job.model = i == 4 ? "other" : "stage";
    submit(*store_, job);
  }
  ASSERT_TRUE(queue().cancel("job_2", test_time()));
  const auto ids = [&](const JobFilter& filter, const std::string& before, int limit) {
    const auto page = queue().list(filter, before, limit);
    std::string text;
    for (const Job& job : page->jobs) text += job.id + " ";
    return text + "> " + page->next;
  };
  EXPECT_EQ(ids({}, "", 2), "job_5 job_4 > job_4");
  EXPECT_EQ(ids({}, "job_4", 2), "job_3 job_2 > job_2");
  EXPECT_EQ(ids({}, "job_2", 2), "job_1 > ");
  EXPECT_EQ(ids({"A", {}, "", ""}, "", 9), "job_5 job_3 job_1 > ");
  EXPECT_EQ(ids({{}, {JobState::cancelled, JobState::failed}, "", ""}, "", 9), "job_2 > ");
  EXPECT_EQ(ids({{}, {}, "other", ""}, "", 9), "job_4 > ");
  EXPECT_EQ(ids({{}, {}, "", "ärgerlicher fuchs"}, "", 9), "job_3 > ");
  EXPECT_EQ(ids({{}, {}, "", "0%"}, "", 9), "job_3 > ");
  EXPECT_EQ(ids({{}, {}, "", "1_0"}, "", 9), "> ");
}

TEST_P(JobQueueContract, ForgetsFinalJobsOnly) {
  submit(*store_, new_job("job_1", "A", 3));
  EXPECT_EQ(queue().remove("job_1", test_time()).error().code, ErrorCode::conflict);
  ASSERT_TRUE(queue().finish(lease(*store_, test_time()), succeeded(), test_time(1)));
  EXPECT_EQ(queue().remove("job_1", test_time(2))->takes.size(), 1u);
  EXPECT_FALSE(*queue().find("job_1"));
  EXPECT_EQ(queue().remove("job_1", test_time(3)).error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->ledger().lines("A", 0, 200)->size(), 2u);
  EXPECT_TRUE(store_->ledger().audit()->empty());
  EXPECT_TRUE(queue().counts()->empty());
}

TEST_P(JobQueueContract, MeasuresWhatItMade) {
  EXPECT_FALSE(*queue().seconds_per_second("stage"));
  const int took[] = {40, 10, 20};
  for (int i = 0; i < 3; ++i) {
    submit(*store_, new_job("job_" + std::to_string(i), "A"));
    const Time start = test_time(100 * i);
    ASSERT_TRUE(queue().finish(lease(*store_, start), succeeded(), start + seconds(took[i])));
  }
  // Each take has 48 frames of 24 a second: 2 s.
  EXPECT_DOUBLE_EQ(**queue().seconds_per_second("stage"), 10.0);
  EXPECT_FALSE(*queue().seconds_per_second("other"));
}

}  // namespace
}  // namespace troupe::jobs
