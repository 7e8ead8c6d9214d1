// What the fetcher does for an operator who lets it reach inside addresses: plain HTTP, limits, failures.
#include "fetch/fetcher.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>

#include "fetch/test_http_server.h"

namespace troupe::fetch {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

using test::Connection;
using test::HttpServer;
using test::reply;

std::string text_of(const Result<HttpReply>& reply) {
  return reply ? std::string(reply->body.begin(), reply->body.end()) : to_string(reply.error());
}

FetchOptions inside() {
  FetchOptions options;
  options.allow_private = true;
  return options;
}

HttpServer::Handler hold_after(std::string text) {
  return [text](const Connection& connection, const std::string&) {
    connection.send(text);
    connection.hold();
  };
}

class FetcherTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "fetch_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::optional<ErrorCode> code_of(const std::string& url) {
    const auto reply = fetcher_.get(url, limits_);
    return reply ? std::nullopt : std::optional(reply.error().code);
  }

  fs::path folder_;
  Fetcher fetcher_{inside()};
  FetchLimits limits_;
};

TEST_F(FetcherTest, Gets) {
  HttpServer server(reply(200, "hello", "Content-Type: image/png\r\nX-Two: 1\r\nx-two:  2 \r\n"));
  const auto got = fetcher_.get(server.url("/a/../b?c#d"), limits_);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(text_of(got), "hello");
  EXPECT_EQ(got->headers.at("content-type"), "image/png");
  EXPECT_EQ(got->headers.at("x-two"), "2");
  EXPECT_EQ(print(got->url), server.url("/a/../b?c"));
  const std::vector<std::string> requests = server.stop();
  ASSERT_EQ(requests.size(), 1u);
  const std::string& request = requests[0];
  EXPECT_TRUE(request.starts_with("GET /a/../b?c HTTP/1.1\r\nHost: 127.0.0.1:")) << request;
  EXPECT_NE(request.find("User-Agent: Troupe\r\n"), std::string::npos) << request;
  for (const char* header : {"Accept-Encoding", "Cookie", "Authorization", "Referer"}) {
    EXPECT_EQ(request.find(header), std::string::npos) << request;
  }
}

TEST_F(FetcherTest, GetsChunksAsTheyAreSent) {
  // What claims to be compressed is not unpacked: a small answer stays small.
  HttpServer server(
      std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
                  "3\r\nhel\r\n2\r\nlo\r\n0\r\nX-Late: 1\r\n\r\n"));
  const auto got = fetcher_.get(server.url(), limits_);
  EXPECT_EQ(text_of(got), "hello");
  EXPECT_FALSE(got->headers.contains("x-late"));
}

TEST_F(FetcherTest, DownloadsToAFile) {
  HttpServer server;
  const fs::path file = folder_ / "a.png";
  std::ofstream(file) << "something older and longer";
  const auto got = fetcher_.get_to_file(server.url(), file, limits_);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_TRUE(got->body.empty());
  std::string text;
  std::getline(std::ifstream(file), text);
  EXPECT_EQ(text, "hello");
}

TEST_F(FetcherTest, LeavesNoFileAfterAnError) {
  const fs::path file = folder_ / "a.png";
  {
    HttpServer server(reply(500, "no"));
    EXPECT_EQ(fetcher_.get_to_file(server.url(), file, limits_).error().code, ErrorCode::unavailable);
    EXPECT_FALSE(fs::exists(file));
  }
  HttpServer server(std::string("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel"));  // ends too soon
  EXPECT_EQ(fetcher_.get_to_file(server.url(), file, limits_).error().code, ErrorCode::unavailable);
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(fetcher_.get_to_file(server.url(), folder_ / "none" / "a", limits_).error().code, ErrorCode::io);
}

