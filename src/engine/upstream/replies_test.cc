// What providers' answers mean, whole, broken and hostile.
#include "engine/upstream/replies.h"

#include <gtest/gtest.h>

namespace troupe::upstream {
namespace {

using Kind = TaskState::Kind;

Reply json(int status, std::string body) {
  return {status, {{"content-type", "application/json"}}, std::move(body)};
}
const Provider& provider(std::string_view name) { return *find_provider(name); }

Kind kind_of(std::string_view name, const Reply& reply) {
  const auto state = provider(name).read_state(reply);
  EXPECT_TRUE(state.value) << name << ": " << state.failure.message;
  return state.value ? state.value->kind : Kind::waiting;
}

TEST(Replies, TasksAreFound) {
  const std::pair<const char*, const char*> replies[] = {
      {"venice", R"({"model":"m","queue_id":"t-1"})"},
      {"dashscope", R"({"output":{"task_id":"t-1"}})"},
      {"pictory", R"({"success":true,"data":{"jobId":"t-1"}})"},
      {"fal", R"({"request_id":"t-1","status":"IN_QUEUE"})"},
      {"replicate", R"({"id":"t-1","status":"starting"})"},
      {"openai", R"({"id":"t-1","object":"video"})"}};
  for (const auto& [name, body] : replies)
    EXPECT_EQ(provider(name).read_submitted(json(200, body)).value, "t-1") << name;
  const auto operation =
      provider("gateway").read_submitted(json(200, R"({"operation":{"gatewayJobId":"j"}})"));
  EXPECT_EQ(provider("gateway").ask(*operation.value, "m").body, R"({"operation":{"gatewayJobId":"j"}})");
}

TEST(Replies, AnAnswerThatIsNoneSaysThatNothingIsKnown) {
  for (const std::string_view name : provider_names()) {
    for (const char* body :
         {"", "{", "<html>", "[]", "null", "{}", R"({"id":"../x","queue_id":"a/b"})", "\xFF"}) {
      const auto task = provider(name).read_submitted(json(200, body));
      EXPECT_FALSE(task.value) << name << body;
      EXPECT_EQ(task.failure.kind, FailureClass::unknown) << name << body;
      EXPECT_FALSE(task.failure.message.empty());
      EXPECT_FALSE(provider(name).read_state(json(200, body)).value) << name << body;
    }
  }
}

TEST(Replies, StatusesHaveTheirClass) {
  const std::pair<int, FailureClass> classes[] = {
      {400, FailureClass::rejected},   {401, FailureClass::no_credit}, {402, FailureClass::no_credit},
      {429, FailureClass::over_limit}, {500, FailureClass::outage},    {503, FailureClass::outage}};
  for (const std::string_view name : provider_names()) {
    for (const auto& [status, kind] : classes)
      EXPECT_EQ(provider(name).read_submitted(json(status, "{}")).failure.kind, kind) << name << status;
    Reply later = json(429, "{}");
    later.headers["retry-after"] = "7";
    EXPECT_EQ(provider(name).read_submitted(later).failure.retry_after, std::chrono::seconds(7)) << name;
  }
  EXPECT_EQ(
      provider("dashscope")
          .read_submitted(json(400, R"({"code":"DataInspectionFailed","message":"inappropriate content"})"))
          .failure.kind,
      FailureClass::moderated);
  EXPECT_EQ(
      provider("dashscope").read_submitted(json(400, R"({"code":"Arrearage","message":"x"})")).failure.kind,
      FailureClass::no_credit);
}

TEST(Replies, StatesAreRead) {
  EXPECT_EQ(
      kind_of("venice",
              json(200, R"({"status":"PROCESSING","average_execution_time":100,"execution_duration":50})")),
      Kind::running);
  EXPECT_EQ(kind_of("venice", {200, {{"content-type", "video/mp4"}}, "....ftyp"}), Kind::done);
  EXPECT_EQ(kind_of("venice", json(422, R"({"error":{"message":"no","type":"provider_content_policy"}})")),
            Kind::failed);
  EXPECT_EQ(kind_of("gateway", json(200, R"({"status":"pending"})")), Kind::running);
  EXPECT_EQ(kind_of("gateway",
                    json(200, R"({"status":"completed","videos":[{"type":"url","url":"https://x/v"}]})")),
            Kind::done);
  EXPECT_EQ(kind_of("dashscope", json(200, R"({"output":{"task_status":"PENDING"}})")), Kind::waiting);
  EXPECT_EQ(kind_of("dashscope", json(200, R"({"output":{"task_status":"FAILED","code":"InternalError"}})")),
            Kind::failed);
  EXPECT_EQ(kind_of("pictory", json(200, R"({"data":{"status":"in-progress","renderProgress":40}})")),
            Kind::running);
  EXPECT_EQ(kind_of("fal", json(400, R"({"detail":"Request is still in progress"})")), Kind::running);
  EXPECT_EQ(kind_of("fal", json(200, R"({"video":{"url":"https://x/v.mp4"}})")), Kind::done);
  EXPECT_EQ(kind_of("replicate", json(200, R"({"status":"canceled"})")), Kind::cancelled);
  EXPECT_EQ(kind_of("openai", json(200, R"({"id":"v","status":"completed"})")), Kind::done);
}

TEST(Replies, WhatAProviderSaysThatItTookIsTheCharge) {
  const auto state = provider("pictory").read_state(
      json(200, R"({"data":{"status":"completed","url":"https://x/v.mp4","aiCreditsUsed":12.8}})"));
  ASSERT_TRUE(state.value);
  EXPECT_EQ(state.value->charged, (Money{12'800'000, Currency::credits}));
}

TEST(Replies, AFailedTaskIsNotAnOutageOfTheQuestion) {
  const auto gone = provider("dashscope").read_state(json(200, R"({"output":{"task_status":"UNKNOWN"}})"));
  EXPECT_EQ(gone.failure.kind, FailureClass::unknown);
  EXPECT_EQ(provider("venice").read_state(json(503, "{}")).failure.kind, FailureClass::outage);
}

TEST(Replies, AnAddressThatVeniceTellsOnlyOnceIsKeptWithTheTask) {
  const Provider& venice = provider("venice");
  const std::string task =
      *venice.read_submitted(json(200, R"({"queue_id":"t-1","download_url":"https://x/v.mp4?a=b"})")).value;
  EXPECT_EQ(venice.kept_address(task), "https://x/v.mp4?a=b");
  EXPECT_EQ(venice.ask(task, "m").body, R"({"model":"m","queue_id":"t-1"})");
  EXPECT_EQ(kind_of("venice", json(200, R"({"status":"COMPLETED"})")), Kind::done);
  EXPECT_EQ(venice.kept_address("t-1"), "");
  EXPECT_EQ(*venice.read_submitted(json(200, R"({"queue_id":"t-1","download_url":"file:///x"})")).value,
            "t-1");
}

TEST(Replies, AFileThatReplicateKeepsHasAnAddress) {
  const Provider& replicate = provider("replicate");
  const auto call = replicate.upload(as_bytes("bytes"), "image/png");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->path, "/files");
  EXPECT_NE(
      call->body.find("name=\"content\"; filename=\"input\"\r\nContent-Type: image/png\r\n\r\nbytes\r\n"),
      std::string::npos);
  EXPECT_EQ(*replicate.read_uploaded(json(201, R"({"id":"f","urls":{"get":"https://x/v1/files/f"}})")).value,
            "https://x/v1/files/f");
  EXPECT_FALSE(replicate.read_uploaded(json(201, R"({"urls":{"get":"file:///etc/passwd"}})")).value);
  EXPECT_EQ(replicate.read_uploaded(json(402, "{}")).failure.kind, FailureClass::no_credit);
  for (const std::string_view name : provider_names())
    EXPECT_EQ(provider(name).upload(as_bytes("bytes"), "image/png").has_value(),
              provider(name).manners().keeps_files)
        << name;
}

TEST(Replies, TheKeyIsTakenOutOfWordsHoweverTheyAreWritten) {
  // JSON may escape a slash; and what is cut afterwards may not leave half of a key.
  const std::string key = "sk/live/0123456789abcdef";
  for (const char* written : {"sk/live/0123456789abcdef", R"(sk\/live\/0123456789abcdef)",
                              R"(sk\u002flive\u002F0123456789abcde\u0066)"}) {
    for (const size_t before : {0, 980, 990, 999}) {
      Reply reply =
          json(400, R"({"error":")" + std::string(before, 'x') + written + " and " + written + R"("})");
      reply.key = key;
      const std::string told = provider("venice").read_submitted(reply).failure.message;
      EXPECT_EQ(told.find("sk/"), std::string::npos) << written << " behind " << before << ": " << told;
      EXPECT_EQ(told.find("(key)") != std::string::npos, before < 996) << told;
    }
  }
  Reply deep = json(422, R"({"detail":[{"msg":"no such key: sk/live/0123456789abcdef","loc":["body"]}]})");
  deep.key = key;
  const std::string told = provider("fal").read_submitted(deep).failure.message;
  EXPECT_EQ(told.find("live"), std::string::npos) << told;
  deep.key = "e";
  EXPECT_NE(provider("fal").read_submitted(deep).failure.message.find("no such key"), std::string::npos);
}

TEST(Replies, LongWordsAreCut) {
  const std::string body = R"({"error":")" + std::string(5000, 'x') + R"("})";
  EXPECT_EQ(provider("venice").read_submitted(json(400, body)).failure.message.size(), kFailureBytesMax);
}

}  // namespace
}  // namespace troupe::upstream
