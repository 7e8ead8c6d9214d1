#include "fetch/api_client.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "fetch/test_http_server.h"

namespace troupe::fetch {
namespace {

using test::Connection;
using test::HttpServer;
using test::reply;

ApiRequest to(const std::string& url) {
  ApiRequest request;
  request.url = url;
  request.limits.idle = std::chrono::seconds(20);
  return request;
}

ErrorCode code_of(const Result<ApiReply>& result) {
  EXPECT_FALSE(result);
  return result ? ErrorCode::internal : result.error().code;
}

class Folder : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path file(const std::string& content) {
    std::ofstream(folder_ / "file", std::ios::binary) << content;
    return folder_ / "file";
  }
  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("api_client_" + std::to_string(::getpid()));
};
using ApiClientFiles = Folder;

TEST(ApiClient, SendsWhatItIsGivenAndReadsTheAnswer) {
  HttpServer server(reply(201, "made", "X-Thing: a\r\n"));
  ApiRequest request = to(server.url("/v1/jobs:quote?a=b"));
  request.method = "POST";
  request.headers = {{"Authorization", "Bearer k"}, {"Content-Type", "application/json"}};
  request.body = std::string("{}");
  const Result<ApiReply> answer = call_api(request);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "made");
  EXPECT_EQ(answer->header("x-thing"), "a");
  EXPECT_EQ(answer->header("x-other"), "");
  const std::string asked = server.stop().front();
  EXPECT_TRUE(asked.starts_with("POST /v1/jobs:quote?a=b HTTP/1.1\r\n")) << asked;
  EXPECT_NE(asked.find("Authorization: Bearer k\r\n"), std::string::npos) << asked;
  EXPECT_NE(asked.find("Content-Type: application/json\r\n"), std::string::npos) << asked;
  EXPECT_TRUE(asked.ends_with("\r\n\r\n{}")) << asked;
}

TEST(ApiClient, KnowsEveryMethodWithAndWithoutABody) {
  for (const std::string method : {"GET", "POST", "DELETE", "PATCH"}) {
    HttpServer server(reply(200, "ok"));
    ApiRequest request = to(server.url());
    request.method = method;
    if (method == "PATCH") request.body = std::string("piece");
    ASSERT_TRUE(call_api(request)) << method;
    const std::string asked = server.stop().front();
    EXPECT_TRUE(asked.starts_with(method + " / HTTP/1.1\r\n")) << asked;
    EXPECT_EQ(asked.find("Content-Type"), std::string::npos) << asked;
    EXPECT_EQ(asked.ends_with("piece"), method == "PATCH");
  }
}

TEST_F(ApiClientFiles, AFilesPartIsStreamed) {
  HttpServer server(reply(200, "ok"));
  ApiRequest request = to(server.url());
  request.method = "PATCH";
  request.body = FilePart{file("0123456789"), 3, 5};
  uint64_t sent = 0;
  request.sent = [&](uint64_t size_bytes) { sent = size_bytes; };
  ASSERT_TRUE(call_api(request));
  EXPECT_EQ(sent, 5u);
  const std::string asked = server.stop().front();
  EXPECT_TRUE(asked.starts_with("PATCH ")) << asked;
  EXPECT_TRUE(asked.ends_with("\r\n\r\n34567")) << asked;
}

TEST_F(ApiClientFiles, AFileThatIsShorterThanSaidIsAnError) {
  HttpServer server(reply(200, "ok"));
  ApiRequest request = to(server.url());
  request.method = "PATCH";
  request.body = FilePart{file("0123"), 0, 500};
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::io);
  request.body = FilePart{folder_ / "none", 0, 5};
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::io);
}

TEST(ApiClient, OnlyASuccessIsPassedOn) {
  for (const int status : {200, 206, 302, 404, 500}) {
    HttpServer server(reply(status, "body", "Location: http://127.0.0.1:1/\r\n"));
    ApiRequest request = to(server.url());
    std::string taken;
    int heads = 0;
    request.on_head = [&](const ApiReply& head) -> Result<void> {
      EXPECT_EQ(head.status, status);
      ++heads;
      return {};
    };
    request.take = [&](ByteView bytes) -> Result<void> {
      taken.append(bytes.begin(), bytes.end());
      return {};
    };
    const Result<ApiReply> answer = call_api(request);
    ASSERT_TRUE(answer) << to_string(answer.error());
    EXPECT_EQ(answer->status, status) << "redirects are not followed";
    EXPECT_EQ(taken, status < 300 ? "body" : "");
    EXPECT_EQ(answer->body, status < 300 ? "" : "body");
    EXPECT_EQ(heads, status < 300 ? 1 : 0);
  }
}

