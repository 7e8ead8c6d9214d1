#include <map>

#include "api/dialect_for_test.h"
#include "api/openai/wire.h"

namespace troupe::api::openai {
namespace {

Video video_of(const Job& job) { return {job, "sora-2", {1280, 720}, seconds(4), "A fox."}; }

/// What every video of these tests is printed as, with these values in place of its own.
Json with(const Json& values) {
  Json json = Json::parse(R"({"id":"job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R","object":"video","model":"sora-2",
      "status":"queued","progress":0,"created_at":1772366400,"completed_at":null,"expires_at":null,
      "size":"1280x720","seconds":"4","prompt":"A fox.","remixed_from_video_id":null,"error":null,
      "draft":true,"engine":"stage"})");
  json.update(values);
  return json;
}
Json printed(const Job& job) { return Json::parse(print_video(video_of(job))); }

TEST(OpenaiReply, AVideoOnItsWay) {
  EXPECT_EQ(printed(job_in(JobState::queued)), with(Json::object()));
  Job job = job_in(JobState::running);
  job.progress.fraction = 0.428;
  EXPECT_EQ(printed(job), with({{"status", "in_progress"}, {"progress", 42}}));
  job.progress.fraction = 1;  // not before it is there
  EXPECT_EQ(printed(job)["progress"], 99);
  job.progress.fraction = -0.5;
  EXPECT_EQ(printed(job)["progress"], 0);
  EXPECT_EQ(printed(job_in(JobState::submitted)), with({{"status", "in_progress"}}));
}

TEST(OpenaiReply, AFinishedVideo) {
  Job job = native::finished_job();
  EXPECT_EQ(printed(job), with({{"status", "completed"},
                                {"progress", 100},
                                {"completed_at", 1772366409},
                                {"remixed_from_video_id", job.parent}}));
  job.draft = false;
  EXPECT_FALSE(printed(job).contains("draft"));
  EXPECT_EQ(Json::parse(print_video({job, "m", {0, 0}, MediaTime{4500}, ""}))["seconds"], "4.5");
}

TEST(OpenaiReply, AVideoThatWillNotBe) {
  const auto expect = [](const Job& job, const char* code, const char* message) {
    EXPECT_EQ(printed(job), with({{"status", "failed"}, {"error", {{"code", code}, {"message", message}}}}));
  };
  expect(plainly_failed(), "invalid_request", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::timeout), "server_error", "The picture is damaged.");
  expect(job_in(JobState::failed), "server_error", "The video could not be made.");
  expect(job_in(JobState::cancelled), "cancelled", "The video was cancelled.");
  expect(job_in(JobState::parked), "server_error",
         "The job is set aside for a person to look at: The video could not be made.");
  Job job = native::failed_job();
  job.progress.fraction = 0;
  EXPECT_TRUE(is_utf8(print_video({job, native::kNasty, {}, {}, native::kNasty})));
}

TEST(OpenaiReply, AProvidersFailureKeepsItsClass) {
  const auto expect = [](ErrorCode code, const char* want, const char* message) {
    const Json json = printed(ended_by_provider(code));
    EXPECT_EQ(json["status"], "failed");
    EXPECT_EQ(json["error"], Json({{"code", want}, {"message", message}}));
  };
  expect(ErrorCode::moderated, "moderation_blocked", "No foxes.");
  expect(ErrorCode::rejected, "invalid_request", "No foxes.");
  expect(ErrorCode::over_limit, "rate_limit_exceeded", "No foxes.");
  expect(ErrorCode::no_credit, "insufficient_quota", kNoCredit);
  expect(ErrorCode::unavailable, "server_error", "No foxes.");
  expect(ErrorCode::unknown_outcome, "unknown_outcome", kUnknownOutcome);
  expect_every_failure_told([](const Job& job) { return Answer{200, print_video(video_of(job))}; });
}

TEST(OpenaiReply, AListNamesItsFirstAndLast) {
  Job one = job_in(JobState::queued), two = job_in(JobState::queued);
  two.id = "job_2";
  EXPECT_EQ(Json::parse(print_videos({video_of(one), video_of(two)}, true)),
            Json({{"object", "list"},
                  {"data", {with(Json::object()), with({{"id", "job_2"}})}},
                  {"first_id", one.id},
                  {"last_id", "job_2"},
                  {"has_more", true}}));
  EXPECT_EQ(Json::parse(print_videos({}, false)),
            Json::parse(R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})"));
}

