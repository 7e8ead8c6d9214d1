#include "api/dialect_for_test.h"
#include "api/xai/wire.h"

namespace troupe::api::xai {
namespace {

Json printed(const Job& job) {
  const Answer answer = print_video(job, "https://t/v.mp4");
  EXPECT_EQ(answer.status, 200) << name(job.state);
  return Json::parse(answer.json);
}

TEST(XaiFailure, OfAProviderKeepsItsClass) {
  const auto expect = [](ErrorCode code, const char* want, const char* message) {
    const Json json = printed(ended_by_provider(code));
    EXPECT_EQ(json["status"], "failed") << name(code);
    EXPECT_EQ(json["error"], Json({{"code", want}, {"message", message}}));
    EXPECT_FALSE(json.contains("video"));  // clients refuse one without an address
  };
  expect(ErrorCode::rejected, "invalid_argument", kRejected);
  expect(ErrorCode::over_limit, "rate_limit_exceeded", kOverLimit);
  expect(ErrorCode::no_credit, "insufficient_credits", kNoCredit);
  expect(ErrorCode::unavailable, "service_unavailable", kOutage);
  expect(ErrorCode::unknown_outcome, "unknown_outcome", kUnknownOutcome);
  expect_every_failure_told([](const Job& job) { return print_video(job, ""); });
}

TEST(XaiFailure, RefusedContentIsAVideoThatIsNotGiven) {
  Job job = ended_by_provider(ErrorCode::moderated);
  job.charged = {50'000, Currency::usd};
  Json json = printed(job);
  for (const char* key : {"model", "engine", "draft"}) json.erase(key);
  EXPECT_EQ(json, Json::parse(R"({"status":"done","progress":100,
      "video":{"url":"","duration":0,"respect_moderation":false},
      "usage":{"cost_in_usd_ticks":500000000},
      "error":{"code":"content_moderated","message":"Refused for its content: No foxes."}})"));
}

TEST(XaiFailure, OfOursSaysWhatItIs) {
  const auto expect = [](const Job& job, const char* code, const char* message) {
    EXPECT_EQ(printed(job)["status"], "failed");
    EXPECT_EQ(printed(job)["error"], Json({{"code", code}, {"message", message}}));
  };
  expect(plainly_failed(), "invalid_argument", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::timeout), "timeout",
         "Timed out, try again later: The picture is damaged.");
  expect(plainly_failed(ErrorCode::io), "internal_error", "The picture is damaged.");
  expect(job_in(JobState::failed), "internal_error", "The video could not be made.");
  expect(job_in(JobState::cancelled), "cancelled", "The video was cancelled.");
}

}  // namespace
}  // namespace troupe::api::xai
