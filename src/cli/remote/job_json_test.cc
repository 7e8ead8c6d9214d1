#include "cli/remote/job_json.h"

#include <gtest/gtest.h>

#include "cli/remote/job_text.h"

namespace troupe::cli::remote {
namespace {

using Json = nlohmann::json;

constexpr const char* kJob = R"({
  "object": "job", "id": "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R", "state": "succeeded",
  "model": "kling-o3-pro-reference-to-video", "engine": "stage", "draft": true, "prompt": "@fox\nruns",
  "priority": "high", "created_at": "2026-03-01T12:00:00.250Z", "started_at": "2026-03-01T12:00:01.000Z",
  "finished_at": "2026-03-01T12:00:05.000Z", "progress": {"stage": "encode", "fraction": 1, "frames_done": 24,
  "frames_total": 24, "seconds_left": null}, "price": {"text": "$0.00"}, "charged": {"text": "$0.00"},
  "error": null, "understood": ["shot 1: run"], "not_understood": ["quickly"],
  "notes": [{"code": "a", "severity": "warning", "text": "Look.", "shot": 1, "suggestion": "Do."}],
  "takes": [{"index": 0, "video": "http://x/v", "width": 320, "height": 180, "fps": 23.976, "frames": 24,
             "duration_seconds": 1.001, "seed": "18446744073709551615", "audio": true, "size_bytes": 4321}]})";

TEST(JobJson, ReadsAJob) {
  const Result<ToldJob> job = read_job(Json::parse(kJob));
  ASSERT_TRUE(job);
  EXPECT_TRUE(job->at_rest());
  EXPECT_TRUE(job->engine.draft);
  EXPECT_EQ(job->prompt, "@fox runs");
  EXPECT_EQ(print_time(*job->created), "2026-03-01T12:00:00.250Z");
  ASSERT_EQ(job->takes.size(), 1u);
  EXPECT_EQ(job->takes[0].report.seed, 18446744073709551615u);
  EXPECT_EQ(job->takes[0].report.rate, (FrameRate{24000, 1001}));
  EXPECT_TRUE(job->takes[0].has_video);
  ASSERT_EQ(job->render.notes.size(), 1u);
  EXPECT_EQ(job->render.notes[0].shot, 0);
}

// Each value of the job in turn is something else.
TEST(JobJson, AnyValueMayStandAnywhere) {
  const Json whole = Json::parse(kJob);
  const std::vector<Json> odd = {nullptr,
                                 true,
                                 -1,
                                 1e300,
                                 "x",
                                 Json::array({1, "a", nullptr}),
                                 Json::object({{"a", 1}}),
                                 Json::array({Json::object({{"width", 1e300}})})};
  const Json flat = whole.flatten();
  std::vector<std::string> places;
  for (const auto& [place, value] : whole.items()) places.push_back("/" + place);
  for (const auto& [place, value] : flat.items()) places.push_back(place);
  const auto catalog = catalog::load_builtin();
  for (const std::string& place : places) {
    for (const Json& value : odd) {
      Json changed = whole;
      changed[Json::json_pointer(place)] = value;
      const Result<ToldJob> job = read_job(changed);
      if (!job) continue;
      EXPECT_NE(print_job(*job, *catalog, Time()), "") << place;
      EXPECT_NE(print_table({*job}, Time(), 80), "") << place;
      print_takes(*job, *catalog, {});
    }
  }
  for (const Json& value : odd) EXPECT_FALSE(read_job(value)) << value;
}

TEST(JobJson, TimesAreCalendarTimes) {
  EXPECT_FALSE(parse_time(""));
  EXPECT_FALSE(parse_time("yesterday"));
  EXPECT_FALSE(parse_time("2026-02-30T12:00:00Z"));
  EXPECT_FALSE(parse_time("2026-02-20T25:00:00Z"));
  EXPECT_TRUE(parse_time("2026-02-20T23:00:00Z"));
}

TEST(JobText, ADraftOfAnotherModelIsToldAsOne) {
  const auto catalog = catalog::load_builtin();
  ToldJob job = *read_job(Json::parse(kJob));
  const std::string takes = print_takes(job, *catalog, {"fox.mp4"});
  EXPECT_TRUE(takes.starts_with("fox.mp4  320x180")) << takes;
  EXPECT_NE(takes.find("draft of kling-o3-pro-reference-to-video by stage"), std::string::npos) << takes;
  EXPECT_NE(takes.find("This is a draft by the stage engine"), std::string::npos) << takes;
  EXPECT_NE(print_job(job, *catalog, Time()).find("This is a draft"), std::string::npos);
  job.model = "stage";
  EXPECT_EQ(draft_warning_of(job, *catalog), "") << "nobody takes it for another's";
  job.model = "a-model-of-the-operators-own";
  EXPECT_NE(draft_warning_of(job, *catalog), "");
}

TEST(JobText, TheTableFitsTheTerminal) {
  const ToldJob job = *read_job(Json::parse(kJob));
  const Time now = *job.created + std::chrono::minutes(5);
  for (const int columns : {100, 80, 120, 200}) {
    const std::string table = print_table({job, job}, now, columns);
    size_t begin = 0;
    for (size_t end; (end = table.find('\n', begin)) != std::string::npos; begin = end + 1)
      EXPECT_LE(static_cast<int>(end - begin), columns + 4) << table;  // "…" is three bytes
    EXPECT_NE(table.find("5 min"), std::string::npos) << table;
    EXPECT_NE(table.find("draft"), std::string::npos) << table;
  }
  EXPECT_NE(print_table({job}, now, 0).find("kling-o3-pro-reference-to-video  @fox runs"), std::string::npos);
}

TEST(JobText, AFailureNamesTheFlag) {
  ToldJob job = *read_job(Json::parse(kJob));
  job.state = "failed";
  job.error = Error{ErrorCode::corrupt_input, "this is no picture", "/references/0/source"};
  GenerationSpec spec;
  spec.references.push_back({ReferenceKind::element, "fox", {"fox.png"}, {}, {}, {}});
  EXPECT_EQ(print_outcome(job, spec), "failed: --element fox: this is no picture\n");
  job.error->message = "/references/0/source: this is no picture";
  EXPECT_EQ(print_outcome(job, spec), "failed: --element fox: this is no picture\n");
}

TEST(JobText, AgesAreShort) {
  using namespace std::chrono_literals;
  EXPECT_EQ(print_age(-5s), "0 s");
  EXPECT_EQ(print_age(59s), "59 s");
  EXPECT_EQ(print_age(61s), "1 min");
  EXPECT_EQ(print_age(3h), "3 h");
  EXPECT_EQ(print_age(50h), "2 d");
}

}  // namespace
}  // namespace troupe::cli::remote
