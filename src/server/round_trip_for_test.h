// A job of a tiny model, sent to our own dialect of each provider.
#pragma once

#include <atomic>

#include "server/upstream_for_test.h"

namespace troupe::server {

inline constexpr std::string_view kTiny = R"({
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
inline constexpr Kind kKinds[] = {{"venice", "/api/v1", "kling-tiny", true, false},
                                  {"gateway", "/v4/ai", "alibaba/wan-v2.6-tiny", true, true},
                                  {"dashscope", "/api/v1", "wan2.6-tiny", true, true},
                                  {"pictory", "/pictoryapis", "tiny1", false, false},
                                  {"fal", "", "fal-ai/kling-video/tiny", true, false},
                                  {"replicate", "/v1", "kwaivgi/tiny", true, true},
                                  {"openai", "/v1", "sora-tiny", false, true}};

inline void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

// A submission is the only POST that is not a question.
inline bool is_submission(const std::string& request) {
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
    return run_through(kind, way);
  }

  // The job, sent by that way alone.
  Job run_through(const Kind& kind, const FaultyWay& way) {
    add_provider(kind, way);
    here_->start();
    const Job job = here_->wait(here_->submit(spec_for(kind)));
    here_->stop();
    here_->providers.clear();
    return job;
  }

  static Json json_of_record(const Job& job) { return Json::parse(job.provider_task, nullptr, false); }

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

}  // namespace troupe::server