TEST_F(FetcherTest, WritesToRegularFilesOnly) {
  HttpServer server;
  const fs::path pipe = folder_ / "pipe", link = folder_ / "link";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  fs::create_symlink(folder_ / "target", link);
  for (const fs::path& file : {pipe, link, folder_}) {
    EXPECT_EQ(fetcher_.get_to_file(server.url(), file, limits_).error().code, ErrorCode::io) << file;
    EXPECT_TRUE(fs::exists(fs::symlink_status(file))) << file;
  }
  EXPECT_FALSE(fs::exists(folder_ / "target"));
  EXPECT_EQ(server.stop().size(), 0u);
}

TEST_F(FetcherTest, StreamsWithHeaders) {
  HttpServer server(reply(206, "hello", "Content-Range: bytes 5-9/10\r\n"));
  std::string range, text;
  StreamRequest request{server.url("/a"), {{"Range", "bytes=5-"}, {"Authorization", "Bearer x"}}, {}, {}};
  request.on_head = [&](const HttpReply& head) -> Result<void> {
    range = std::to_string(head.status) + " " + head.headers.at("content-range");
    return {};
  };
  request.take = [&](ByteView bytes) -> Result<void> {
    text.append(bytes.begin(), bytes.end());
    return {};
  };
  const auto got = fetcher_.stream(request, limits_);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(range + " " + text, "206 bytes 5-9/10 hello");
  const std::vector<std::string> requests = server.stop();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_TRUE(requests[0].starts_with("GET /a HTTP/1.1\r\n")) << requests[0];
  EXPECT_NE(requests[0].find("\r\nRange: bytes=5-\r\n"), std::string::npos) << requests[0];
  EXPECT_NE(requests[0].find("\r\nAuthorization: Bearer x\r\n"), std::string::npos) << requests[0];
}

TEST_F(FetcherTest, AStreamEndsWithItsCallbacksErrors) {
  HttpServer server;
  const Error enough{ErrorCode::conflict, "enough", ""};
  StreamRequest request{server.url(), {}, {}, {}};
  request.take = [&](ByteView) -> Result<void> { return enough; };
  EXPECT_EQ(fetcher_.stream(request, limits_).error(), enough);
  request.on_head = [&](const HttpReply&) -> Result<void> { return Error{ErrorCode::io, "", ""}; };
  EXPECT_EQ(fetcher_.stream(request, limits_).error().code, ErrorCode::io);
  request.headers = {{"Host", "x"}};
  EXPECT_EQ(fetcher_.stream(request, limits_).error().code, ErrorCode::invalid_argument);
}

TEST_F(FetcherTest, AStreamTellsEveryStatus) {
  for (const int status : {200, 304, 404, 503}) {
    HttpServer server(reply(status, "body"));
    bool took = false;
    StreamRequest request{server.url(), {}, {}, {}};
    request.take = [&](ByteView) -> Result<void> {
      took = true;
      return {};
    };
    const auto got = fetcher_.stream(request, limits_);
    ASSERT_TRUE(got) << to_string(got.error());
    EXPECT_EQ(got->status, status);
    EXPECT_EQ(took, status == 200);
  }
}

TEST_F(FetcherTest, TellsStatusesApart) {
  for (const auto& [status, code] : std::map<int, ErrorCode>{{404, ErrorCode::not_found},
                                                             {410, ErrorCode::not_found},
                                                             {403, ErrorCode::unavailable},
                                                             {500, ErrorCode::unavailable},
                                                             {304, ErrorCode::unavailable},
                                                             {302, ErrorCode::unavailable}}) {
    HttpServer server(reply(status, "body"));
    EXPECT_EQ(code_of(server.url()), code) << status;
  }
  HttpServer server(reply(204, ""));
  EXPECT_EQ(code_of(server.url()), std::nullopt);
}

TEST_F(FetcherTest, EndsAtTheHeadOfAnErrorPage) {
  HttpServer server(hold_after("HTTP/1.1 404 x\r\nContent-Length: 1000000000000\r\n\r\n"));
  EXPECT_EQ(code_of(server.url()), ErrorCode::not_found);
}

TEST_F(FetcherTest, SkipsInterimAnswers) {
  HttpServer server("HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\n" + reply(200, "hello"));
  const auto got = fetcher_.get(server.url(), limits_);
  EXPECT_EQ(text_of(got), "hello");
  EXPECT_FALSE(got->headers.contains("x-early"));
}

