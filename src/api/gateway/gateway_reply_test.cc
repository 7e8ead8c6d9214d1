#include <map>

#include "api/dialect_for_test.h"
#include "api/gateway/wire.h"

namespace troupe::api::gateway {
namespace {

const std::vector<std::string> kNone;
const std::vector<Video> kVideos{{false, "https://t/v.mp4"}, {true, "AAAA"}};
constexpr const char* kVideosJson = R"([{"type":"url","url":"https://t/v.mp4","mediaType":"video/mp4"},
                                        {"type":"base64","data":"AAAA","mediaType":"video/mp4"}])";

Json label(const Job& job) { return {{"jobId", job.id}, {"engine", job.engine}, {"draft", job.draft}}; }
Json async_job(const char* status) { return {{"jobId", native::kJobId}, {"status", status}}; }

/// A finished job that is no draft.
Job made() {
  Job job = native::finished_job();
  job.draft = false;
  job.model = "wan-v2.6-r2v";
  job.engine = "upstream";
  return job;
}

TEST(GatewayReply, TheEventHasEveryVideo) {
  const Job job = made();
  EXPECT_EQ(Json::parse(print_result({job, kNone}, kVideos)),
            Json({{"type", "result"},
                  {"videos", Json::parse(kVideosJson)},
                  {"providerMetadata", {{"troupe", label(job)}}}}));
  EXPECT_EQ(print_result({job, kNone}, kVideos).find('\n'), std::string::npos);
}

TEST(GatewayReply, WarnsOfDraftsAndOfWhatWasPassedOver) {
  Job job = made();
  job.draft = true;
  job.engine = "stage";
  const Json json = Json::parse(print_result({job, {"a.b", "c"}}, {}));
  ASSERT_EQ(json["warnings"].size(), 3U);
  EXPECT_EQ(json["warnings"][0]["type"], "other");
  EXPECT_TRUE(json["warnings"][0]["message"].get<std::string>().starts_with(
      "This is a draft by Troupe's stage engine, not wan-v2.6-r2v"));
  EXPECT_EQ(json["warnings"][1], Json({{"type", "unsupported"}, {"feature", "a.b"}}));
  EXPECT_EQ(json["warnings"][2], Json({{"type", "unsupported"}, {"feature", "c"}}));
  EXPECT_EQ(json["videos"], Json::array());
  job.model = "stage";  // what was asked for is what was made
  EXPECT_FALSE(Json::parse(print_result({job, kNone}, {})).contains("warnings"));
}

TEST(GatewayReply, AFailureIsAnEventWithAParam) {
  const auto expect = [](const Job& job, const char* type, int status, const char* message) {
    EXPECT_EQ(Json::parse(print_failure_event(job)), Json({{"type", "error"},
                                                           {"message", message},
                                                           {"errorType", type},
                                                           {"statusCode", status},
                                                           {"param", nullptr}}));
  };
  expect(plainly_failed(), "invalid_request_error", 400, "The picture is damaged.");
  expect(plainly_failed(ErrorCode::not_found), "invalid_request_error", 400, "The picture is damaged.");
  expect(plainly_failed(ErrorCode::timeout), "internal_server_error", 504,
         "Timed out, try again later: The picture is damaged.");
  expect(job_in(JobState::failed), "internal_server_error", 500, "The video could not be made.");
  expect(job_in(JobState::cancelled), "internal_server_error", 499, "Video generation was cancelled.");
  Job parked = job_in(JobState::parked);
  parked.error = make_error(ErrorCode::internal, "It crashed thrice.");
  expect(parked, "internal_server_error", 500,
         "The job is set aside for a person to look at: It crashed thrice.");
  EXPECT_TRUE(is_utf8(print_failure_event(native::failed_job())));
}

TEST(GatewayReply, AProvidersFailureKeepsItsClass) {
  const auto expect = [](ErrorCode code, const char* type, int status, const char* message) {
    const Job job = ended_by_provider(code);
    EXPECT_EQ(Json::parse(print_failure_event(job)), Json({{"type", "error"},
                                                           {"message", message},
                                                           {"errorType", type},
                                                           {"statusCode", status},
                                                           {"param", nullptr}}));
    const Json told = Json::parse(print_status(job, {}));
    EXPECT_EQ(told["status"], "error");
    EXPECT_EQ(told["error"], message);
    // The client repeats these by itself: only what may go well another time.
    const bool repeated = status == 408 || status == 409 || status == 429 || status >= 500;
    EXPECT_EQ(repeated, code == ErrorCode::over_limit || code == ErrorCode::unavailable) << name(code);
  };
  expect(ErrorCode::moderated, "invalid_request_error", 400, kModerated);
  expect(ErrorCode::rejected, "invalid_request_error", 400, kRejected);
  expect(ErrorCode::over_limit, "rate_limit_exceeded", 429, kOverLimit);
  expect(ErrorCode::no_credit, "failed_dependency", 402, kNoCredit);
  expect(ErrorCode::unavailable, "internal_server_error", 503, kOutage);
  expect(ErrorCode::unknown_outcome, "failed_dependency", 424, kUnknownOutcome);
  expect_every_failure_told([](const Job& job) { return Answer{200, print_failure_event(job)}; });
  expect_every_failure_told([](const Job& job) { return Answer{200, print_status(job, {})}; });
}

