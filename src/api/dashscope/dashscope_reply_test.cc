#include <map>

#include "api/dashscope/wire.h"
#include "api/dialect_for_test.h"

namespace troupe::api::dashscope {
namespace {

TEST(DashscopeReply, ACreatedTaskWaits) {
  EXPECT_EQ(
      Json::parse(print_created(job_in(JobState::queued), "req_1")),
      Json({{"output", {{"task_status", "PENDING"}, {"task_id", native::kJobId}}}, {"request_id", "req_1"}}));
}

/// print_task() of a job with the prompt "A fox.".
Json task(const Job& job) {
  GenerationSpec spec;
  spec.prompt = "A fox.";
  Json json = Json::parse(print_task(job, spec, "https://t/v.mp4", "req_1"));
  EXPECT_EQ(json["request_id"], "req_1");
  EXPECT_EQ(json["output"]["task_id"], job.id);
  json.erase("request_id");
  json["output"].erase("task_id");
  return json;
}

TEST(DashscopeReply, ATaskOnItsWayHasAStatusAlone) {
  const auto expect = [](JobState state, const char* status) {
    EXPECT_EQ(task(job_in(state)), Json({{"output",
                                          {{"task_status", status},
                                           {"submit_time", "2026-03-01 12:00:00.250"},
                                           {"orig_prompt", "A fox."}}}}));
  };
  expect(JobState::queued, "PENDING");
  expect(JobState::running, "RUNNING");
  expect(JobState::submitted, "RUNNING");
  expect(JobState::cancelled, "CANCELED");
  const Json shots = Json::parse(print_task(job_in(JobState::queued), {}, "", ""));
  EXPECT_FALSE(shots["output"].contains("orig_prompt"));
}

TEST(DashscopeReply, AFinishedTaskHasItsVideoAndUsage) {
  Job job = native::finished_job();
  job.takes.front().rate = {30, 1};
  EXPECT_EQ(task(job), Json::parse(R"({
    "output": {"task_status": "SUCCEEDED", "submit_time": "2026-03-01 12:00:00.250",
               "scheduled_time": "2026-03-01 12:00:01.250", "end_time": "2026-03-01 12:00:09.250",
               "orig_prompt": "A fox.", "video_url": "https://t/v.mp4"},
    "usage": {"duration": 5, "output_video_duration": 5, "input_video_duration": 0, "fps": 30.0, "SR": 720,
              "size": "1280*720", "ratio": "16:9", "video_count": 2, "engine": "stage", "draft": true}})"));
  job.takes.front().rate = {30000, 1001};
  EXPECT_DOUBLE_EQ(task(job)["usage"]["duration"].get<double>(), 5.005);
  job.takes.clear();
  EXPECT_FALSE(task(job).contains("usage"));
  EXPECT_FALSE(task(job)["output"].contains("video_url"));
}

TEST(DashscopeReply, AFailedTaskSaysWhy) {
  const auto expect = [](const Job& job, const char* code, const char* message) {
    const Json output = task(job)["output"];
    EXPECT_EQ(output["task_status"], "FAILED");
    EXPECT_EQ(output["code"], code);
    EXPECT_EQ(output["message"], message);
  };
  expect(plainly_failed(), "InvalidParameter.DataInspection", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::not_found), "InvalidParameter.DataInspection", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::over_limit), "InvalidParameter", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::timeout), "RequestTimeOut", "The picture is damaged.");
  expect(plainly_failed(ErrorCode::io), "InternalError", "The picture is damaged.");
  expect(job_in(JobState::failed), "InternalError", "The video could not be made.");
  EXPECT_TRUE(is_utf8(print_task(native::failed_job(), {}, "", native::kNasty)));
}

TEST(DashscopeReply, AProvidersFailureKeepsItsClass) {
  const auto expect = [](ErrorCode code, const char* want, const char* message) {
    const Json output = task(ended_by_provider(code))["output"];
    EXPECT_EQ(output["task_status"], "FAILED");
    EXPECT_EQ(output["code"], want);
    EXPECT_EQ(output["message"], message);
  };
  expect(ErrorCode::moderated, "DataInspectionFailed", "No foxes.");
  expect(ErrorCode::rejected, "InvalidParameter", "No foxes.");
  expect(ErrorCode::over_limit, "Throttling", "No foxes.");
  expect(ErrorCode::no_credit, "Arrearage", kNoCredit);
  expect(ErrorCode::unavailable, "ServiceUnavailable", "No foxes.");
  expect(ErrorCode::unknown_outcome, "InternalError.UnknownOutcome", kUnknownOutcome);
  expect_every_failure_told([](const Job& job) { return Answer{200, print_task(job, {}, "", "")}; });
}

TEST(DashscopeReply, AnUnknownTaskIsAState) {
  EXPECT_EQ(Json::parse(print_unknown_task("t\"1", "req_1")),
            Json({{"request_id", "req_1"}, {"output", {{"task_id", "t\"1"}, {"task_status", "UNKNOWN"}}}}));
  EXPECT_EQ(print_done("req_1"), R"({"request_id":"req_1"})");
}

