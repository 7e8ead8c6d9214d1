// What every store's EventLog must do.
#include <gtest/gtest.h>

#include "jobs/jobs_for_test.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

class EventLogContract : public StoreContract {
 protected:
  EventLogContract() {
    add_key(*store_, "A");
    add_key(*store_, "B");
  }
  EventLog& events() { return store_->events(); }
  std::string told(int64_t after, const EventFilter& filter, int limit = 1000) {
    const auto found = events().since(after, filter, limit);
    if (!found) return to_string(found.error());
    std::string text;
    for (const JobEvent& event : *found) text += event.job + ":" + event.type.substr(4) + " ";
    return text;
  }
};
TROUPE_FOR_EACH_STORE(EventLogContract);

TEST_P(EventLogContract, TellsInOrderWhatHappenedAfter) {
  EXPECT_EQ(*events().last_id(), 0);
  submit(*store_, new_job("job_1", "A"));
  submit(*store_, new_job("job_2", "B"));
  const int64_t seen = *events().last_id();
  ASSERT_TRUE(store_->queue().cancel("job_1", test_time(5)));
  EXPECT_EQ(told(0, {}), "job_1:queued job_2:queued job_1:cancelled ");
  EXPECT_EQ(told(seen, {}), "job_1:cancelled ");
  EXPECT_EQ(told(0, {}, 2), "job_1:queued job_2:queued ");
  EXPECT_EQ(told(0, {"A", {}}), "job_1:queued job_1:cancelled ");
  EXPECT_EQ(told(0, {{}, "job_2"}), "job_2:queued ");
  EXPECT_EQ(told(0, {"A", "job_2"}), "");
  const auto last = events().since(seen, {}, 1);
  EXPECT_EQ(last->at(0).time, test_time(5));
  EXPECT_EQ(last->at(0).account, "A");
  EXPECT_EQ(last->at(0).data_json, R"({"state":"cancelled","attempts":0,"crashes":0,"cancel_requested":true,)"
                                   R"("charged":{"micros":0,"currency":"usd"}})");
  EXPECT_FALSE(events().since(0, {}, 0));
  EXPECT_FALSE(events().since(0, {}, 1001));
}

TEST_P(EventLogContract, ForgetsOldOnesAndTheProgressOfFinalJobs) {
  submit(*store_, new_job("job_1", "A"));
  submit(*store_, new_job("job_2", "A"));
  const Lease first = lease(*store_, test_time(10));
  const Lease second = lease(*store_, test_time(10));
  for (const Lease* each : {&first, &second}) {
    ASSERT_TRUE(store_->queue().heartbeat(*each, JobProgress{"paint", 0.5, 1, 2, {}},
                                          std::chrono::seconds(30), test_time(11)));
  }
  ASSERT_TRUE(store_->queue().finish(first, succeeded(), test_time(12)));
  const int64_t last = *events().last_id();
  EXPECT_EQ(*events().prune(test_time(10)), 3);
  EXPECT_EQ(told(0, {}), "job_1:running job_2:running job_2:progress job_1:succeeded ");
  EXPECT_EQ(*events().prune(test_time(100)), 4);
  EXPECT_EQ(told(0, {}), "");
  EXPECT_EQ(*events().last_id(), last);
  submit(*store_, new_job("job_3", "A"));
  EXPECT_EQ(*events().last_id(), last + 1);
}

TEST_P(EventLogContract, TellsTheListenerOnceItIsCommitted) {
  std::vector<JobEvent> heard;
  events().set_listener(
      [&](const std::vector<JobEvent>& some) { heard.insert(heard.end(), some.begin(), some.end()); });
  submit(*store_, new_job("job_1", "A"));
  EXPECT_EQ(submit(*store_, new_job("job_1", "A")), "conflict");
  ASSERT_TRUE(store_->queue().cancel("job_1", test_time()));
  ASSERT_TRUE(store_->queue().cancel("job_1", test_time()));
  EXPECT_EQ(heard, *events().since(0, {}, 1000));
  events().set_listener(nullptr);
  submit(*store_, new_job("job_2", "A"));
  EXPECT_EQ(heard.size(), 2u);
}

}  // namespace
}  // namespace troupe::jobs