TEST(GatewayReply, AStartAnswersTheOperation) {
  const Job job = job_in(JobState::queued);
  Json want = {
      {"operation", {{"gatewayJobId", job.id}}},
      {"providerMetadata", {{"troupe", label(job)}, {"gateway", {{"asyncJob", async_job("queued")}}}}}};
  EXPECT_EQ(Json::parse(print_started({job, kNone}, "")), want);
  want["warnings"] = {{{"type", "unsupported"}, {"feature", "x"}}};
  want["providerMetadata"]["gateway"]["asyncJob"]["webhookSigningSecret"] = "whsec_1";
  EXPECT_EQ(Json::parse(print_started({job, {"x"}}, "whsec_1")), want);
}

TEST(GatewayReply, AStatusIsOneOfFour) {
  const auto expect = [](const Job& job, Json want, const char* async) {
    want["providerMetadata"] = {{"troupe", label(job)}, {"gateway", {{"asyncJob", async_job(async)}}}};
    EXPECT_EQ(Json::parse(print_status(job, kVideos)), want) << name(job.state);
  };
  expect(job_in(JobState::queued), {{"status", "pending"}}, "queued");
  expect(job_in(JobState::running), {{"status", "pending"}}, "running");
  expect(job_in(JobState::submitted), {{"status", "pending"}}, "running");
  expect(native::finished_job(), {{"status", "completed"}, {"videos", Json::parse(kVideosJson)}},
         "completed");
  expect(plainly_failed(), {{"status", "error"}, {"error", "The picture is damaged."}}, "completed");
  expect(job_in(JobState::parked),
         {{"status", "error"},
          {"error", "The job is set aside for a person to look at: The video could not be made."}},
         "completed");
  expect(job_in(JobState::cancelled), {{"status", "cancelled"}}, "cancelled");
}

TEST(GatewayReply, ListsEveryModelInTheClientsVersion) {
  const auto& models = native::catalog_for_test().models();
  for (const char* version : {"v3", "v4"}) {
    const Json list = Json::parse(print_config(native::catalog_for_test(), version))["models"];
    ASSERT_EQ(list.size(), models.size());
    bool found = false;
    for (const Json& model : list) {
      EXPECT_EQ(model["modelType"], "video");
      EXPECT_EQ(model["specification"]["specificationVersion"], version);
      EXPECT_EQ(model["specification"]["modelId"], model["id"]);
      if (model["id"] != "alibaba/wan-v2.6-r2v") continue;
      found = true;
      EXPECT_EQ(model["name"], "Wan v2.6 R2V");
      EXPECT_EQ(model["specification"]["provider"], "Alibaba");
      EXPECT_TRUE(model["pricing"].is_null());
    }
    EXPECT_TRUE(found);
  }
}

TEST(GatewayReply, CreditsAreTextsOfDollars) {
  const auto credits = [](std::optional<int64_t> total, std::vector<Balance> balances) {
    ApiKey key;
    key.budgets = {{Currency::credits, 5, {}}, {Currency::usd, total, {}}};
    return Json::parse(print_credits(key, balances));
  };
  const Balance usd{Currency::usd, 500'000, 1'260'001, 0}, other{Currency::credits, 7, 7, 7};
  EXPECT_EQ(credits(10'000'000, {other, usd}), Json({{"balance", "8.239999"}, {"total_used", "1.260001"}}));
  EXPECT_EQ(credits(1'000'000, {usd}), Json({{"balance", "-0.760001"}, {"total_used", "1.260001"}}));
  EXPECT_EQ(credits(10'500'000, {}), Json({{"balance", "10.50"}, {"total_used", "0.00"}}));
  EXPECT_EQ(credits({}, {usd})["balance"], "0.00");
}

TEST(GatewayReply, AGenerationTellsCostAndTime) {
  const Json json = Json::parse(print_generation(made()));
  ASSERT_EQ(json.size(), 1U);
  const Json want = Json::parse(R"({"total_cost":1.26,"upstream_inference_cost":0,"usage":1.26,
      "created_at":"2026-03-01T12:00:00.250Z","model":"wan-v2.6-r2v","is_byok":true,
      "provider_name":"upstream","streamed":false,"finish_reason":"succeeded","latency":8.0,
      "generation_time":8.0,"native_tokens_prompt":0,"native_tokens_completion":0,
      "native_tokens_reasoning":0,"native_tokens_cached":0,"native_tokens_cache_creation":0,
      "billable_web_search_calls":0})");
  Json got = json["data"];
  EXPECT_EQ(got["id"], native::kJobId);
  got.erase("id");
  EXPECT_EQ(got, want);
  EXPECT_EQ(Json::parse(print_generation(job_in(JobState::queued)))["data"]["latency"], 0);
}

