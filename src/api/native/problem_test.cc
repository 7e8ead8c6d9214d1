#include <gtest/gtest.h>

#include "api/native/samples_for_test.h"
#include "api/native/schema_for_test.h"

namespace troupe::api::native {
namespace {

TEST(Problem, HasTheStatusOfItsError) {
  const std::vector<std::pair<ErrorCode, int>> statuses{
      {ErrorCode::invalid_argument, 400}, {ErrorCode::not_found, 404},     {ErrorCode::conflict, 409},
      {ErrorCode::over_limit, 413},       {ErrorCode::corrupt_input, 422}, {ErrorCode::unsupported, 422},
      {ErrorCode::unavailable, 503},      {ErrorCode::timeout, 504},       {ErrorCode::io, 500},
      {ErrorCode::moderated, 422},        {ErrorCode::rejected, 422},      {ErrorCode::no_credit, 402},
      {ErrorCode::unknown_outcome, 424},  {ErrorCode::internal, 500},      {ErrorCode::out_of_memory, 500},
      {ErrorCode::cancelled, 500}};
  EXPECT_EQ(statuses.size(), static_cast<size_t>(ErrorCode::unknown_outcome) + 1);
  for (const auto& [code, status] : statuses) {
    const Problem problem = problem_of(make_error(code, "secret path", "/x"));
    EXPECT_EQ(problem.status, status) << name(code);
    EXPECT_EQ(print_problem(problem).find("secret path") == std::string::npos, status == 500);
    EXPECT_EQ(misfit(print_problem(problem), "Problem"), "");
  }
}

TEST(Problem, OfAProviderIsNeverTheCallersKeyNorRepeatedBlindly) {
  for (const ErrorCode code :
       {ErrorCode::moderated, ErrorCode::rejected, ErrorCode::no_credit, ErrorCode::unknown_outcome}) {
    const Problem problem = problem_of(make_error(code, "No foxes."));
    EXPECT_EQ(problem.code, name(code));
    EXPECT_EQ(problem.detail, "No foxes.");
    EXPECT_FALSE(problem.retryable) << problem.code;
    EXPECT_NE(problem.status, 401) << problem.code;
    EXPECT_LT(problem.status, 500) << problem.code << ": clients repeat it";
  }
}

TEST(Problem, ListsEveryErrorOfABody) {
  std::vector<Error> errors;
  ASSERT_FALSE(parse_submission(R"({"duration":-1,"colour":2})", &errors));
  Problem problem = problem_of(errors);
  problem.request_id = kNasty;
  const std::string printed = print_problem(problem);
  EXPECT_EQ(misfit(printed, "Problem"), "");
  const auto json = nlohmann::json::parse(printed);
  EXPECT_EQ(json["status"], 400);
  EXPECT_EQ(json["code"], "invalid_request");
  EXPECT_EQ(json["type"], "/docs#problem-invalid_request");
  EXPECT_EQ(json["errors"][0]["pointer"], "/duration");
  EXPECT_EQ(json["errors"][1]["pointer"], "/colour");
}

TEST(Problem, PointsIntoTheBodyForBrokenRules) {
  const auto& catalog = catalog_for_test();
  const auto violations = catalog.check(spec_for_test(), **catalog.find("veo-3.1"));
  FieldMap fields;
  fields.add("", "/spec");
  const Problem problem = problem_of(violations, fields);
  EXPECT_EQ(problem.status, 400);
  EXPECT_EQ(problem.code, "invalid_request");
  ASSERT_EQ(problem.errors.size(), violations.size());
  EXPECT_EQ(problem.errors[0].field, "/spec" + violations[0].field);
  EXPECT_EQ(misfit(print_problem(problem), "Problem"), "");
}

TEST(Problem, OfEveryKindPrints) {
  for (const ProblemKind& kind : problem_kinds()) {
    const Problem problem = make_problem(kind.code, kNasty);
    EXPECT_EQ(problem.status, kind.status);
    EXPECT_EQ(misfit(print_problem(problem), "Problem"), "") << kind.code;
  }
}

}  // namespace
}  // namespace troupe::api::native
