// What every dialect's tests have in common.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/native/samples_for_test.h"
#include "api/vendor_fields.h"
#include "base/utf8.h"

namespace troupe::api {

using Json = nlohmann::json;

/// "pointer code", one for each error.
using Complaints = std::vector<std::string>;

/// What `parse`, a dialect's, says is wrong with a body; none if it takes it.
template <class Parse>
Complaints told(Parse parse, std::string_view body) {
  std::vector<Error> all;
  const auto result = parse(body, &all);
  EXPECT_EQ(result.has_value(), all.empty()) << body;
  if (!result && !all.empty()) {
    EXPECT_EQ(result.error(), all.front()) << body;
  }
  Complaints told;
  for (const Error& error : all) {
    EXPECT_FALSE(error.message.empty());
    EXPECT_TRUE(is_utf8(error.message) && is_utf8(error.field));
    told.push_back(error.field + " " + std::string(name(error.code)));
  }
  return told;
}

/// Bodies that no parser may take, each with what is told of it.
template <class Parse>
void expect_no_hostile_body_taken(Parse parse) {
  const std::vector<std::pair<std::string, std::string>> bodies{
      {"", " corrupt_input"},
      {"{\"model\":\"x\"", " corrupt_input"},
      {"{} {}", " corrupt_input"},
      {"[]", " invalid_argument"},
      {"\"text\"", " invalid_argument"},
      {"null", " invalid_argument"},
      {R"({"model":NaN})", " corrupt_input"},
      {R"({"seed":1e999})", " corrupt_input"},
      {R"({"prompt":"\ud800"})", " corrupt_input"},
      {R"({"prompt":"\udc00\ud800"})", " corrupt_input"},
      {"{\"prompt\":\"\xFF\"}", " corrupt_input"},
      {"\xEF\xBB\xBF{}", " corrupt_input"},
      {std::string("{\"prompt\":\"a\0b\"}", 16), " corrupt_input"},
      {R"({"prompt":"a\u0000b"})", "/prompt invalid_argument"},
      {R"({"model":"a","model":"b"})", "/model invalid_argument"},
      {std::string(100'000, '['), " over_limit"},
      {std::string(2 << 20, ' '), " over_limit"}};
  for (const auto& [body, want] : bodies) {
    const Complaints got = told(parse, body);
    ASSERT_FALSE(got.empty()) << body.substr(0, 40);
    const std::string code = want.substr(want.find(' '));
    EXPECT_TRUE(got.front().ends_with(code)) << body.substr(0, 40) << ": " << got.front();
    EXPECT_TRUE(want.front() == ' ' || got.front() == want) << got.front();
  }
}

inline void expect_spec(const Result<Submission>& got, const GenerationSpec& want) {
  ASSERT_TRUE(got) << got.error().field << ": " << got.error().message;
  EXPECT_EQ(got->spec, want) << print_spec(got->spec) << "\nis not\n" << print_spec(want);
}

/// The rules of a model of the built-in catalog that a body breaks: "pointer code", in the body's own fields.
inline Complaints rules_broken(const Result<Submission>& read, std::string_view model) {
  if (!read) return {"not read: " + read.error().message};
  const catalog::Catalog& catalog = native::catalog_for_test();
  Complaints told;
  for (const catalog::Violation& one :
       problem_of(catalog.check(read->spec, **catalog.find(model)), read->fields).errors)
    told.push_back(one.field + " " + one.code);
  return told;
}

inline MediaSource picture(const std::string& name) { return {"https://x.org/" + name + ".png"}; }

inline Reference reference_of(ReferenceKind kind, MediaSource source) {
  Reference reference;
  reference.kind = kind;
  reference.source = std::move(source);
  return reference;
}

inline Reference clip_of(MediaSource clip) {
  Reference reference;
  reference.kind = ReferenceKind::element;
  reference.clip = std::move(clip);
  return reference;
}

/// One of native's jobs in another state.
inline Job job_in(JobState state) {
  Job job = native::queued_job();
  job.state = state;
  return job;
}

/// A job that failed, without characters that are hard to read here.
inline Job plainly_failed(ErrorCode code = ErrorCode::corrupt_input) {
  Job job = job_in(JobState::failed);
  job.finished = native::time_for_test(2);
  job.error = make_error(code, "The picture is damaged.", "/references/0");
  return job;
}

/// Every code that a job's error may have.
inline std::vector<ErrorCode> every_error_code() {
  std::vector<ErrorCode> codes;
  for (int i = 0; i <= static_cast<int>(ErrorCode::unknown_outcome); ++i)
    codes.push_back(static_cast<ErrorCode>(i));
  return codes;
}

/// The codes of the classes that a provider's failures have.
inline constexpr std::array kProviderCodes{ErrorCode::moderated,   ErrorCode::rejected,
                                           ErrorCode::over_limit,  ErrorCode::no_credit,
                                           ErrorCode::unavailable, ErrorCode::unknown_outcome};

/// A job whose end a provider told, in the words "No foxes.".
inline Job ended_by_provider(ErrorCode code) {
  const bool unknown = code == ErrorCode::unknown_outcome;
  Job job = job_in(unknown ? JobState::parked : JobState::failed);
  if (!unknown) job.finished = native::time_for_test(2);
  job.error = make_error(code, "No foxes.");
  return job;
}

/// What failure_text() puts before the words of such a job, and failure_text_with_class() besides.
inline constexpr const char* kNoCredit =
    "The operator's account at the provider is empty or closed: No foxes.";
inline constexpr const char* kUnknownOutcome =
    "What the provider made of it is not known, do not ask for it again blindly: No foxes.";
inline constexpr const char* kModerated = "Refused for its content: No foxes.";
inline constexpr const char* kRejected = "The provider does not take this request: No foxes.";
inline constexpr const char* kOverLimit = "Over the provider's limit, try again later: No foxes.";
inline constexpr const char* kOutage = "Out of service, try again later: No foxes.";

/// Whatever a job fails with, `print` (Job to Answer) tells it whole, and a provider's classes apart.
template <class Print>
void expect_every_failure_told(Print print) {
  for (const ErrorCode code : every_error_code()) {
    Job job = ended_by_provider(code);
    for (const char* field : {"", "/references/0"}) {
      job.error->field = field;
      const std::string json = print(job).json;
      EXPECT_TRUE(Json::accept(json)) << name(code) << ": " << json;
      EXPECT_NE(json.find("No foxes."), std::string::npos) << name(code) << ": " << json;
    }
    job.error->message.clear();
    EXPECT_NE(print(job).json.find("The video could not be made."), std::string::npos) << name(code);
    job.error->message = native::kNasty;
    EXPECT_TRUE(is_utf8(print(job).json)) << name(code);
  }
  std::set<std::string> told;
  for (const ErrorCode code : kProviderCodes) {
    Job job = ended_by_provider(code);
    job.state = JobState::failed;  // what differs is the class alone
    const Answer answer = print(job);
    told.insert(std::to_string(answer.status) + answer.json);
  }
  EXPECT_EQ(told.size(), kProviderCodes.size());
}

/// A problem with two fields, the first with a fix.
inline Problem problem_with_fields() {
  Problem problem = make_problem("invalid_request", "Two rules are broken.");
  problem.errors = {{"/a/0/b", "too_long", "It is long.", "Shorten it."}, {"/c", "odd", "It is odd.", ""}};
  problem.request_id = "req_1";
  return problem;
}

/// There is no such model, and something else is wrong as well.
inline Problem problem_of_model(const char* code) {
  Problem problem = make_problem("invalid_request", "Two rules are broken.");
  problem.errors = {{"/c", "odd", "It is odd.", ""},
                    {"/model", code, "No model is called x.", "Did you mean y?"}};
  problem.request_id = "req_1";
  return problem;
}

}  // namespace troupe::api
