// A job that its user wants no more of while a provider has it, or may have it.
#include "server/round_trip_for_test.h"

namespace troupe::server {
namespace {

const Kind& kFal = kKinds[4];

class UpstreamCancel : public UpstreamRoundTrip {
 protected:
  void SetUp() override {
    UpstreamRoundTrip::SetUp();
    way_ = std::make_unique<FaultyWay>(server_->port(), [this](const std::string& request) {
      if (!is_submission(request)) ++questions_;
      return gone_ && !is_submission(request) ? Fault::gone : Fault::none;
    });
    add_provider(kFal, *way_);
  }
  void TearDown() override {
    engine_.let_go();
    here_.reset();
    way_.reset();
    UpstreamRoundTrip::TearDown();
  }

  jobs::JobQueue& queue() { return here_->folder().jobs->queue(); }

  // A job that the provider makes, but says nothing of.
  std::string parked_job() {
    gone_ = true;
    here_->start();
    const std::string id = here_->submit(spec_for(kFal));
    const Job job = here_->wait(id);
    EXPECT_EQ(job.state, JobState::parked);
    EXPECT_NE(job.provider_task.find("\"task\""), std::string::npos);
    return id;
  }

  std::string submitted_job() {
    here_->start();
    const std::string id = here_->submit(spec_for(kFal));
    while (here_->find(id).provider_task.find("\"task\"") == std::string::npos) pause();
    return id;
  }

  Job there(const Job& job) { return **folder_->jobs->queue().find(json_of_record(job)["takes"][0]["task"]); }
  static void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

  void expect_sums(const Job& job, int64_t charged) {
    EXPECT_EQ(job.charged.micros, charged);
    EXPECT_EQ(here_->held(), 0);
    EXPECT_TRUE(here_->folder().jobs->ledger().audit()->empty());
  }

  std::unique_ptr<FaultyWay> way_;
  std::atomic<bool> gone_ = false;
  std::atomic<int> questions_ = 0;
};

TEST_F(UpstreamCancel, OfAParkedJobStopsWhatTheProviderHas) {
  engine_.hold();
  const std::string id = parked_job();
  gone_ = false;
  EXPECT_EQ(queue().cancel(id, clock_.now())->state, JobState::submitted);
  const Job job = here_->wait(id);
  EXPECT_EQ(job.state, JobState::cancelled);
  EXPECT_TRUE(there(job).cancel_requested);
  expect_sums(job, 0);
}

TEST_F(UpstreamCancel, OfAParkedJobThatWasMadeKeepsWhatItCost) {
  const std::string id = parked_job();
  while (!is_final(there(here_->find(id)).state)) pause();
  gone_ = false;
  ASSERT_TRUE(queue().cancel(id, clock_.now()));
  const Job job = here_->wait(id);
  EXPECT_EQ(job.state, JobState::cancelled);
  expect_sums(job, 1'000'000);
  const auto lines = here_->folder().jobs->ledger().lines(job.account, 0, 1);
  EXPECT_EQ(lines->front().kind, LedgerKind::fee);
  EXPECT_EQ(lines->front().reason, "made by the provider before it was stopped");
}

TEST_F(UpstreamCancel, ParksAgainWhereNobodyAnswersUntilItIsAbandoned) {
  engine_.hold();
  const std::string id = parked_job();
  ASSERT_TRUE(queue().cancel(id, clock_.now()));
  const Job parked = here_->wait(id);
  ASSERT_EQ(parked.state, JobState::parked);
  EXPECT_TRUE(parked.cancel_requested);
  EXPECT_EQ(parked.error->code, ErrorCode::unknown_outcome);
  EXPECT_NE(parked.error->message.find("abandon"), std::string::npos) << parked.error->message;
  EXPECT_EQ(here_->held(), 1'000'000);
  const int asked = questions_;
  ASSERT_TRUE(queue().abandon(id, clock_.now()));
  const Job job = here_->find(id);
  EXPECT_EQ(job.state, JobState::cancelled);
  expect_sums(job, 0);
  EXPECT_EQ(questions_, asked);
}

TEST_F(UpstreamCancel, OfARetriedJobThatStillWaitsOutlivesItsServer) {
  engine_.hold();
  const std::string id = parked_job();
  here_->stop();
  ASSERT_TRUE(queue().resume(id, clock_.now()));
  ASSERT_EQ(here_->find(id).state, JobState::queued);
  EXPECT_EQ(queue().cancel(id, clock_.now())->state, JobState::submitted);
  // The server that asks is stopped before it knows, and closes nothing.
  questions_ = 0;
  here_->start();
  while (questions_ == 0) pause();
  here_->stop();
  EXPECT_EQ(here_->find(id).state, JobState::submitted);
  EXPECT_TRUE(here_->find(id).cancel_requested);
  EXPECT_EQ(here_->held(), 1'000'000);
  gone_ = false;
  here_->start();
  const Job job = here_->wait(id);
  EXPECT_EQ(job.state, JobState::cancelled);
  expect_sums(job, 0);
}

TEST_F(UpstreamCancel, OfAnOrderThatAPersonGaveUpAsksNobody) {
  here_->providers.clear();
  const Job parked = run(kKinds[0], Fault::lost);
  ASSERT_EQ(parked.state, JobState::parked);
  here_->start();
  ASSERT_TRUE(queue().cancel(parked.id, clock_.now()));
  const Job job = here_->wait(parked.id);
  EXPECT_EQ(job.state, JobState::cancelled);
  expect_sums(job, 0);
  EXPECT_NE(job.report_json.find("given up"), std::string::npos) << job.report_json;
}

TEST_F(UpstreamCancel, AProviderOfAnotherKindIsNotAskedForATaskThatIsNotItsOwn) {
  engine_.hold();
  const std::string id = submitted_job();
  here_->stop();
  engine_.let_go();
  here_->providers[0].second.kind = "replicate";
  questions_ = 0;
  here_->start();
  const Job parked = here_->wait(id);
  ASSERT_EQ(parked.state, JobState::parked);
  EXPECT_EQ(parked.error->code, ErrorCode::unknown_outcome);
  EXPECT_NE(parked.error->message.find("was a provider of kind fal"), std::string::npos)
      << parked.error->message;
  ASSERT_TRUE(queue().cancel(id, clock_.now()));
  EXPECT_EQ(here_->wait(id).state, JobState::parked) << "nor is it told to stop one";
  EXPECT_EQ(questions_, 0);
  here_->stop();
  here_->providers[0].second.kind = "fal";
  here_->start();
  ASSERT_TRUE(queue().resume(id, clock_.now()));
  expect_made(here_->wait(id), "as it was");
}

}  // namespace
}  // namespace troupe::server