TEST(OpenaiReply, SmallAnswers) {
  EXPECT_EQ(Json::parse(print_deleted(job_in(JobState::succeeded))),
            Json({{"id", native::kJobId}, {"object", "video.deleted"}, {"deleted", true}}));
  Element element;
  element.id = "elm_1";
  element.name = "fox";
  element.created = native::time_for_test();
  EXPECT_EQ(Json::parse(print_character(element)),
            Json({{"id", "elm_1"}, {"created_at", 1772366400}, {"name", "fox"}}));
}

TEST(OpenaiReply, AWebhookTellsTheEnd) {
  const auto expect = [](const Job& job, const char* type, int64_t time) {
    EXPECT_EQ(Json::parse(print_event(job)), Json({{"id", "evt_" + job.id},
                                                   {"object", "event"},
                                                   {"type", type},
                                                   {"created_at", time},
                                                   {"data", {{"id", job.id}}}}));
  };
  expect(native::finished_job(), "video.completed", 1772366409);
  expect(plainly_failed(), "video.failed", 1772366402);
  expect(job_in(JobState::cancelled), "video.failed", 1772366400);
}

Json error(const char* type, const std::string& message, Json param, std::string_view code) {
  return {{"error", {{"message", message}, {"type", type}, {"param", std::move(param)}, {"code", code}}}};
}

TEST(OpenaiErrors, EveryKindHasItsStatusAndType) {
  const std::map<std::string_view, std::pair<int, const char*>> want{
      {"invalid_request", {400, "invalid_request_error"}},
      {"bad_request", {400, "invalid_request_error"}},
      {"unauthorised", {401, "authentication_error"}},
      {"over_budget", {429, "insufficient_quota"}},
      {"no_credit", {402, "insufficient_quota"}},
      {"moderated", {400, "invalid_request_error"}},
      {"rejected", {400, "invalid_request_error"}},
      {"unknown_outcome", {424, "invalid_request_error"}},
      {"forbidden", {403, "permission_error"}},
      {"not_found", {404, "invalid_request_error"}},
      {"method_not_allowed", {405, "invalid_request_error"}},
      {"conflict", {409, "invalid_request_error"}},
      {"over_limit", {413, "invalid_request_error"}},
      {"too_large", {413, "invalid_request_error"}},
      {"corrupt_input", {400, "invalid_request_error"}},
      {"unsupported", {400, "invalid_request_error"}},
      {"idempotency_mismatch", {400, "invalid_request_error"}},
      {"rate_limited", {429, "rate_limit_error"}},
      {"queue_full", {429, "rate_limit_error"}},
      {"account_queue_full", {429, "rate_limit_error"}},
      {"internal", {500, "server_error"}},
      {"unavailable", {503, "server_error"}},
      {"overloaded", {503, "server_error"}},
      {"timeout", {504, "server_error"}}};
  EXPECT_EQ(want.size(), problem_kinds().size());
  for (const ProblemKind& kind : problem_kinds()) {
    const Answer answer = print_problem(make_problem(kind.code, "Because."));
    ASSERT_TRUE(want.contains(kind.code)) << kind.code;
    const auto& [status, type] = want.at(kind.code);
    EXPECT_EQ(answer.status, status) << kind.code;
    const bool money = kind.code == "over_budget" || kind.code == "no_credit";
    const std::string_view code = money                      ? "insufficient_quota"
                                  : kind.code == "moderated" ? "moderation_blocked"
                                                             : kind.code;
    EXPECT_EQ(Json::parse(answer.json), error(type, "Because.", nullptr, code));
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

TEST(OpenaiErrors, OneTextTellsEveryField) {
  const Answer answer = print_problem(problem_with_fields());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(
      Json::parse(answer.json),
      error("invalid_request_error", "a[0].b: It is long. Shorten it. c: It is odd.", "a[0].b", "too_long"));
  Problem whole = problem_with_fields();
  whole.errors[0].field.clear();
  EXPECT_TRUE(Json::parse(print_problem(whole).json)["error"]["param"].is_null());
}

TEST(OpenaiErrors, AModelThatIsNotThereHasACodeOfItsOwn) {
  const Answer missing = print_problem(problem_of_model("not_found"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(Json::parse(missing.json),
            error("invalid_request_error", "c: It is odd. model: No model is called x. Did you mean y?",
                  "model", "model_not_found"));
  const Answer down = print_problem(problem_of_model("unavailable"));
  EXPECT_EQ(down.status, 503);
  EXPECT_EQ(Json::parse(down.json)["error"]["code"], "unavailable");
}

}  // namespace
}  // namespace troupe::api::openai
