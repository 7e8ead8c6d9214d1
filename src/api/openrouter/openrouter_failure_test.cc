#include "api/dialect_for_test.h"
#include "api/openrouter/wire.h"

namespace troupe::api::openrouter {
namespace {

Json printed(const Job& job) { return Json::parse(print_video(job, "https://t", {})); }

TEST(OpenrouterAccept, ReadsWhichModelsMayStandIn) {
  const auto got = parse_create(R"({"model":"m","models":["m","n"],"prompt":"p"})");
  GenerationSpec want;
  want.model = "m";
  want.prompt = "p";
  want.fallback_models = {"n"};
  expect_spec(got, want);
}

TEST(OpenrouterFailure, OfAProviderKeepsItsClass) {
  const auto expect = [](ErrorCode code, const char* error) {
    const Job job = ended_by_provider(code);
    EXPECT_EQ(printed(job)["status"], "failed") << name(code);
    EXPECT_EQ(printed(job)["error"], error);
    const Json told = Json::parse(print_callback(job, {}));
    EXPECT_EQ(told["type"], "video.generation.failed") << name(code);
    EXPECT_EQ(told["data"]["status"], "failed") << name(code);
    EXPECT_EQ(told["data"]["error"], error);
  };
  expect(ErrorCode::moderated, kModerated);
  expect(ErrorCode::rejected, kRejected);
  expect(ErrorCode::over_limit, kOverLimit);
  expect(ErrorCode::no_credit, kNoCredit);
  expect(ErrorCode::unavailable, kOutage);
  expect(ErrorCode::unknown_outcome, kUnknownOutcome);
  expect_every_failure_told([](const Job& job) { return Answer{200, print_video(job, "https://t", {})}; });
  expect_every_failure_told([](const Job& job) { return Answer{200, print_callback(job, {})}; });
}

TEST(OpenrouterFailure, OfOursIsItsTextAlone) {
  EXPECT_EQ(printed(plainly_failed())["error"], "The picture is damaged.");
  EXPECT_EQ(printed(job_in(JobState::failed))["error"], "The video could not be made.");
  for (const JobState state : {JobState::queued, JobState::running, JobState::succeeded, JobState::cancelled})
    EXPECT_FALSE(printed(job_in(state)).contains("error")) << name(state);
}

TEST(OpenrouterFailure, EveryKindHasItsStatus) {
  for (const ProblemKind& kind : problem_kinds()) {
    const int status = kind.status == 422 ? 400 : kind.status;
    const Answer answer = print_problem(make_problem(kind.code, "Because."));
    EXPECT_EQ(answer.status, status) << kind.code;
    EXPECT_EQ(Json::parse(answer.json), Json({{"error", {{"code", status}, {"message", "Because."}}}}));
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

}  // namespace
}  // namespace troupe::api::openrouter
