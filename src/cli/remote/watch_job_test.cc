#include "cli/remote/watch_job.h"

#include <gtest/gtest.h>

#include "cli/remote/scripted_server_for_test.h"

namespace troupe::cli::remote {
namespace {

using fetch::test::reply;
using std::chrono::milliseconds;

constexpr const char* kQueued = "retry: 200\n\nid: 1\nevent: job.queued\ndata: {\"data\": {}}\n\n";
constexpr const char* kProgress =
    "id: 5\nevent: job.progress\ndata: {\"data\": {\"stage\": \"render\", \"fraction\": 0.5}}\n\n";
constexpr const char* kDone = "id: 9\nevent: job.succeeded\ndata: {\"data\": {}}\n\n";
constexpr const char* kJob = R"({"id": "job_1", "state": "succeeded"})";

Result<Answer> watch(ScriptedServer& server) {
  Session session = server.session("k");
  ProgressBar bar(false);
  return watch_job(session, "job_1", bar);
}

TEST(WatchJob, EndsWithTheJob) {
  ScriptedServer server({stream_answer(std::string(kQueued) + kProgress + kDone), json_answer(kJob)});
  const Result<Answer> answer = watch(server);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->json["state"], "succeeded");
  EXPECT_TRUE(server.waits.empty());
  const auto asked = server.asked();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_TRUE(asked[0].starts_with("GET /v1/jobs/job_1/events?previews=false HTTP/1.1\r\n")) << asked[0];
  EXPECT_NE(asked[0].find("Bearer k"), std::string::npos);
  EXPECT_TRUE(asked[1].starts_with("GET /v1/jobs/job_1 HTTP/1.1\r\n")) << asked[1];
}

TEST(WatchJob, ComesBackWithTheLastEventItSaw) {
  const std::string half = std::string(kQueued) + kProgress + "id: 6\nevent: job.prog";
  ScriptedServer server({stream_answer(half), reply(503, "", "Retry-After: 3\r\n"), "", stream_answer(kDone),
                         json_answer(kJob)});
  const Result<Answer> answer = watch(server);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(server.waits,
            (std::vector<milliseconds>{milliseconds(200), milliseconds(3000), milliseconds(800)}));
  const auto asked = server.asked();
  ASSERT_EQ(asked.size(), 5u);
  EXPECT_EQ(asked[0].find("Last-Event-ID"), std::string::npos);
  for (const size_t i : {1, 2, 3})
    EXPECT_NE(asked[i].find("Last-Event-ID: 5\r\n"), std::string::npos) << asked[i];
}

TEST(WatchJob, AParkedJobsStreamIsLeft) {
  ScriptedServer server({stream_answer("event: job.parked\ndata: {}\n\n"),
                         json_answer(R"({"id": "job_1", "state": "parked"})")});
  const Result<Answer> answer = watch(server);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->json["state"], "parked");
}

TEST(WatchJob, ARefusalIsNotAskedAgain) {
  ScriptedServer server({reply(404, R"({"detail": "There is no such job."})")});
  const Result<Answer> answer = watch(server);
  ASSERT_TRUE(answer && answer->problem);
  EXPECT_EQ(answer->problem->detail, "There is no such job.");
  EXPECT_EQ(server.asked().size(), 1u);
}

TEST(WatchJob, AServerThatNeverComesBackIsGivenUp) {
  ScriptedServer server({stream_answer(kQueued), ""});
  const Result<Answer> answer = watch(server);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  milliseconds waited{0};
  for (const milliseconds wait : server.waits) waited += wait;
  EXPECT_LE(waited, kLostMax);
  EXPECT_GT(waited, kLostMax / 2);
}

TEST(WatchJob, AStreamThatOnlyEndsIsGivenUp) {
  ScriptedServer server({stream_answer(": hello\n\n")});
  EXPECT_FALSE(watch(server));
}

TEST(WatchJob, WhatIsNoEventStreamIsAnError) {
  const std::vector<std::pair<std::string, ErrorCode>> hostile = {
      {json_answer("{}"), ErrorCode::corrupt_input},
      {stream_answer("data: not JSON\n\n"), ErrorCode::corrupt_input},
      {stream_answer("data: [1]\n\n"), ErrorCode::corrupt_input},
      {stream_answer("data: \xFF\n\n"), ErrorCode::corrupt_input},
      {stream_answer("data: " + std::string(10 << 20, 'x') + "\n\n"), ErrorCode::over_limit},
      {stream_answer(std::string(10 << 20, 'x')), ErrorCode::over_limit}};
  for (const auto& [answer, code] : hostile) {
    ScriptedServer server({answer});
    const Result<Answer> got = watch(server);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, code) << to_string(got.error());
  }
}

TEST(WatchJob, OddValuesInEventsAreNothing) {
  ScriptedServer server(
      {stream_answer("event: job.progress\ndata: {\"data\": [1]}\n\n"
                     "event: job.progress\ndata: {\"data\": {\"stage\": 5, \"fraction\": \"x\","
                     " \"frames_done\": -1e300, \"seconds_left\": 1e300}}\n\n"
                     "event: who knows\ndata: {}\n\n" +
                     std::string(kDone)),
       json_answer(kJob)});
  EXPECT_TRUE(watch(server));
}

TEST(WatchJob, ACancelEndsIt) {
  ScriptedServer server({stream_answer(kQueued)});
  server.cancel.cancel();
  const Result<Answer> answer = watch(server);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace troupe::cli::remote