TEST(GatewayReply, ACallbackTellsTheEndAlone) {
  const auto expect = [](Job job, const char* status, const char* time) {
    EXPECT_EQ(Json::parse(print_callback(job)), Json({{"type", std::string("video.generation.") + status},
                                                      {"created_at", time},
                                                      {"data", {{"jobId", job.id}, {"status", status}}}}));
  };
  expect(native::finished_job(), "completed", "2026-03-01T12:00:09.250Z");
  expect(plainly_failed(), "failed", "2026-03-01T12:00:02.250Z");
  expect(job_in(JobState::cancelled), "cancelled", "2026-03-01T12:00:00.250Z");
}

Json error(const char* type, const std::string& message, Json param, std::string_view code) {
  return {{"error", {{"message", message}, {"type", type}, {"param", std::move(param)}, {"code", code}}}};
}

TEST(GatewayErrors, EveryKindHasItsStatusAndType) {
  const std::map<std::string_view, std::pair<int, const char*>> want{
      {"invalid_request", {400, "invalid_request_error"}},
      {"bad_request", {400, "invalid_request_error"}},
      {"unauthorised", {401, "authentication_error"}},
      {"over_budget", {402, "invalid_request_error"}},
      {"no_credit", {402, "failed_dependency"}},
      {"moderated", {400, "invalid_request_error"}},
      {"rejected", {400, "invalid_request_error"}},
      {"unknown_outcome", {424, "failed_dependency"}},
      {"forbidden", {403, "forbidden"}},
      {"not_found", {404, "not_found"}},
      {"method_not_allowed", {405, "invalid_request_error"}},
      {"conflict", {409, "invalid_request_error"}},
      {"over_limit", {413, "invalid_request_error"}},
      {"too_large", {413, "invalid_request_error"}},
      {"corrupt_input", {400, "invalid_request_error"}},
      {"unsupported", {400, "invalid_request_error"}},
      {"idempotency_mismatch", {400, "invalid_request_error"}},
      {"rate_limited", {429, "rate_limit_exceeded"}},
      {"queue_full", {429, "rate_limit_exceeded"}},
      {"account_queue_full", {429, "rate_limit_exceeded"}},
      {"internal", {500, "internal_server_error"}},
      {"unavailable", {503, "internal_server_error"}},
      {"overloaded", {503, "internal_server_error"}},
      {"timeout", {504, "internal_server_error"}}};
  EXPECT_EQ(want.size(), problem_kinds().size());
  for (const ProblemKind& kind : problem_kinds()) {
    const Answer answer = print_problem(make_problem(kind.code, "Because."));
    ASSERT_TRUE(want.contains(kind.code)) << kind.code;
    const auto& [status, type] = want.at(kind.code);
    EXPECT_EQ(answer.status, status) << kind.code;
    const std::string_view code = kind.code == "over_budget" ? "insufficient_funds" : kind.code;
    EXPECT_EQ(Json::parse(answer.json), error(type, "Because.", nullptr, code));
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

TEST(GatewayErrors, OneTextTellsEveryField) {
  const Answer answer = print_problem(problem_with_fields());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(
      Json::parse(answer.json),
      error("invalid_request_error", "a[0].b: It is long. Shorten it. c: It is odd.", "a[0].b", "too_long"));
}

TEST(GatewayErrors, AModelThatIsNotThereHasATypeOfItsOwn) {
  const Answer missing = print_problem(problem_of_model("not_found"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(Json::parse(missing.json),
            error("model_not_found", "No model is called x.", nullptr, "model_not_found"));
  const Answer down = print_problem(problem_of_model("unavailable"));
  EXPECT_EQ(down.status, 424);
  EXPECT_EQ(Json::parse(down.json),
            error("failed_dependency", "No model is called x.", nullptr, "failed_dependency"));
}

}  // namespace
}  // namespace troupe::api::gateway
