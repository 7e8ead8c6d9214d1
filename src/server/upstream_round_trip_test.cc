// Each provider's client against our own dialect of the same name, with faults in between: one submission a
// job, the right class, the right charge.
#include "server/round_trip_for_test.h"

namespace troupe::server {
namespace {

class EveryProvider : public UpstreamRoundTrip, public ::testing::WithParamInterface<Kind> {};

TEST_P(EveryProvider, MakesATake) {
  const Job job = run(GetParam(), Fault::none);
  expect_made(job, "plain");
  EXPECT_EQ(jobs_there(), 1);
  EXPECT_NE(job.report_json.find(GetParam().model), std::string::npos) << job.report_json;
}

TEST_P(EveryProvider, ALostAnswerIsLookedUpAndNeverSentAgainBlindly) {
  for (const Fault fault :
       {Fault::lost, Fault::truncated, Fault::html, Fault::broken_page, Fault::timed_out}) {
    const int64_t before = jobs_there();
    const std::string what = "fault " + std::to_string(static_cast<int>(fault));
    const int64_t held = here_->held();
    const Job job = run(GetParam(), fault);
    EXPECT_EQ(jobs_there(), before + 1) << what;
    if (GetParam().finds) {
      expect_made(job, what.c_str());
    } else {
      EXPECT_EQ(job.state, JobState::parked) << what;
      EXPECT_EQ(job.error->code, ErrorCode::unknown_outcome) << what;
      EXPECT_EQ(here_->held(), held + 1'000'000) << what << ": a person decides";
    }
  }
}

TEST_P(EveryProvider, WhatWasRefusedIsTriedAgain) {
  for (const Fault fault : {Fault::too_many, Fault::broken, Fault::busy}) {
    const int64_t before = jobs_there();
    expect_made(run(GetParam(), fault), "refused");
    EXPECT_EQ(jobs_there(), before + 1);
  }
}

TEST_P(EveryProvider, AQuestionWithoutAnAnswerIsAskedAgain) {
  for (const Fault fault : {Fault::lost, Fault::truncated, Fault::html, Fault::too_many, Fault::broken}) {
    const int64_t before = jobs_there();
    expect_made(run(GetParam(), fault, true), "asked again");
    EXPECT_EQ(jobs_there(), before + 1);
  }
}

TEST_P(EveryProvider, FailuresKeepTheirClass) {
  const std::pair<ErrorCode, ErrorCode> classes[] = {{ErrorCode::moderated, ErrorCode::moderated},
                                                     {ErrorCode::rejected, ErrorCode::rejected},
                                                     {ErrorCode::over_limit, ErrorCode::over_limit},
                                                     {ErrorCode::no_credit, ErrorCode::no_credit},
                                                     {ErrorCode::unavailable, ErrorCode::unavailable}};
  for (const auto& [there, here] : classes) {
    engine_.fail_with(make_error(there, "the provider's own words"));
    const Job job = run(GetParam(), Fault::none);
    ASSERT_EQ(job.state, JobState::failed) << name(there);
    EXPECT_EQ(job.error->code, here) << name(there) << ": " << job.error->message;
    EXPECT_NE(job.error->message.find("the provider's own words"), std::string::npos) << job.error->message;
    const bool kept = here == ErrorCode::moderated || here == ErrorCode::rejected;
    EXPECT_EQ(job.charged.micros, kept ? 250'000 : 0) << name(there);
    EXPECT_EQ(here_->held(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Upstream, EveryProvider, ::testing::ValuesIn(kKinds),
                         [](const auto& of) { return std::string(of.param.name); });

TEST_F(UpstreamRoundTrip, OneOrderThatArrivesTwiceIsOneJobWhereItsKeySaysSo) {
  expect_made(run(kKinds[1], Fault::twice), "twice");
  EXPECT_EQ(jobs_there(), 1);
}

TEST_F(UpstreamRoundTrip, TheNextProviderIsAskedWhereTheFirstIsDown) {
  FaultyWay down(server_->port(), [](const std::string&) { return Fault::busy; });
  FaultyWay up(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kKinds[0], down);
  add_provider(kKinds[4], up);
  here_->start();
  const Job job = here_->wait(here_->submit(spec_for(kKinds[0])));
  expect_made(job, "second route");
  EXPECT_NE(job.provider_task.find("\"fal\""), std::string::npos);
  EXPECT_NE(job.report_json.find("Tried before: venice"), std::string::npos) << job.report_json;
  EXPECT_EQ(jobs_there(), 1);
}

TEST_F(UpstreamRoundTrip, WhatIsRefusedForItsContentGoesToNobodyElse) {
  engine_.fail_with(make_error(ErrorCode::moderated, "no"));
  FaultyWay first(server_->port(), [](const std::string&) { return Fault::none; });
  std::atomic<int> asked = 0;
  FaultyWay second(server_->port(), [&](const std::string&) {
    ++asked;
    return Fault::none;
  });
  add_provider(kKinds[0], first);
  add_provider(kKinds[4], second);
  here_->start();
  EXPECT_EQ(here_->wait(here_->submit(spec_for(kKinds[0]))).error->code, ErrorCode::moderated);
  EXPECT_EQ(asked, 0);
}

TEST_F(UpstreamRoundTrip, AllDownIsAnOutage) {
  FaultyWay down(server_->port(), [](const std::string&) { return Fault::busy; });
  add_provider(kKinds[0], down);
  here_->start();
  const Job job = here_->wait(here_->submit(spec_for(kKinds[0])));
  EXPECT_EQ(job.state, JobState::failed);
  EXPECT_EQ(job.error->code, ErrorCode::unavailable);
  EXPECT_EQ(job.charged.micros, 0);
  EXPECT_EQ(jobs_there(), 0);
}

TEST_F(UpstreamRoundTrip, AJobGoesOnWhereAStoppedServerLeftIt) {
  engine_.hold();
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  for (const Kind& kind : {kKinds[0], kKinds[2], kKinds[6]}) {
    here_->providers.clear();
    add_provider(kind, way);
    here_->start();
    const int64_t before = jobs_there();
    const std::string id = here_->submit(spec_for(kind));
    while (jobs_there() == before || here_->find(id).provider_task.find("\"task\"") == std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    here_->stop();
    EXPECT_EQ(here_->find(id).state, JobState::submitted);
    engine_.let_go();
    here_->start();
    expect_made(here_->wait(id), kind.name);
    EXPECT_EQ(jobs_there(), before + 1) << kind.name;
    here_->stop();
    engine_.hold();
  }
}

TEST_F(UpstreamRoundTrip, ACancelReachesTheProvider) {
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  for (const Kind& kind : kKinds) {
    engine_.hold();
    here_->providers.clear();
    add_provider(kind, way);
    here_->start();
    const std::string id = here_->submit(spec_for(kind));
    while (here_->find(id).provider_task.find("\"task\"") == std::string::npos)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ASSERT_TRUE(here_->folder().jobs->queue().cancel(id, clock_.now()));
    const Job job = here_->wait(id);
    EXPECT_EQ(job.state, JobState::cancelled) << kind.name;
    const std::string_view name = kind.name;
    bool reached = false;
    if (name != "gateway") {
      const auto there = folder_->jobs->queue().find(json_of_record(job)["takes"][0]["task"]);
      ASSERT_TRUE(there) << name;
      // OpenAI's call deletes it, at the second time of asking where it was being made.
      reached = !*there || (*there)->cancel_requested;
    }
    // What can't be stopped there will be paid for.
    EXPECT_EQ(job.charged.micros, reached ? 0 : 1'000'000) << name;
    if (name != "dashscope") {  // which stops only what waits
      EXPECT_EQ(reached, name == "fal" || name == "replicate" || name == "openai") << name;
    }
    engine_.let_go();
    here_->stop();
  }
}

TEST_F(UpstreamRoundTrip, APersonsRetryOfAnUnknownOutcomeSendsItOnceMore) {
  const Job parked = run(kKinds[0], Fault::lost);
  ASSERT_EQ(parked.state, JobState::parked);
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kKinds[0], way);
  here_->start();
  ASSERT_TRUE(here_->folder().jobs->queue().resume(parked.id, clock_.now()));
  expect_made(here_->wait(parked.id), "retried");
  EXPECT_EQ(jobs_there(), 2);
}

TEST_F(UpstreamRoundTrip, SeveralTakesAreSeveralTasks) {
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kKinds[4], way);
  here_->start();
  GenerationSpec spec = spec_for(kKinds[4]);
  spec.count = 3;
  const Job job = here_->wait(here_->submit(spec));
  ASSERT_EQ(job.state, JobState::succeeded);
  EXPECT_EQ(job.takes.size(), 3u);
  EXPECT_EQ(jobs_there(), 3);
}

TEST_F(UpstreamRoundTrip, TakesThatWereNotMadeAreNotCharged) {
  // The second order is refused, for good and with nobody else to ask.
  std::atomic<int> submissions = 0;
  FaultyWay way(server_->port(), [&](const std::string& request) {
    return is_submission(request) && ++submissions > 1 ? Fault::busy : Fault::none;
  });
  add_provider(kKinds[4], way);
  here_->start();
  GenerationSpec spec = spec_for(kKinds[4]);
  spec.count = 4;
  const Job job = here_->wait(here_->submit(spec));
  ASSERT_EQ(job.state, JobState::succeeded);
  EXPECT_EQ(job.takes.size(), 1u);
  EXPECT_EQ(job.charged.micros, 250'000) << "of 1 USD for four";
  EXPECT_NE(job.report_json.find("Only 1 of the takes"), std::string::npos) << job.report_json;
}

TEST_F(UpstreamRoundTrip, AnOrderThatAKilledServerSentIsLookedForAndNotSentAgain) {
  // As after kill -9 between order and answer.
  const std::string id = here_->submit(spec_for(kKinds[0]));
  jobs::LeaseRequest request{"killed", {"upstream"}, std::chrono::milliseconds(30000)};
  const auto lease = here_->folder().jobs->queue().lease(request, clock_.now());
  ASSERT_TRUE(lease && *lease);
  ASSERT_TRUE(here_->folder().jobs->queue().mark_submitted(
      **lease, R"({"takes":[{"provider":"venice","model":"kling-tiny","sent":1795826249353}]})",
      clock_.now()));
  ASSERT_TRUE(here_->folder().jobs->queue().expire_leases(clock_.now()));
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kKinds[0], way);
  here_->start();
  const Job job = here_->wait(id);
  EXPECT_EQ(job.state, JobState::parked);
  EXPECT_EQ(job.error->code, ErrorCode::unknown_outcome);
  EXPECT_EQ(here_->held(), 1'000'000);
  EXPECT_EQ(jobs_there(), 0) << "it was not sent again";
}

TEST_F(UpstreamRoundTrip, AnothersTaskIsNotTakenForALostOne) {
  // The provider has one task of the same model that somebody else on the account made.
  const auto made =
      post("/api/v1/services/aigc/video-generation/video-synthesis",
           R"({"model":"wan2.6-tiny","input":{"prompt":"a harbour"},"parameters":{"duration":1}})",
           "X-DashScope-Async: enable\r\n");
  ASSERT_EQ(made.status, 200) << made.body;
  std::atomic<bool> lost = false;
  FaultyWay way(server_->port(), [&](const std::string& request) {
    return is_submission(request) && !lost.exchange(true) ? Fault::swallowed : Fault::none;
  });
  add_provider(kKinds[2], way);
  here_->start();
  const Job job = here_->wait(here_->submit(spec_for(kKinds[2])));
  expect_made(job, "sent anew");
  EXPECT_EQ(job.provider_task.find(json(made)["output"]["task_id"].get<std::string>()), std::string::npos);
  EXPECT_EQ(jobs_there(), 2);
}

TEST_F(UpstreamRoundTrip, AProviderThatRepeatsTheKeyDoesNotTellItOn) {
  const std::string told =
      R"({"error":")" + std::string(990, 'x') + " Incorrect API key: " + secret_ + R"("})";
  fetch::test::HttpServer there(fetch::test::reply(400, told, "Content-Type: application/json\r\n"));
  here_->providers.push_back({{"venice", "kling-tiny"}, {"venice", there.url("/api/v1"), secret_}});
  here_->start();
  const Job job = here_->wait(here_->submit(spec_for(kKinds[0])));
  ASSERT_EQ(job.error->code, ErrorCode::rejected);
  EXPECT_NE(job.error->message.find("xxx"), std::string::npos);
  EXPECT_EQ(job.error->message.find(secret_.substr(0, 8)), std::string::npos) << job.error->message;
}

TEST_F(UpstreamRoundTrip, AKeyIsTestedWithoutPaying) {
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  for (const Kind& kind : kKinds) add_provider(kind, way);
  here_->start();
  for (const Kind& kind : kKinds) {
    const auto good = here_->upstream().test(kind.name, CancelToken());
    ASSERT_TRUE(good && good->value) << kind.name << ": "
                                     << (good ? good->failure.message : good.error().message);
  }
  for (auto& [route, access] : here_->providers) access.key = "sk_wrong";
  for (const Kind& kind : kKinds) {
    const auto bad = here_->upstream().test(kind.name, CancelToken());
    ASSERT_TRUE(bad && !bad->value) << kind.name;
    EXPECT_EQ(bad->failure.kind, engine::FailureClass::no_credit) << kind.name;
    EXPECT_EQ(bad->failure.message.find("sk_wrong"), std::string::npos);
  }
  EXPECT_EQ(jobs_there(), 0);
}

}  // namespace
}  // namespace troupe::server
