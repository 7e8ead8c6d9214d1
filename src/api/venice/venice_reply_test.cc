#include <map>

#include "api/dialect_for_test.h"
#include "api/vendor_json.h"
#include "api/venice/wire.h"

namespace troupe::api::venice {
namespace {

TEST(VeniceReply, JsonIsOnlyForClientsThatReadNothingElse) {
  EXPECT_TRUE(wants_json("application/json", "curl/8"));
  EXPECT_TRUE(wants_json(" Application/JSON ", ""));
  EXPECT_TRUE(wants_json("*/*", "venice-cli/2.1.0"));
  EXPECT_TRUE(wants_json("", "@veniceai/mcp-server/0.2.0"));
  EXPECT_FALSE(wants_json("application/json, text/plain, */*", "axios/1.7"));
  EXPECT_FALSE(wants_json("*/*", "python-requests"));
  EXPECT_FALSE(wants_json("", "x venice-cli/2.1.0"));
}

TEST(VeniceReply, AQueuedJobHasItsIdUnderBothNames) {
  EXPECT_EQ(Json::parse(print_queued(job_in(JobState::queued), "kling")),
            Json({{"model", "kling"}, {"queue_id", native::kJobId}, {"id", native::kJobId}}));
}

TEST(VeniceReply, PollsTellThePace) {
  EXPECT_EQ(
      Json::parse(print_processing({145000, 53200})),
      Json::parse(R"({"status":"PROCESSING","average_execution_time":145000,"execution_duration":53200})"));
  EXPECT_EQ(Json::parse(print_completed({145000, 150000}, "https://t/v.mp4")),
            Json::parse(R"({"status":"COMPLETED","average_execution_time":145000,"execution_duration":150000,
                            "video_url":"https://t/v.mp4","url":"https://t/v.mp4",
                            "download_url":"https://t/v.mp4"})"));
}

TEST(VeniceReply, QuotesAreNumbers) {
  EXPECT_EQ(print_quote({2'000'000, Currency::usd}), R"({"quote":2})");
  EXPECT_EQ(Json::parse(print_quote({1'400'000, Currency::usd})), Json({{"quote", 1.4}}));
  EXPECT_EQ(print_quote({}), R"({"quote":0})");
  EXPECT_EQ(print_success(), R"({"success":true})");
}

TEST(VeniceReply, RateLimitsAreThoseOfTheKey) {
  EXPECT_EQ(Json::parse(print_rate_limits(40)), Json::parse(R"({"data":{"accessPermitted":true,"rateLimits":[
                {"apiModelId":"*","rateLimits":[{"amount":40,"type":"RPM"}]}]}})"));
  EXPECT_EQ(Json::parse(print_rate_limits(0))["data"]["rateLimits"][0]["rateLimits"], Json::array());
}

std::string venice_name(const char* model) {
  return std::string(name_in(**native::catalog_for_test().find(model), kDialect));
}

TEST(VeniceReply, ListsEveryModelWithItsConstraints) {
  const Json list = Json::parse(print_models(native::catalog_for_test(), "video"));
  EXPECT_EQ(list["object"], "list");
  EXPECT_EQ(list["type"], "video");
  ASSERT_EQ(list["data"].size(), native::catalog_for_test().models().size());
  std::map<std::string, Json> models;
  for (const Json& model : list["data"]) models[model["id"]] = model;
  EXPECT_EQ(models[venice_name("pixverse-5.5")]["model_spec"]["constraints"],
            Json::parse(R"({"aspect_ratios":["16:9","9:16","1:1","3:4","4:3"],"resolutions":[],
                            "durations":["5s","8s","10s"],"model_type":"video","audio":false,
                            "audio_configurable":false,"prompt_character_limit":5000})"));
  const Json kling = models["kling-o3-pro-reference-to-video"];
  const Json constraints = kling["model_spec"]["constraints"];
  EXPECT_EQ(constraints["model_type"], "image-to-video");
  EXPECT_EQ(constraints["audio_configurable"], true);
  EXPECT_EQ(constraints["durations"].front(), "3s");
  EXPECT_EQ(constraints["durations"].back(), "15s");
  EXPECT_EQ(constraints["durations"].size(), 13U);
  EXPECT_EQ(models[venice_name("wan-v2.6-t2v")]["model_spec"]["constraints"]["model_type"], "text-to-video");
  for (const char* key : {"id", "object", "owned_by", "type", "created", "model_spec"})
    EXPECT_TRUE(kling.contains(key)) << key;
  EXPECT_EQ(kling["object"], "model");
  EXPECT_EQ(kling["type"], "video");
}

