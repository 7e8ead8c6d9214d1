// A job that allows other models, where its own can't be had.
#include "api/native/wire.h"
#include "server/round_trip_for_test.h"

namespace troupe::server {
namespace {

const Kind &kVenice = kKinds[0], &kFal = kKinds[4];

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

// The tiny model at 1.25 USD a take; another one like it, "tiny2", at 0.75.
class UpstreamFallback : public UpstreamRoundTrip {
 protected:
  catalog::Catalog models() const override {
    const std::string second = replaced(replaced(std::string(kTiny), "tiny", "tiny2"), R"("per_second": "1")",
                                        R"("per_second": "0.5")");
    auto with = UpstreamRoundTrip::models().with({"tiny2.json", second});
    EXPECT_TRUE(with) << (with ? "" : with.error().message);
    return std::move(with).value();
  }

  void SetUp() override {
    UpstreamRoundTrip::SetUp();
    here_->only_of = {{"venice", "tiny"}, {"fal", "tiny2"}};
  }

  // One provider of each model, and the first one's way.
  Job run_through(const FaultyWay& first, const FaultyWay& second, bool allowed = true) {
    add_provider(kVenice, first);
    here_->providers.push_back(
        {{"fal", replaced(kFal.model, "tiny", "tiny2")}, {"fal", second.url() + kFal.base, secret_}});
    here_->start();
    GenerationSpec spec = spec_for(kVenice);
    if (allowed) spec.fallback_models = {"tiny2"};
    const Job job = here_->wait(here_->submit(spec, 1'250'000));
    here_->stop();
    return job;
  }

  static Fault fine(const std::string&) { return Fault::none; }
};

TEST_F(UpstreamFallback, MakesItWhereTheFirstModelIsDownAndIsPaidInItsPlace) {
  const FaultyWay down(server_->port(), [](const std::string&) { return Fault::busy; });
  const FaultyWay up(server_->port(), fine);
  const Job job = run_through(down, up);
  ASSERT_EQ(job.state, JobState::succeeded) << (job.error ? job.error->message : "");
  EXPECT_EQ(job.model, "tiny");
  EXPECT_EQ(job.takes.at(0).model, "tiny2");
  EXPECT_EQ(json_of_record(job)["takes"][0]["stand_in"], "tiny2");
  EXPECT_EQ(job.charged.micros, 750'000) << "of what was held for the dearest";
  EXPECT_EQ(here_->held(), 0);
  EXPECT_NE(job.report_json.find("tiny2 makes it in place of tiny"), std::string::npos) << job.report_json;
  EXPECT_EQ(jobs_there(), 1);
  EXPECT_EQ(Json::parse(api::native::print_job(job, {"https://host"}))["takes"][0]["model"], "tiny2");
}

TEST_F(UpstreamFallback, TheFirstModelIsPreferredAndPaidAtItsOwnPrice) {
  const FaultyWay up(server_->port(), fine);
  const Job job = run_through(up, up);
  ASSERT_EQ(job.state, JobState::succeeded) << (job.error ? job.error->message : "");
  EXPECT_EQ(job.takes.at(0).model, "");
  EXPECT_EQ(job.charged.micros, 1'250'000);
}

TEST_F(UpstreamFallback, NoOtherModelIsAskedWhereTheRequestAllowsNone) {
  std::atomic<int> asked = 0;
  const FaultyWay down(server_->port(), [](const std::string&) { return Fault::busy; });
  const FaultyWay second(server_->port(), [&](const std::string&) {
    ++asked;
    return Fault::none;
  });
  EXPECT_EQ(run_through(down, second, false).error->code, ErrorCode::unavailable);
  EXPECT_EQ(asked, 0);
}

TEST_F(UpstreamFallback, WhatIsRejectedGoesToNoOtherModel) {
  std::atomic<int> asked = 0;
  const FaultyWay first(server_->port(), [](const std::string&) { return Fault::gone; });
  const FaultyWay second(server_->port(), [&](const std::string&) {
    ++asked;
    return Fault::none;
  });
  EXPECT_EQ(run_through(first, second).error->code, ErrorCode::rejected);
  EXPECT_EQ(asked, 0);
}

TEST_F(UpstreamFallback, WhatIsModeratedGoesToNoOtherModel) {
  engine_.fail_with(make_error(ErrorCode::moderated, "no"));
  std::atomic<int> asked = 0;
  const FaultyWay first(server_->port(), fine);
  const FaultyWay second(server_->port(), [&](const std::string&) {
    ++asked;
    return Fault::none;
  });
  const Job job = run_through(first, second);
  EXPECT_EQ(job.error->code, ErrorCode::moderated);
  EXPECT_EQ(job.charged.micros, 250'000) << "the fee that the first model's provider keeps";
  EXPECT_EQ(asked, 0);
}

TEST_F(UpstreamFallback, AModelThatNobodyMakesHereIsPassedOver) {
  here_->only_of = {{"venice", "another"}, {"fal", "tiny2"}};
  const FaultyWay up(server_->port(), fine);
  const Job job = run_through(up, up);
  ASSERT_EQ(job.state, JobState::succeeded) << (job.error ? job.error->message : "");
  EXPECT_EQ(job.takes.at(0).model, "tiny2");
}

TEST_F(UpstreamFallback, AllDownIsAnOutageThatTellsOfBoth) {
  const FaultyWay down(server_->port(), [](const std::string&) { return Fault::busy; });
  const Job job = run_through(down, down);
  EXPECT_EQ(job.error->code, ErrorCode::unavailable);
  EXPECT_NE(job.error->message.find("venice: "), std::string::npos) << job.error->message;
  EXPECT_NE(job.error->message.find("fal: "), std::string::npos) << job.error->message;
  EXPECT_EQ(job.charged.micros, 0);
}

TEST_F(UpstreamFallback, IsCheckedAndPricedWhenItIsAskedFor) {
  const auto quote = [&](const std::string& models) {
    return json(
        post("/v1/jobs:quote", R"({"model":"tiny2","prompt":"a park","fallback_models":[)" + models + "]}"));
  };
  const Json dear = quote(R"("tiny")");
  EXPECT_EQ(dear["accepted"], true) << dear.dump();
  EXPECT_EQ(dear["price"]["total"]["micros"], 1'250'000) << dear.dump();
  const Json unknown = quote(R"("kling-99")");
  EXPECT_EQ(unknown["violations"][0]["field"], "/fallback_models/0") << unknown.dump();
  const auto refused = post("/v1/jobs", R"({"model":"tiny","prompt":"a park","fallback_models":["stage"]})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("fallback_not_possible"), std::string::npos) << refused.body;
}

}  // namespace
}  // namespace troupe::server
