#include "cli/remote/download.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/remote/scripted_server_for_test.h"

namespace troupe::cli::remote {
namespace {

namespace fs = std::filesystem;
using fetch::test::reply;

class DownloadTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  Result<Answer> fetch(ScriptedServer& server) {
    Session session = server.session();
    ProgressBar bar(false);
    return download(session, {"job_1", "video", 1, folder_ / "out.mp4"}, bar);
  }
  std::string content() const {
    std::ifstream stream(folder_ / "out.mp4", std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  // Neither the file nor a hidden part of it.
  bool is_empty() const { return fs::is_empty(folder_); }

  const fs::path folder_ = fs::path(::testing::TempDir()) / ("download_" + std::to_string(::getpid()));
};

std::string part_of(int status, size_t length, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) +
         " x\r\nContent-Type: video/mp4\r\nContent-Length: " + std::to_string(length) + "\r\n" + headers +
         "\r\n" + body;
}

std::string whole(const std::string& body, const std::string& headers = "") {
  return part_of(200, body.size(), body, headers);
}

TEST_F(DownloadTest, WritesTheWholeFile) {
  std::ofstream(folder_ / "out.mp4") << "what was there before";
  ScriptedServer server({whole("0123456789")});
  ASSERT_TRUE(fetch(server));
  EXPECT_EQ(content(), "0123456789");
  EXPECT_TRUE(server.asked().front().starts_with("GET /v1/jobs/job_1/video?take=1 HTTP/1.1\r\n"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(DownloadTest, GoesOnWhereItBrokeOff) {
  ScriptedServer server({part_of(200, 10, "0123", "ETag: \"a\"\r\n"),
                         part_of(206, 6, "45", "Content-Range: bytes 4-9/10\r\n"),
                         part_of(206, 4, "6789", "Content-Range: bytes 6-9/10\r\n")});
  const Result<Answer> answer = fetch(server);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(content(), "0123456789");
  const auto asked = server.asked();
  ASSERT_EQ(asked.size(), 3u);
  EXPECT_EQ(asked[0].find("Range"), std::string::npos);
  EXPECT_NE(asked[1].find("\r\nRange: bytes=4-\r\n"), std::string::npos) << asked[1];
  EXPECT_NE(asked[1].find("\r\nIf-Range: \"a\"\r\n"), std::string::npos) << asked[1];
  EXPECT_NE(asked[2].find("\r\nRange: bytes=6-\r\n"), std::string::npos) << asked[2];
}

TEST_F(DownloadTest, BeginsAnewWhereTheFileIsAnother) {
  ScriptedServer server({part_of(200, 10, "0123", "ETag: \"a\"\r\n"), whole("abc", "ETag: \"b\"\r\n")});
  ASSERT_TRUE(fetch(server));
  EXPECT_EQ(content(), "abc");
  ScriptedServer shorter({part_of(200, 10, "0123", ""), reply(416, ""), whole("ab")});
  ASSERT_TRUE(fetch(shorter));
  EXPECT_EQ(content(), "ab");
}

TEST_F(DownloadTest, ARefusalLeavesNothing) {
  ScriptedServer server({reply(404, R"({"detail": "There is no such take."})")});
  const Result<Answer> answer = fetch(server);
  ASSERT_TRUE(answer && answer->problem);
  EXPECT_EQ(answer->problem->detail, "There is no such take.");
  EXPECT_TRUE(is_empty());
}

TEST_F(DownloadTest, HostileAnswersLeaveNothing) {
  const std::vector<std::string> hostile = {
      "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\nno length",
      reply(200, "<html>sign in first</html>", "Content-Type: text/html\r\n"),
      reply(200, "no type"),
      part_of(206, 4, "0123", "Content-Range: bytes 4-7/10\r\n"),
      part_of(206, 4, "0123", ""),
      part_of(206, 20, std::string(20, 'x'), "Content-Range: bytes 0-9/10\r\n"),
      part_of(206, 4, "0123", "Content-Range: bytes 99999999999999999999-/x\r\n"),
      part_of(200, 10, "0123", ""),  // for ever
      ""};
  for (const std::string& answer : hostile) {
    ScriptedServer server({answer});
    const Result<Answer> got = fetch(server);
    EXPECT_FALSE(got) << answer;
    EXPECT_TRUE(is_empty()) << answer;
  }
}

TEST_F(DownloadTest, AnOutputThatCannotBeWrittenIsToldBefore) {
  EXPECT_FALSE(check_output(folder_));
  EXPECT_FALSE(check_output(folder_ / "no" / "such.mp4"));
  EXPECT_TRUE(check_output(folder_ / "out.mp4"));
  EXPECT_TRUE(is_empty());
}

}  // namespace
}  // namespace troupe::cli::remote