TEST(VeniceReply, AJobWithoutAVideoIsAnError) {
  const auto expect = [](const Job& job, int status, const char* code, const char* text) {
    const Answer answer = print_failure(job);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(Json::parse(answer.json), Json({{"code", code}, {"error", text}}));
  };
  expect(plainly_failed(), 422, "INVALID_REQUEST", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::over_limit), 422, "INVALID_REQUEST", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::timeout), 500, "INFERENCE_FAILED",
         "Timed out, try again later: The picture is damaged.");
  expect(job_in(JobState::failed), 500, "INFERENCE_FAILED", "The video could not be made.");
  expect(job_in(JobState::parked), 500, "INFERENCE_FAILED",
         "The job is set aside for a person to look at: The video could not be made.");
  expect(job_in(JobState::cancelled), 404, "MEDIA_NOT_FOUND", "The video was cancelled.");
  EXPECT_TRUE(is_utf8(print_failure(native::failed_job()).json));
}

TEST(VeniceReply, AProvidersFailureKeepsItsClass) {
  const auto expect = [](ErrorCode code, int status, const char* want, const char* text) {
    const Answer answer = print_failure(ended_by_provider(code));
    EXPECT_EQ(answer.status, status) << name(code);
    EXPECT_EQ(Json::parse(answer.json), Json({{"code", want}, {"error", text}}));
  };
  expect(ErrorCode::rejected, 422, "INVALID_REQUEST", kRejected);
  expect(ErrorCode::over_limit, 503, "MODEL_AT_CAPACITY", kOverLimit);
  expect(ErrorCode::no_credit, 402, "INSUFFICIENT_BALANCE", kNoCredit);
  expect(ErrorCode::unavailable, 500, "INFERENCE_FAILED", kOutage);
  expect(ErrorCode::unknown_outcome, 500, "INFERENCE_FAILED", kUnknownOutcome);
  expect_every_failure_told(print_failure);
}

