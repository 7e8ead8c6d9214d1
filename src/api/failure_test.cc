#include "api/failure.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace troupe::api {
namespace {

Job in_state(JobState state) {
  Job job;
  job.state = state;
  return job;
}

Job failed(ErrorCode code, std::string message = "No foxes.", std::string field = "") {
  Job job = in_state(code == ErrorCode::unknown_outcome ? JobState::parked : JobState::failed);
  job.error = make_error(code, std::move(message), std::move(field));
  return job;
}

const std::vector<std::pair<ErrorCode, FailureKind>> kKinds{
    {ErrorCode::invalid_argument, FailureKind::request},
    {ErrorCode::not_found, FailureKind::request},
    {ErrorCode::unsupported, FailureKind::request},
    {ErrorCode::over_limit, FailureKind::over_limit},
    {ErrorCode::corrupt_input, FailureKind::request},
    {ErrorCode::out_of_memory, FailureKind::internal},
    {ErrorCode::unavailable, FailureKind::outage},
    {ErrorCode::timeout, FailureKind::timeout},
    {ErrorCode::cancelled, FailureKind::internal},
    {ErrorCode::conflict, FailureKind::internal},
    {ErrorCode::io, FailureKind::internal},
    {ErrorCode::internal, FailureKind::internal},
    {ErrorCode::moderated, FailureKind::moderated},
    {ErrorCode::rejected, FailureKind::rejected},
    {ErrorCode::no_credit, FailureKind::no_credit},
    {ErrorCode::unknown_outcome, FailureKind::unknown}};

TEST(Failure, HasAKindByItsError) {
  EXPECT_EQ(kKinds.size(), static_cast<size_t>(ErrorCode::unknown_outcome) + 1);
  for (const auto& [code, kind] : kKinds) EXPECT_EQ(failure_kind(failed(code)), kind) << name(code);
  EXPECT_EQ(failure_kind(in_state(JobState::failed)), FailureKind::internal);
  EXPECT_EQ(failure_kind(in_state(JobState::parked)), FailureKind::internal);
  EXPECT_EQ(failure_kind(in_state(JobState::cancelled)), FailureKind::cancelled);
  Job cancelled = failed(ErrorCode::moderated);
  cancelled.state = JobState::cancelled;
  EXPECT_EQ(failure_kind(cancelled), FailureKind::cancelled);
}

TEST(Failure, OfAFieldOverItsBoundIsTheRequests) {
  EXPECT_EQ(failure_kind(failed(ErrorCode::over_limit, "Too large.", "/extend")), FailureKind::request);
}

TEST(Failure, TellsAnAccountAndAnUnknownOutcomeAlways) {
  const auto expect = [](ErrorCode code, const char* text, const char* with_class) {
    EXPECT_EQ(failure_text(failed(code)), text);
    EXPECT_EQ(failure_text_with_class(failed(code)), with_class);
  };
  expect(ErrorCode::moderated, "No foxes.", "Refused for its content: No foxes.");
  expect(ErrorCode::rejected, "No foxes.", "The provider does not take this request: No foxes.");
  expect(ErrorCode::over_limit, "No foxes.", "Over the provider's limit, try again later: No foxes.");
  expect(ErrorCode::unavailable, "No foxes.", "Out of service, try again later: No foxes.");
  expect(ErrorCode::timeout, "No foxes.", "Timed out, try again later: No foxes.");
  const char* const credit = "The operator's account at the provider is empty or closed: No foxes.";
  expect(ErrorCode::no_credit, credit, credit);
  const char* const unknown =
      "What the provider made of it is not known, do not ask for it again blindly: No foxes.";
  expect(ErrorCode::unknown_outcome, unknown, unknown);
  expect(ErrorCode::corrupt_input, "No foxes.", "No foxes.");
  expect(ErrorCode::internal, "No foxes.", "No foxes.");
}

// A server like this one may be the provider: its label has come with the words.
TEST(Failure, IsLabelledOnce) {
  for (const auto& [code, kind] : kKinds) {
    const std::string once = failure_text_with_class(failed(code));
    EXPECT_EQ(failure_text_with_class(failed(code, once)), once);
  }
  Job parked = in_state(JobState::parked);
  const std::string once = failure_text(parked);
  parked.error = make_error(ErrorCode::io, once);
  EXPECT_EQ(failure_text(parked), once);
  EXPECT_EQ(with_label("A: ", "B"), "A: B");
  EXPECT_EQ(with_label("A: ", "A: B"), "A: B");
}

TEST(Failure, HasATextInEveryCase) {
  EXPECT_EQ(failure_text(in_state(JobState::failed)), "The video could not be made.");
  EXPECT_EQ(failure_text(failed(ErrorCode::io, "")), "The video could not be made.");
  EXPECT_EQ(failure_text(in_state(JobState::cancelled)), "The video was cancelled.");
  EXPECT_EQ(failure_text(in_state(JobState::parked)),
            "The job is set aside for a person to look at: The video could not be made.");
}

}  // namespace
}  // namespace troupe::api