TEST_F(FetcherTest, RefusesWhatIsNoHttp) {
  for (const char* text : {"", "SSH-2.0-OpenSSH\r\n", "hello", "HTTP/9.9 200\r\n\r\n", "\r\n\r\n"}) {
    HttpServer server{std::string(text)};
    EXPECT_EQ(code_of(server.url()), ErrorCode::unavailable) << text;
  }
}

TEST_F(FetcherTest, PostsWithoutFollowing) {
  HttpServer server(reply(307, "moved", "Location: /elsewhere\r\n"));
  const auto answer = fetcher_.post(server.url("/hook"),
                                    {{"webhook-id", "1"}, {"Authorization", "Bearer x"}, {"X-Empty", ""}},
                                    as_bytes("{\"a\":1}"), limits_);
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->status, 307);
  EXPECT_EQ(text_of(answer), "moved");
  const std::vector<std::string> requests = server.stop();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_TRUE(requests[0].starts_with("POST /hook HTTP/1.1\r\n")) << requests[0];
  EXPECT_TRUE(requests[0].ends_with("\r\n\r\n{\"a\":1}")) << requests[0];
  for (const char* line : {"\r\nwebhook-id: 1\r\n", "\r\nAuthorization: Bearer x\r\n", "\r\nX-Empty:\r\n"}) {
    EXPECT_NE(requests[0].find(line), std::string::npos) << requests[0];
  }
  EXPECT_EQ(requests[0].find("form-urlencoded"), std::string::npos) << requests[0];
}

TEST_F(FetcherTest, PostsNothingAndMuch) {
  const std::string large(300'000, 'x');
  for (const std::string& body : {std::string(), std::string("\0", 1), large}) {
    HttpServer server;
    const auto answer =
        fetcher_.post(server.url(), {{"Content-Type", "text/plain"}}, as_bytes(body), limits_);
    ASSERT_TRUE(answer) << to_string(answer.error());
    const std::vector<std::string> requests = server.stop();
    ASSERT_EQ(requests.size(), 1u);
    EXPECT_EQ(requests[0].substr(requests[0].find("\r\n\r\n") + 4), body);
  }
}

TEST_F(FetcherTest, RefusesHeadersThatWouldChangeTheRequest) {
  HttpServer server;
  const std::vector<std::pair<std::string, std::string>> headers{{"X", "a\r\nY: b"},
                                                                 {"X\r\nY", "b"},
                                                                 {"X", std::string("a\0b", 3)},
                                                                 {"", "a"},
                                                                 {"X Y", "a"},
                                                                 {"X:", "a"},
                                                                 {"Host", "b"},
                                                                 {"content-length", "3"},
                                                                 {"Transfer-Encoding", "chunked"},
                                                                 {"Proxy-Authorization", "x"}};
  for (const auto& header : headers) {
    const auto answer = fetcher_.post(server.url(), {header}, {}, limits_);
    ASSERT_FALSE(answer) << header.first;
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument) << header.first;
  }
  EXPECT_EQ(server.stop().size(), 0u);
}

TEST_F(FetcherTest, FollowsRedirectsUpToTheLimit) {
  HttpServer server([](const Connection& connection, const std::string& request) {
    const int left = request[5] - '0';
    connection.send(left == 0 ? reply(200, "there")
                              : reply(302, "x", "Location: " + std::to_string(left - 1) + "\r\n"));
  });
  const auto got = fetcher_.get(server.url("/3"), limits_);
  EXPECT_EQ(text_of(got), "there");
  EXPECT_EQ(got->url.target, "/0");
  EXPECT_EQ(code_of(server.url("/4")), ErrorCode::over_limit);
  EXPECT_EQ(code_of(server.url("/9")), ErrorCode::over_limit);
  EXPECT_EQ(server.stop().size(), 4u + 4u + 4u);
}