TEST(VeniceReply, RefusedContentIsThePolicyOfTheProvider) {
  Job job = ended_by_provider(ErrorCode::moderated);
  const auto expect = [&](bool refunded) {
    const Answer answer = print_failure(job);
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(Json::parse(answer.json), Json({{"error",
                                               {{"message", "No foxes."},
                                                {"type", "provider_content_policy"},
                                                {"credits_refunded", refunded}}}}));
  };
  expect(true);
  job.charged = {50'000, Currency::usd};
  expect(false);
}

TEST(VeniceErrors, EveryKindHasItsStatusAndCode) {
  const std::map<std::string_view, std::pair<int, const char*>> want{
      {"invalid_request", {400, "INVALID_REQUEST"}},
      {"bad_request", {400, "INVALID_REQUEST"}},
      {"unauthorised", {401, "AUTHENTICATION_FAILED"}},
      {"over_budget", {402, "INSUFFICIENT_BALANCE"}},
      {"no_credit", {402, "INSUFFICIENT_BALANCE"}},
      {"moderated", {422, "CONTENT_POLICY_VIOLATION"}},
      {"rejected", {400, "INVALID_REQUEST"}},
      {"unknown_outcome", {500, "INFERENCE_FAILED"}},
      {"forbidden", {403, "UNAUTHORIZED"}},
      {"not_found", {404, "MEDIA_NOT_FOUND"}},
      {"method_not_allowed", {405, "METHOD_NOT_ALLOWED"}},
      {"conflict", {409, "CONFLICT"}},
      {"over_limit", {413, "PAYLOAD_TOO_LARGE"}},
      {"too_large", {413, "PAYLOAD_TOO_LARGE"}},
      {"corrupt_input", {400, "INVALID_REQUEST"}},
      {"unsupported", {400, "INVALID_REQUEST"}},
      {"idempotency_mismatch", {422, "INVALID_REQUEST"}},
      {"rate_limited", {429, "RATE_LIMIT_EXCEEDED"}},
      {"queue_full", {503, "MODEL_AT_CAPACITY"}},
      {"account_queue_full", {429, "RATE_LIMIT_EXCEEDED"}},
      {"internal", {500, "INFERENCE_FAILED"}},
      {"unavailable", {503, "MODEL_AT_CAPACITY"}},
      {"overloaded", {503, "MODEL_AT_CAPACITY"}},
      {"timeout", {504, "INFERENCE_FAILED"}}};
  EXPECT_EQ(want.size(), problem_kinds().size());
  for (const ProblemKind& kind : problem_kinds()) {
    const Answer answer = print_problem(make_problem(kind.code, "Because."));
    ASSERT_TRUE(want.contains(kind.code)) << kind.code;
    EXPECT_EQ(answer.status, want.at(kind.code).first) << kind.code;
    EXPECT_EQ(Json::parse(answer.json), Json({{"code", want.at(kind.code).second}, {"error", "Because."}}));
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

TEST(VeniceErrors, TellEachFieldWithItsFix) {
  const Answer answer = print_problem(problem_with_fields());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Json::parse(answer.json), Json::parse(R"({
    "code": "INVALID_REQUEST",
    "error": "Invalid request parameters: a[0].b: It is long. Shorten it.",
    "details": {"_errors": [],
                "a": {"_errors": [],
                      "0": {"_errors": [], "b": {"_errors": ["It is long. Shorten it."]}}},
                "c": {"_errors": ["It is odd."]}},
    "issues": [{"code": "too_long", "path": ["a", "0", "b"], "message": "It is long.", "fix": "Shorten it."},
               {"code": "odd", "path": ["c"], "message": "It is odd.", "fix": ""}]})"));
}

TEST(VeniceErrors, TheTwoOfTheGuideAreInItsWords) {
  Problem problem = problem_with_fields();
  problem.errors[0].code = "too_many_scenes";
  EXPECT_EQ(Json::parse(print_problem(problem).json)["error"], "Number of images exceeds the limit");
  problem.errors[0].code = "visual_input_missing";
  EXPECT_EQ(Json::parse(print_problem(problem).json)["error"], "At least one reference image is required");
}

TEST(VeniceErrors, AModelThatIsNotThereHasACodeOfItsOwn) {
  const Answer missing = print_problem(problem_of_model("not_found"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(Json::parse(missing.json),
            Json({{"code", "MODEL_NOT_FOUND"}, {"error", "No model is called x."}}));
  const Answer down = print_problem(problem_of_model("unavailable"));
  EXPECT_EQ(down.status, 503);
  EXPECT_EQ(Json::parse(down.json)["code"], "MODEL_AT_CAPACITY");
}

// What a caller names a field must not matter to how it is printed.
TEST(VeniceErrors, FieldsMayHaveAnyName) {
  for (const char* name : {"_errors", "a~1b", "0", "\\u00e9"}) {
    std::vector<Error> all;
    ASSERT_FALSE(parse_queue(std::string(R"({"model":"m","prompt":"p",")") + name + R"(":1})", &all));
    const Json json = Json::parse(print_problem(problem_of(all)).json);
    EXPECT_EQ(json["issues"].size(), 1U) << name;
    EXPECT_NE(json["details"].dump().find("unknown field"), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace troupe::api::venice
