#include "cli/remote/session.h"

#include <gtest/gtest.h>

#include "cli/remote/scripted_server_for_test.h"

namespace troupe::cli::remote {
namespace {

using fetch::test::reply;
using std::chrono::milliseconds;
using std::chrono::seconds;

Call look() {
  Call call;
  call.target = "/v1/jobs";
  return call;
}

TEST(Session, SendsTheKeyAndReadsTheAnswer) {
  ScriptedServer server({json_answer(R"({"id": "job_1"})")});
  Session session = server.session("secret");
  const Result<Answer> answer = session.ask(look());
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_FALSE(answer->problem);
  EXPECT_EQ(answer->json["id"], "job_1");
  EXPECT_TRUE(session.has_answered());
  const std::string asked = server.asked().front();
  EXPECT_TRUE(asked.starts_with("GET /v1/jobs HTTP/1.1\r\n")) << asked;
  EXPECT_NE(asked.find("Authorization: Bearer secret\r\n"), std::string::npos) << asked;
}

TEST(Session, AProblemIsReadWithAllItsErrors) {
  ScriptedServer server({reply(400, R"({"code": "invalid_request", "detail": "2 rules are broken", "errors": [
      {"pointer": "/spec/duration", "code": "duration", "detail": "too long\u001b[2J", "fix": "Use 5."},
      {"pointer": 7}, "x"]})")});
  const Result<Answer> answer = server.session().ask(look());
  ASSERT_TRUE(answer);
  ASSERT_TRUE(answer->problem);
  EXPECT_EQ(answer->problem->status, 400);
  EXPECT_EQ(answer->problem->code, "invalid_request");
  ASSERT_EQ(answer->problem->errors.size(), 2u);
  EXPECT_EQ(answer->problem->errors[0],
            (catalog::Violation{"/spec/duration", "duration", "too long [2J", "Use 5."}));
  EXPECT_EQ(answer->problem->errors[1].field, "");
}

TEST(Session, WhatIsNotTroupesIsToldSo) {
  for (const std::string body : {"<html>nginx</html>", "", "[1]", "{\"detail\": 5}"}) {
    ScriptedServer server({reply(404, body)});
    const Result<Answer> answer = server.session().ask(look());
    ASSERT_TRUE(answer && answer->problem);
    EXPECT_NE(answer->problem->detail.find("404"), std::string::npos) << answer->problem->detail;
  }
  ScriptedServer moved({reply(301, "", "Location: https://a.example/\r\n")});
  const Result<Answer> answer = moved.session("k").ask(look());
  ASSERT_TRUE(answer && answer->problem);
  EXPECT_NE(answer->problem->detail.find("https://a.example/"), std::string::npos);
  EXPECT_EQ(moved.asked().size(), 1u) << "the key goes nowhere else";
}

TEST(Session, HostileAnswersAreErrors) {
  for (const std::string body : {"<html>", "{", "nul", "\xFF\xFF", "{\"a\": 1e999}"}) {
    ScriptedServer server({json_answer(body)});
    const Result<Answer> answer = server.session().ask(look());
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, ErrorCode::corrupt_input) << body;
  }
  ScriptedServer deep({json_answer(std::string(100'000, '[') + std::string(100'000, ']'))});
  EXPECT_FALSE(deep.session().ask(look()));
  ScriptedServer endless({"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"});
  const Result<Answer> large = endless.session().ask(look());
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::over_limit);
}

TEST(Session, WaitsAsLongAsTheServerAsks) {
  ScriptedServer server({reply(429, R"({"detail": "too many"})", "Retry-After: 7\r\n"), reply(503, ""),
                         reply(502, ""), json_answer("{}")});
  ASSERT_TRUE(server.session().ask(look()));
  EXPECT_EQ(server.waits, (std::vector<milliseconds>{seconds(7), milliseconds(1000), milliseconds(2000)}));
  ASSERT_EQ(server.said.size(), 3u);
  EXPECT_EQ(server.said[0], "too many Trying again.");
}

TEST(Session, ButNotForEver) {
  ScriptedServer server({reply(503, R"({"detail": "down"})")});
  const Result<Answer> answer = server.session().ask(look());
  ASSERT_TRUE(answer && answer->problem);
  EXPECT_EQ(answer->problem->detail, "down");
  EXPECT_EQ(server.asked().size(), static_cast<size_t>(kAttemptsMax));
  ScriptedServer tomorrow({reply(429, R"({"detail": "tomorrow"})", "Retry-After: 86400\r\n")});
  ASSERT_TRUE(tomorrow.session().ask(look()));
  EXPECT_EQ(tomorrow.asked().size(), 1u);
}

TEST(Session, ABrokenConnectionIsMadeAgainButARefusalStands) {
  ScriptedServer broken({"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", json_answer("{}")});
  EXPECT_TRUE(broken.session().ask(look()));
  EXPECT_EQ(broken.asked().size(), 2u);
  ScriptedServer refusing({reply(402, R"({"detail": "no money"})")});
  ASSERT_TRUE(refusing.session().ask(look()));
  EXPECT_EQ(refusing.asked().size(), 1u);
}

TEST(Session, NobodyThereIsToldAtOnce) {
  ScriptedServer server({""});
  Session session = server.session();
  server.asked();  // stops it
  const Result<Answer> answer = session.ask(look());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::not_found);
  EXPECT_TRUE(server.waits.empty());
  EXPECT_FALSE(session.has_answered());
}

TEST(Session, AWaitEndsWithACancel) {
  CancelSource cancel;
  cancel.cancel();
  EXPECT_FALSE(wait_for(std::chrono::hours(1), cancel.token()));
  EXPECT_TRUE(wait_for(milliseconds(0), {}));
}

TEST(Session, QueriesAreEscaped) { EXPECT_EQ(in_query("a b&c=é/+"), "a%20b%26c%3D%C3%A9%2F%2B"); }

}  // namespace
}  // namespace troupe::cli::remote
