#include "server/webhook_payload.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace troupe::server {
namespace {

using Json = nlohmann::json;

const Time kTime(std::chrono::milliseconds(1767225600250));

JobEvent event(const std::string& type) {
  return {
      .id = 7, .time = kTime, .account = "key_A", .job = "job_1", .type = type, .data_json = R"({"x": 1})"};
}

Job finished_job() {
  Job job;
  job.id = "job_1";
  job.model = "wan";
  job.state = JobState::succeeded;
  job.created = kTime;
  job.finished = kTime + std::chrono::seconds(1);
  job.charged = {1'400'000, Currency::usd};
  job.takes.resize(2);
  job.metadata_json = R"({"order": 12})";
  job.prompt = "secret prompt";
  return job;
}

TEST(WebhookPayload, SaysWhichJobAndHowItEnded) {
  const Job job = finished_job();
  const Json json = Json::parse(webhook_payload(event("job.succeeded"), &job, "https://troupe.example"));
  EXPECT_EQ(json, Json::parse(R"({
    "type": "job.succeeded", "timestamp": "2026-01-01T00:00:00.250Z",
    "data": {"job_id": "job_1", "event": 7, "state": "succeeded",
             "url": "https://troupe.example/v1/jobs/job_1", "model": "wan", "draft": false,
             "created_at": "2026-01-01T00:00:00.250Z", "finished_at": "2026-01-01T00:00:01.250Z",
             "charged": {"micros": 1400000, "currency": "usd", "text": "$1.40"}, "takes": 2,
             "metadata": {"order": 12}}})"));
}

TEST(WebhookPayload, TellsTheEventsStateNotALaterOne) {
  Job job = finished_job();
  job.state = JobState::queued;
  EXPECT_EQ(Json::parse(webhook_payload(event("job.parked"), &job, ""))["data"]["state"], "parked");
  const Json progress = Json::parse(webhook_payload(event("job.progress"), &job, ""));
  EXPECT_EQ(progress["data"]["state"], "queued");
  EXPECT_EQ(progress["data"]["progress"], Json::parse(R"({"x": 1})"));
}

TEST(WebhookPayload, DoesWithoutAJob) {
  EXPECT_EQ(Json::parse(webhook_payload(event("job.failed"), nullptr, ""))["data"],
            Json::parse(R"({"job_id": "job_1", "event": 7, "state": "failed"})"));
  JobEvent test;
  test.type = "webhook.test";
  test.time = kTime;
  EXPECT_EQ(webhook_payload(test, nullptr, ""),
            R"({"type":"webhook.test","timestamp":"2026-01-01T00:00:00.250Z","data":{}})");
}

TEST(WebhookPayload, GivesTheReasonOfAFailure) {
  Job job = finished_job();
  job.state = JobState::failed;
  job.error = make_error(ErrorCode::timeout, "The provider did not answer.");
  const Json json = Json::parse(webhook_payload(event("job.failed"), &job, ""));
  EXPECT_EQ(json["data"]["error"],
            Json::parse(R"({"code": "timeout", "message": "The provider did not answer."})"));
}

TEST(WebhookPayload, StaysSmallAndValidWhateverTheJobHolds) {
  Job job = finished_job();
  job.metadata_json = R"({"a": ")" + std::string(15000, 'x') + "\"}";
  std::string text = webhook_payload(event("job.succeeded"), &job, "");
  EXPECT_FALSE(Json::parse(text)["data"].contains("metadata"));
  for (const char* metadata : {"[1]", "{", "\"x\"", "{\"a\": \"\xff\"}", "null"}) {
    job.metadata_json = metadata;
    EXPECT_FALSE(Json::parse(webhook_payload(event("job.succeeded"), &job, ""))["data"].contains("metadata"));
  }
  const std::string hostile(100000, '\x01');
  job.model = job.parent = hostile;
  job.error = make_error(ErrorCode::internal, hostile);
  text = webhook_payload(event("job.succeeded"), &job, std::string(5000, '\xff'));
  EXPECT_LE(text.size(), kWebhookPayloadBytesMax);
  EXPECT_TRUE(is_utf8(text));
  EXPECT_EQ(Json::parse(text)["data"]["job_id"], "job_1");
}

}  // namespace
}  // namespace troupe::server