TEST(ApiClient, AnswersAreBounded) {
  HttpServer server(reply(200, std::string(100, 'x')));
  ApiRequest request = to(server.url());
  request.limits.size_bytes_max = 99;
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::over_limit);
  request.limits.size_bytes_max = 100;
  EXPECT_TRUE(call_api(request));
  HttpServer refusing(reply(400, std::string(kRefusalBytesMax + 1, 'x')));
  EXPECT_EQ(code_of(call_api(to(refusing.url()))), ErrorCode::over_limit);
  HttpServer unbounded("HTTP/1.1 200 OK\r\n\r\n" + std::string(100, 'x'));
  request.url = unbounded.url();
  EXPECT_TRUE(call_api(request)) << "ended by the connection's end";
  request.limits.size_bytes_max = 99;
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::over_limit);
  HttpServer long_head("HTTP/1.1 200 OK\r\nX: " + std::string(80000, 'x') + "\r\n\r\n");
  EXPECT_EQ(code_of(call_api(to(long_head.url()))), ErrorCode::over_limit);
}

TEST(ApiClient, TellsNobodyThereFromBrokenOff) {
  uint16_t free_port = 0;
  {
    HttpServer gone;
    free_port = gone.port();
  }
  EXPECT_EQ(code_of(call_api(to("http://127.0.0.1:" + std::to_string(free_port)))), ErrorCode::not_found);
  EXPECT_EQ(code_of(call_api(to("http://no-such-host.invalid"))), ErrorCode::not_found);
  HttpServer silent("");
  EXPECT_EQ(code_of(call_api(to(silent.url()))), ErrorCode::unavailable);
  HttpServer short_body("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_EQ(code_of(call_api(to(short_body.url()))), ErrorCode::unavailable);
  HttpServer no_http("220 mail.example ESMTP\r\n");
  EXPECT_EQ(code_of(call_api(to(no_http.url()))), ErrorCode::unavailable);
}

TEST(ApiClient, SilenceAndSlownessEnd) {
  HttpServer server([](const Connection& connection, const std::string&) { connection.hold(); });
  ApiRequest request = to(server.url());
  request.limits.idle = std::chrono::milliseconds(50);
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::timeout);
  request.limits.idle = std::chrono::seconds(20);
  request.limits.total = std::chrono::milliseconds(50);
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::timeout);
}

TEST(ApiClient, CancelEndsAWait) {
  CancelSource cancel;
  HttpServer server([&](const Connection& connection, const std::string&) {
    cancel.cancel();
    connection.hold();
  });
  ApiRequest request = to(server.url());
  request.cancel = cancel.token();
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::cancelled);
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::cancelled) << "and nothing is begun";
  EXPECT_EQ(server.stop().size(), 1u);
}

TEST(ApiClient, TheCallersErrorEndsTheCall) {
  HttpServer server(reply(200, "body"));
  ApiRequest request = to(server.url());
  request.take = [](ByteView) { return Result<void>(make_error(ErrorCode::io, "disk full")); };
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::io);
  request.take = [](ByteView) -> Result<void> { throw std::bad_alloc(); };
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::out_of_memory);
}

TEST(ApiClient, RefusesWhatCouldBeReadAsMore) {
  HttpServer server;
  for (const std::string url : {"file:///etc/passwd", "ftp://a.example/", "http://user@127.0.0.1/", "x", ""})
    EXPECT_EQ(code_of(call_api(to(url))), ErrorCode::invalid_argument) << url;
  ApiRequest request = to(server.url());
  request.headers = {{"Authorization", "Bearer a\r\nX-Admin: yes"}};
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::invalid_argument);
  request.headers = {{"Content-Length", "5"}};
  EXPECT_EQ(code_of(call_api(request)), ErrorCode::invalid_argument);
  EXPECT_EQ(server.stop().size(), 0u);
}

// Tests run one after the other, and restore it.
TEST(ApiClient, ThisMachineIsReachedPastTheProxy) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  HttpServer server(reply(200, "direct"));
  const Result<ApiReply> direct = call_api(to(server.url()));
  HttpServer proxy(reply(200, "through"));
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  const Result<ApiReply> through = call_api(to("http://video.example.org/v1/jobs"));
  ::unsetenv("http_proxy");
  ASSERT_TRUE(direct) << to_string(direct.error());
  EXPECT_EQ(direct->body, "direct");
  ASSERT_TRUE(through) << to_string(through.error());
  EXPECT_EQ(through->body, "through");
}

}  // namespace
}  // namespace troupe::fetch