TEST_F(FetcherTest, BoundsTheBody) {
  limits_.size_bytes_max = 5;
  {
    HttpServer server;
    EXPECT_EQ(code_of(server.url()), std::nullopt);
  }
  {
    HttpServer server(hold_after("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n"));
    EXPECT_EQ(code_of(server.url()), ErrorCode::over_limit) << "told before it comes";
  }
  for (const char* head :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    HttpServer server([head](const Connection& connection, const std::string&) {
      connection.send(head);
      while (connection.send("5\r\nhello\r\n")) {
      }
    });
    EXPECT_EQ(code_of(server.url()), ErrorCode::over_limit) << "endless: " << head;
  }
}

TEST_F(FetcherTest, BoundsTheHead) {
  HttpServer server([](const Connection& connection, const std::string&) {
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X: " + std::string(1000, 'x') + "\r\n")) {
    }
  });
  EXPECT_EQ(code_of(server.url()), ErrorCode::over_limit);
}

TEST_F(FetcherTest, BoundsTheWholeTime) {
  limits_.total = 150ms;
  HttpServer server(hold_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel"));
  EXPECT_EQ(code_of(server.url()), ErrorCode::timeout);
}

TEST_F(FetcherTest, BoundsTheWaitForTheFirstByte) {
  limits_.first_byte = 50ms;
  HttpServer server(hold_after(""));
  EXPECT_EQ(code_of(server.url()), ErrorCode::timeout);
}

TEST_F(FetcherTest, BoundsSlowness) {
  limits_.speed_window = 1s;
  HttpServer server(hold_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel"));
  EXPECT_EQ(code_of(server.url()), ErrorCode::timeout);
}

TEST_F(FetcherTest, CanBeCancelled) {
  CancelSource cancel;
  HttpServer server([&](const Connection& connection, const std::string&) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhel");
    cancel.cancel();
    connection.hold();
  });
  EXPECT_EQ(fetcher_.get(server.url(), limits_, cancel.token()).error().code, ErrorCode::cancelled);
  EXPECT_EQ(fetcher_.post(server.url(), {}, {}, limits_, cancel.token()).error().code, ErrorCode::cancelled);
  EXPECT_EQ(server.stop().size(), 1u) << "cancelled before it began";
}

TEST_F(FetcherTest, SaysThatNobodyAnswers) {
  std::string url;
  {
    HttpServer server;
    url = server.url();
  }
  const auto got = fetcher_.get(url, limits_);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
  EXPECT_EQ(got.error().message, "127.0.0.1: cannot be connected to");
}

TEST_F(FetcherTest, RefusesAPlainServerUnderHttps) {
  HttpServer server;
  const auto got = fetcher_.get("https://127.0.0.1:" + std::to_string(server.port()), limits_);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
  EXPECT_NE(got.error().message.find("TLS"), std::string::npos) << got.error().message;
}

TEST_F(FetcherTest, IgnoresProxiesOfTheEnvironment) {
  HttpServer server, proxy;
  const std::string proxy_url = proxy.url("");
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::setenv(name, proxy_url.c_str(), 1);
  EXPECT_EQ(code_of(server.url()), std::nullopt);
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
  EXPECT_EQ(proxy.stop().size(), 0u);
}

TEST_F(FetcherTest, UsesTheGivenResolver) {
  HttpServer server;
  FetchOptions options = inside();
  options.resolver = [](const std::string& host) -> Result<std::vector<Address>> {
    if (host == "media.example") return std::vector{*parse_address("127.0.0.1")};
    return make_error(ErrorCode::not_found, "there is no host named " + host);
  };
  Fetcher fetcher(options);
  const std::string port = ":" + std::to_string(server.port());
  EXPECT_EQ(text_of(fetcher.get("http://Media.example" + port, limits_)), "hello");
  EXPECT_EQ(fetcher.get("http://other.example" + port, limits_).error().code, ErrorCode::not_found);
  const std::vector<std::string> requests = server.stop();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_NE(requests[0].find("Host: media.example" + port + "\r\n"), std::string::npos) << requests[0];
}

}  // namespace
}  // namespace troupe::fetch
