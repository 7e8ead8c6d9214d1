#include "api/dialect_for_test.h"
#include "api/fal/wire.h"

namespace troupe::api::fal {
namespace {

Json by_model(const char* type, const std::string& text, Json loc = Json::array({"body"})) {
  return {{"detail", {{{"loc", std::move(loc)}, {"msg", text}, {"type", type}}}}};
}
Json by_queue(const char* type, const std::string& text) { return {{"detail", text}, {"error_type", type}}; }

void expect_no_result(const Job& job, int status, const Json& want) {
  const Answer answer = print_no_result(job);
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(Json::parse(answer.json), want);
}

TEST(FalFailure, OfAProviderKeepsItsClass) {
  const auto expect = [](ErrorCode code, int status, const Json& want) {
    expect_no_result(ended_by_provider(code), status, want);
  };
  expect(ErrorCode::moderated, 422, by_model("content_policy_violation", "No foxes."));
  expect(ErrorCode::rejected, 422, by_model("value_error", "No foxes."));
  expect(ErrorCode::over_limit, 503, by_queue("runner_scheduling_failure", kOverLimit));
  expect(ErrorCode::no_credit, 402, {{"detail", kNoCredit}});
  expect(ErrorCode::unavailable, 503, by_model("downstream_service_unavailable", "No foxes."));
  expect(ErrorCode::unknown_outcome, 500, by_queue("runner_disconnected", kUnknownOutcome));
  expect_every_failure_told(print_no_result);
}

TEST(FalFailure, OfOursSaysWhatItIs) {
  expect_no_result(plainly_failed(), 422,
                   by_model("value_error", "The picture is damaged.", {"body", "references", 0}));
  expect_no_result(plainly_failed(ErrorCode::timeout), 504,
                   by_model("generation_timeout", "The picture is damaged.", {"body", "references", 0}));
  expect_no_result(plainly_failed(ErrorCode::io), 500, by_queue("internal_error", "The picture is damaged."));
  expect_no_result(job_in(JobState::failed), 500, by_queue("internal_error", "The video could not be made."));
  expect_no_result(job_in(JobState::cancelled), 500, by_queue("client_cancelled", "Request was cancelled"));
  expect_no_result(job_in(JobState::running), 400, {{"detail", "Request is still in progress"}});
}

TEST(FalFailure, IsToldToTheWebhookAsToTheAsker) {
  for (const ErrorCode code : kProviderCodes) {
    const Job job = ended_by_provider(code);
    const Json json = Json::parse(print_callback(job, ""));
    EXPECT_EQ(json["status"], "ERROR");
    EXPECT_EQ(json["payload"], Json::parse(print_no_result(job).json));
  }
  const auto error = [](const Job& job) { return Json::parse(print_callback(job, ""))["error"]; };
  EXPECT_EQ(error(ended_by_provider(ErrorCode::moderated)), kModerated);
  EXPECT_EQ(error(job_in(JobState::cancelled)), "Request was cancelled");
  expect_every_failure_told([](const Job& job) { return Answer{200, print_callback(job, "")}; });
}

TEST(FalFailure, EveryKindHasItsStatus) {
  for (const ProblemKind& kind : problem_kinds()) {
    const Answer answer = print_problem(make_problem(kind.code, "Because."));
    EXPECT_EQ(answer.status, kind.status) << kind.code;
    EXPECT_EQ(Json::parse(answer.json), Json({{"detail", "Because."}}));
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

}  // namespace
}  // namespace troupe::api::fal
