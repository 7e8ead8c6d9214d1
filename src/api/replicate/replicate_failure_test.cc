#include "api/dialect_for_test.h"
#include "api/replicate/wire.h"

namespace troupe::api::replicate {
namespace {

Json printed(const Job& job) { return Json::parse(print_prediction({job, "https://t", {}})); }

TEST(ReplicateFailure, OfAProviderKeepsItsClass) {
  const auto expect = [](ErrorCode code, const char* error) {
    const Json json = printed(ended_by_provider(code));
    EXPECT_EQ(json["status"], "failed") << name(code);
    EXPECT_EQ(json["error"], error);
    EXPECT_TRUE(json["output"].is_null());
  };
  expect(ErrorCode::moderated, "The input or output was flagged as sensitive (NSFW, E005): No foxes.");
  expect(ErrorCode::rejected, kRejected);
  expect(ErrorCode::over_limit, kOverLimit);
  expect(ErrorCode::no_credit, kNoCredit);
  expect(ErrorCode::unavailable, kOutage);
  expect(ErrorCode::unknown_outcome, kUnknownOutcome);
  expect_every_failure_told([](const Job& job) {
    return Answer{200, print_prediction({job, "https://t", {}})};
  });
}

TEST(ReplicateFailure, OfOursIsItsTextAlone) {
  EXPECT_EQ(printed(plainly_failed())["error"], "The picture is damaged.");
  EXPECT_EQ(printed(job_in(JobState::failed))["error"], "The video could not be made.");
  for (const JobState state : {JobState::queued, JobState::running, JobState::succeeded, JobState::cancelled})
    EXPECT_TRUE(printed(job_in(state))["error"].is_null()) << name(state);
}

TEST(ReplicateFailure, EveryKindHasItsStatus) {
  for (const ProblemKind& kind : problem_kinds()) {
    const Answer answer = print_problem(make_problem(kind.code, "Because."));
    EXPECT_EQ(answer.status, kind.status) << kind.code;
    EXPECT_EQ(Json::parse(answer.json),
              Json({{"title", kind.title}, {"detail", "Because."}, {"status", kind.status}}));
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

}  // namespace
}  // namespace troupe::api::replicate
