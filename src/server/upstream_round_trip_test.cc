// Each provider's client against our own dialect of the same name, with faults in between: one submission a
// job, the right class, the right charge.
#include <atomic>

#include "server/upstream_for_test.h"

namespace troupe::server {
namespace {

constexpr std::string_view kTiny = R"({
  "shared": {
    "vendor": "Test", "family": "tiny", "engine": "upstream", "modes": ["text", "first_frame", "references"],
    "inputs": {"visuals_max": 7, "visuals_with_clip_max": 4, "elements_max": 7, "elements_with_frame_max": 3,
               "angles_max": 3, "clips_max": 4, "scenes_max": 4, "images_max": 4, "scenes_and_images_max": 4,
               "last_frame": "with_first", "exclusive": []},
    "images": {"formats": ["jpeg", "png", "webp"], "side_min": 16, "bytes_max": 10485760,
               "aspect_min": "2:5", "aspect_max": "5:2"},
    "prompt": {"characters_min": 1, "characters_max": 2500, "negative_characters_max": 0},
    "duration": {"min": 1, "max": 5, "step": 1, "default": 1},
    "shots": {"max": 5, "min": 1, "max_each": 5, "step": 1}, "shot_type": true,
    "aspect_ratio": {"choices": ["16:9"], "default": "16:9"},
    "resolution": {"tiers": ["180p"], "default": "180p", "selectable": false},
    "fps": {"min": "12", "max": "12", "default": "12"},
    "audio": {"support": "optional", "default": false}, "count_max": 4,
    "price": {"currency": "usd", "published": true, "rates": [{"per_second": "1"}],
              "fees": [{"name": "moderation", "amount": "0.25", "kept_on_rejection": true}]}
  },
  "models": [
    {"id": "tiny", "name": "Tiny", "summary": "For tests.",
     "aliases": {"venice": ["kling-tiny"], "gateway": ["alibaba/wan-v2.6-tiny"], "dashscope": ["wan2.6-tiny"],
                 "pictory": ["tiny1"], "fal": ["fal-ai/kling-video/tiny"], "replicate": ["kwaivgi/tiny"],
                 "openai": ["sora-tiny"]}, "notes": []}
  ]
})";

struct Kind {
  const char* name;
  const char* base;   // below the server's address
  const char* model;  // there
  bool references;
  bool finds;  // a take whose answer was lost
};
constexpr Kind kKinds[] = {{"venice", "/api/v1", "kling-tiny", true, false},
                           {"gateway", "/v4/ai", "alibaba/wan-v2.6-tiny", true, true},
                           {"dashscope", "/api/v1", "wan2.6-tiny", true, true},
                           {"pictory", "/pictoryapis", "tiny1", false, false},
                           {"fal", "", "fal-ai/kling-video/tiny", true, false},
                           {"replicate", "/v1", "kwaivgi/tiny", true, true},
                           {"openai", "/v1", "sora-tiny", false, true}};

void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

// A submission is the only POST that is not a question.
bool is_submission(const std::string& request) {
  return request.starts_with("POST ") && request.find("/retrieve ") == std::string::npos &&
         request.find("/status ") == std::string::npos && request.find("/cancel ") == std::string::npos;
}

class UpstreamRoundTrip : public TestService {
 protected:
  catalog::Catalog models() const override {
    auto with = catalog::load_builtin()->with({"tiny.json", kTiny});
    EXPECT_TRUE(with) << (with ? "" : with.error().message);
    return std::move(with).value();
  }
  void SetUp() override {
    TestService::SetUp();
    here_ = std::make_unique<Here>(root_ / "here", catalog_);
    here_->fetch_options.allow_private = true;  // links of the server there lead to this machine
  }
  void TearDown() override {
    engine_.let_go();
    here_.reset();
    TestService::TearDown();
  }

  void add_provider(const Kind& kind, const FaultyWay& way) {
    here_->providers.push_back({{kind.name, kind.model}, {kind.name, way.url() + kind.base, secret_}});
  }

  static GenerationSpec spec_for(const Kind& kind) {
    GenerationSpec spec;
    spec.model = "tiny";
    spec.prompt = "a park";
    if (!kind.references) return spec;
    Reference fox;
    fox.kind = std::string_view(kind.name) == "venice" || std::string_view(kind.name) == "fal"
                   ? ReferenceKind::element
                   : ReferenceKind::image;
    fox.name = "fox";
    fox.source.uri = "data:image/png;base64," + to_base64(as_bytes(picture(64)));
    spec.references = {fox};
    spec.prompt = "@fox walks in a park";
    return spec;
  }

  // The job, with `fault` on the first submission or, with `of_answers`, on the first request after it.
  Job run(const Kind& kind, Fault fault, bool of_answers = false) {
    std::atomic<bool> submitted = false, met = false;
    FaultyWay way(server_->port(), [&](const std::string& request) {
      const bool this_one = of_answers ? submitted.load() : is_submission(request);
      submitted = submitted || is_submission(request);
      return this_one && !met.exchange(true) ? fault : Fault::none;
    });
    add_provider(kind, way);
    here_->start();
    const Job job = here_->wait(here_->submit(spec_for(kind)));
    here_->stop();
    here_->providers.clear();
    return job;
  }

  int64_t jobs_there() const {
    int64_t count = 0;
    const auto counts = folder_->jobs->queue().counts();
    if (!counts) return -1;
    for (const auto& [state, jobs] : *counts) count += jobs;
    return count;
  }

  void expect_made(const Job& job, const char* what) const {
    ASSERT_EQ(job.state, JobState::succeeded) << what << ": " << (job.error ? job.error->message : "");
    ASSERT_EQ(job.takes.size(), 1u) << what;
    EXPECT_EQ(job.takes[0].size, (FrameSize{320, 180})) << what;
    EXPECT_EQ(job.takes[0].frames, 12) << what;
    EXPECT_FALSE(job.takes[0].thumbnail.empty()) << what;
    EXPECT_FALSE(job.takes[0].last_frame.empty()) << what;
    EXPECT_EQ(job.charged, (Money{1'000'000, Currency::usd})) << what;
    EXPECT_EQ(here_->held(), 0) << what;
    EXPECT_TRUE(here_->folder().jobs->ledger().audit()->empty()) << what;
  }

  std::unique_ptr<Here> here_;
};

class EveryProvider : public UpstreamRoundTrip, public ::testing::WithParamInterface<Kind> {};

TEST_P(EveryProvider, MakesATake) {
  const Job job = run(GetParam(), Fault::none);
  expect_made(job, "plain");
  EXPECT_EQ(jobs_there(), 1);
  EXPECT_NE(job.report_json.find(GetParam().model), std::string::npos) << job.report_json;
}

TEST_P(EveryProvider, ALostAnswerIsLookedUpAndNeverSentAgainBlindly) {
  for (const Fault fault : {Fault::lost, Fault::truncated, Fault::html, Fault::broken_page}) {
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
    // What can't be stopped there will be paid for.
    const std::string_view name = kind.name;
    const bool stops = name == "fal" || name == "replicate";
    const bool goes_on = name == "venice" || name == "gateway" || name == "pictory";
    if (stops || goes_on) {
      EXPECT_EQ(job.charged.micros, stops ? 0 : 1'000'000) << name;
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