TEST(DashscopeReply, AListIsOnePageOfTasks) {
  TaskPage page{{job_in(JobState::running), native::finished_job()}, 2, 10, 21};
  page.jobs[0].model = "wan2.6-r2v";
  EXPECT_EQ(Json::parse(print_tasks(page, "req_1")), Json::parse(R"({
    "total": 21, "total_page": 3, "page_no": 2, "page_size": 10, "request_id": "req_1",
    "data": [{"task_id": "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R", "task_status": "RUNNING",
              "model_name": "wan2.6-r2v", "gmt_create": 1772366400250,
              "submit_time": "2026-03-01 12:00:00.250"},
             {"task_id": "job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R", "task_status": "SUCCEEDED",
              "model_name": "stage", "gmt_create": 1772366400250,
              "submit_time": "2026-03-01 12:00:00.250",
              "scheduled_time": "2026-03-01 12:00:01.250", "end_time": "2026-03-01 12:00:09.250"}]})"));
  const Json empty = Json::parse(print_tasks({}, ""));
  EXPECT_EQ(empty["data"], Json::array());
  EXPECT_EQ(empty["total_page"], 0);
}

TEST(DashscopeReply, StatusesStandForStates) {
  EXPECT_EQ(states_of("PENDING"), std::vector{JobState::queued});
  EXPECT_EQ(states_of("RUNNING"), (std::vector{JobState::running, JobState::submitted}));
  EXPECT_EQ(states_of("SUCCEEDED"), std::vector{JobState::succeeded});
  EXPECT_EQ(states_of("FAILED"), (std::vector{JobState::failed, JobState::parked}));
  EXPECT_EQ(states_of("CANCELED"), std::vector{JobState::cancelled});
  for (const char* none : {"UNKNOWN", "", "pending", "CANCELLED"})
    EXPECT_TRUE(states_of(none).empty()) << none;
}

Json error(const char* code, const std::string& message, const std::string& request_id) {
  return {{"code", code}, {"message", message}, {"request_id", request_id}};
}

TEST(DashscopeErrors, EveryKindHasItsStatusAndCode) {
  const std::map<std::string_view, std::pair<int, const char*>> want{
      {"invalid_request", {400, "InvalidParameter"}},
      {"bad_request", {400, "InvalidParameter"}},
      {"unauthorised", {401, "InvalidApiKey"}},
      {"over_budget", {400, "Arrearage"}},
      {"no_credit", {400, "Arrearage"}},
      {"moderated", {400, "DataInspectionFailed"}},
      {"rejected", {400, "InvalidParameter"}},
      {"unknown_outcome", {500, "InternalError.UnknownOutcome"}},
      {"forbidden", {403, "AccessDenied"}},
      {"not_found", {404, "NotFound"}},
      {"method_not_allowed", {405, "MethodNotAllowed"}},
      {"conflict", {400, "UnsupportedOperation"}},
      {"over_limit", {400, "InvalidParameter"}},
      {"too_large", {413, "RequestBodyTooLarge"}},
      {"corrupt_input", {400, "InvalidParameter"}},
      {"unsupported", {400, "InvalidParameter"}},
      {"idempotency_mismatch", {400, "InvalidParameter"}},
      {"rate_limited", {429, "Throttling.RateQuota"}},
      {"queue_full", {429, "Throttling.AllocationQuota"}},
      {"account_queue_full", {429, "Throttling.AllocationQuota"}},
      {"internal", {500, "InternalError"}},
      {"unavailable", {503, "ServiceUnavailable"}},
      {"overloaded", {503, "ServiceUnavailable"}},
      {"timeout", {504, "RequestTimeOut"}}};
  EXPECT_EQ(want.size(), problem_kinds().size());
  for (const ProblemKind& kind : problem_kinds()) {
    Problem problem = make_problem(kind.code, "Because.");
    problem.request_id = "req_1";
    const Answer answer = print_problem(problem);
    ASSERT_TRUE(want.contains(kind.code)) << kind.code;
    EXPECT_EQ(answer.status, want.at(kind.code).first) << kind.code;
    EXPECT_EQ(Json::parse(answer.json), error(want.at(kind.code).second, "Because.", "req_1"));
    EXPECT_TRUE(is_utf8(print_problem(make_problem(kind.code, native::kNasty)).json));
  }
}

TEST(DashscopeErrors, OneTextTellsEveryField) {
  const Answer answer = print_problem(problem_with_fields());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(Json::parse(answer.json),
            error("InvalidParameter", "a[0].b: It is long. Shorten it. c: It is odd.", "req_1"));
}

TEST(DashscopeErrors, AModelThatIsNotThereHasACodeOfItsOwn) {
  const Answer missing = print_problem(problem_of_model("not_found"));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(Json::parse(missing.json), error("ModelNotFound", "No model is called x.", "req_1"));
  const Answer down = print_problem(problem_of_model("unavailable"));
  EXPECT_EQ(down.status, 403);
  EXPECT_EQ(Json::parse(down.json), error("AccessDenied.Unpurchased", "No model is called x.", "req_1"));
}

}  // namespace
}  // namespace troupe::api::dashscope
