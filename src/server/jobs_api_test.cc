// The life of jobs, through the real HTTP server.
#include "server/test_service.h"

namespace troupe::server {
namespace {

class JobsApi : public TestService {};

TEST_F(JobsApi, AJobIsAcceptedMadeAndDownloaded) {
  const auto accepted = post("/v1/jobs", small_spec());
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  const std::string id = json(accepted)["id"];
  EXPECT_EQ(accepted.headers.get("Location"), "/v1/jobs/" + id);
  const auto done = get("/v1/jobs/" + id + "?wait=60");
  ASSERT_EQ(done.status, 200);
  const Json job = json(done);
  ASSERT_EQ(job["state"], "succeeded") << done.body;
  EXPECT_EQ(job["draft"], true);
  EXPECT_EQ(job["takes"][0]["frames"], 12);
  const auto video = get("/v1/jobs/" + id + "/video");
  EXPECT_EQ(video.status, 200);
  EXPECT_EQ(video.headers.get("Content-Type"), "video/mp4");
  EXPECT_EQ(video.headers.get("X-Troupe-Engine"), "stage");
  EXPECT_EQ(video.body.substr(4, 4), "ftyp");
  const auto part = get("/v1/jobs/" + id + "/video", "Range: bytes=4-7\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "ftyp");
  EXPECT_EQ(get("/v1/jobs/" + id + "/thumbnail").headers.get("Content-Type"), "image/jpeg");
  EXPECT_EQ(get("/v1/jobs/" + id + "/last-frame").body.substr(1, 3), "PNG");
  EXPECT_EQ(get("/v1/jobs/" + id + "/spritesheet").headers.get("Content-Type"), "image/jpeg");
}

TEST_F(JobsApi, PreferWaitAnswersWithTheEnd) {
  const auto done = post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n");
  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(json(done)["state"], "succeeded");
  EXPECT_FALSE(done.headers.get("Location").empty());
}

TEST_F(JobsApi, AParkedJobThatNoProviderIsAskedAboutIsAbandoned) {
  const std::string id = parked_job();
  const auto held = [&] { return json(get("/v1/account"))["balances"][0]["held"]["micros"]; };
  EXPECT_EQ(held(), 1'000'000) << get("/v1/account").body;
  EXPECT_EQ(post("/v1/jobs/" + id + ":cancel", R"({"abandon":"yes"})").status, 400);
  const auto abandoned = post("/v1/jobs/" + id + ":cancel", R"({"abandon":true})");
  EXPECT_EQ(abandoned.status, 200) << abandoned.body;
  EXPECT_EQ(json(abandoned)["state"], "cancelled");
  EXPECT_EQ(held(), 0);
  const auto events = json(get("/v1/jobs/" + id))["charged"]["micros"];
  EXPECT_EQ(events, 0);
}

TEST_F(JobsApi, OneThatAWorkerHasIsNotAbandoned) {
  engine_.hold();
  const std::string id = json(post("/v1/jobs", small_spec()))["id"];
  engine_.wait_begun(1);
  EXPECT_EQ(post("/v1/jobs/" + id + ":cancel", R"({"abandon":true})").status, 409);
}

TEST_F(JobsApi, ARefusalListsEveryRuleAndChargesNothing) {
  const auto refused = post("/v1/jobs", R"({"spec":{"prompt":"@ghost walks","duration":900,"count":99}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.headers.get("Content-Type"), "application/problem+json");
  const Json problem = json(refused);
  EXPECT_EQ(problem["code"], "invalid_request");
  EXPECT_GE(problem["errors"].size(), 1u);
  EXPECT_FALSE(problem["request_id"].get<std::string>().empty());
  EXPECT_EQ(json(get("/v1/jobs"))["data"].size(), 0u);
}

TEST_F(JobsApi, TheSameIdempotencyKeyGivesTheSameJob) {
  const std::string header = "Idempotency-Key: abc\r\n";
  const auto first = post("/v1/jobs", small_spec(), header), second = post("/v1/jobs", small_spec(), header);
  EXPECT_EQ(json(first)["id"], json(second)["id"]);
  EXPECT_EQ(second.headers.get("Idempotent-Replayed"), "true");
  const auto other = post("/v1/jobs", small_spec("a beach"), header);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(json(other)["code"], "idempotency_mismatch");
}

TEST_F(JobsApi, AQuoteSaysPriceRulesAndEngine) {
  const Json good = json(post("/v1/jobs:quote", small_spec()));
  EXPECT_EQ(good["engine"], "stage");
  EXPECT_EQ(good["draft"], true);
  const auto bad = post("/v1/jobs:quote", R"({"prompt":"@ghost"})");
  EXPECT_EQ(bad.status, 200) << "a quote of an impossible request is an answer";
  EXPECT_GE(json(bad)["violations"].size(), 1u);
}

TEST_F(JobsApi, AQueuedJobIsCancelledAtOnceARunningOneSoon) {
  engine_.hold();
  const std::string running = json(post("/v1/jobs", small_spec()))["id"];
  engine_.wait_begun(1);
  const std::string queued = json(post("/v1/jobs", small_spec()))["id"];
  EXPECT_EQ(json(post("/v1/jobs/" + queued + ":cancel", ""))["state"], "cancelled");
  const auto stopped = post("/v1/jobs/" + running + ":cancel?wait=60", "");
  EXPECT_EQ(json(stopped)["state"], "cancelled") << stopped.body;
  EXPECT_EQ(get("/v1/jobs/" + running + "/video").status, 404);
}

TEST_F(JobsApi, RetryAndPromoteMakeNewJobsOfTheSameSpec) {
  const std::string id = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"];
  const Json again = json(post("/v1/jobs/" + id + ":retry?wait=60", ""));
  EXPECT_EQ(again["parent"], id);
  EXPECT_NE(again["id"], id);
  EXPECT_EQ(again["state"], "succeeded");
  const auto promoted = post("/v1/jobs/" + id + ":promote", R"({"model":"veo3.1"})");
  ASSERT_EQ(promoted.status, 202) << promoted.body;
  EXPECT_EQ(json(promoted)["model"], "veo-3.1");
  EXPECT_EQ(json(promoted)["parent"], id);
  EXPECT_TRUE(json(promoted).contains("carry_over"));
}

TEST_F(JobsApi, ListsAreFilteredAndPaged) {
  for (const char* prompt : {"a park", "a beach", "a park at night"})
    post("/v1/jobs", small_spec(prompt), "Prefer: wait=60\r\n");
  EXPECT_EQ(json(get("/v1/jobs?text=PARK"))["data"].size(), 2u);
  EXPECT_EQ(json(get("/v1/jobs?state=failed"))["data"].size(), 0u);
  const Json first = json(get("/v1/jobs?limit=2"));
  ASSERT_EQ(first["data"].size(), 2u);
  const Json second = json(get("/v1/jobs?limit=2&cursor=" + first["next_cursor"].get<std::string>()));
  ASSERT_EQ(second["data"].size(), 1u);
  EXPECT_EQ(second["data"][0]["prompt"], "a park");
  EXPECT_EQ(get("/v1/jobs?state=lost").status, 400);
  EXPECT_EQ(get("/v1/jobs?limit=9999").status, 400);
  EXPECT_EQ(get("/v1/jobs?cursor=%00").status, 400);
}

TEST_F(JobsApi, ADeletedJobIsGoneARunningOneStays) {
  engine_.hold();
  const std::string id = json(post("/v1/jobs", small_spec()))["id"];
  engine_.wait_begun(1);
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id, "").status, 409);
  engine_.let_go();
  ASSERT_EQ(json(get("/v1/jobs/" + id + "?wait=60"))["state"], "succeeded");
  EXPECT_EQ(send("DELETE", "/v1/jobs/" + id, "").status, 204);
  EXPECT_EQ(get("/v1/jobs/" + id).status, 404);
}

TEST_F(JobsApi, AStoppedServerGivesItsJobBackAndTheNextOneMakesIt) {
  engine_.hold();
  const std::string id = json(post("/v1/jobs", small_spec()))["id"];
  engine_.wait_begun(1);
  close();
  engine_.let_go();
  open();
  const Json job = json(get("/v1/jobs/" + id + "?wait=60"));
  EXPECT_EQ(job["state"], "succeeded");
  EXPECT_TRUE(folder_->jobs->ledger().audit()->empty());
}

TEST_F(JobsApi, ADraftNeedsNoBudget) {
  Budget budget;
  budget.total_micros = 0;
  secret_ = key({"jobs:read", "jobs:write"}, {budget});
  EXPECT_EQ(post("/v1/jobs", small_spec()).status, 202);
}

TEST_F(JobsApi, AKeyThatAsksTooOftenIsToldWhenToComeBack) {
  secret_ = key({"jobs:read"}, {}, 6);
  EXPECT_EQ(get("/v1/jobs").status, 200);
  const auto refused = get("/v1/jobs");
  EXPECT_EQ(refused.status, 429);
  EXPECT_FALSE(refused.headers.get("Retry-After").empty());
}

}  // namespace
}  // namespace troupe::server
