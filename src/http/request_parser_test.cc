#include "http/request_parser.h"

#include <gtest/gtest.h>

namespace troupe::http {
namespace {

// The status that the bytes are refused with, 0 if they are a request, -1 if more is awaited.
int status_of(std::string_view bytes, size_t size_bytes_max = 4096) {
  HeadScanner scanner(size_bytes_max);
  // Byte by byte, as the slowest sender would.
  for (size_t size = 1; size <= bytes.size(); ++size) {
    const HeadScanner::Found found = scanner.scan(bytes.substr(0, size));
    if (found == HeadScanner::Found::refused) return scanner.refusal().status;
    if (found != HeadScanner::Found::whole) continue;
    const auto head = parse_request_head(scanner.head(bytes));
    const auto* refusal = std::get_if<Refusal>(&head);
    return refusal ? refusal->status : 0;
  }
  return -1;
}

int status_with(const std::string& fields, const std::string& line = "POST /a HTTP/1.1") {
  return status_of(line + "\r\n" + fields + "\r\n");
}

RequestHead head_of(const std::string& bytes) { return std::get<RequestHead>(parse_request_head(bytes)); }

TEST(RequestParser, ReadsAHead) {
  const RequestHead head = head_of(
      "PATCH /v1/a%20b?c=d HTTP/1.1\r\nHost: [::1]:80\r\nX-Two:  b \r\nx-two: a\r\nContent-Length: 5\r\n"
      "Expect: 100-Continue\r\n\r\n");
  EXPECT_EQ(head.request.method, "PATCH");
  EXPECT_EQ(head.request.target, "/v1/a%20b?c=d");
  EXPECT_EQ(head.request.path, "/v1/a b");
  EXPECT_EQ(head.request.query_value("c"), "d");
  EXPECT_EQ(head.request.headers.get("X-Two"), "b");
  EXPECT_EQ(head.content_length, 5u);
  EXPECT_TRUE(head.expects_continue);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.chunked);
}

TEST(RequestParser, KnowsWhenToKeepTheConnection) {
  EXPECT_FALSE(head_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").keep_alive);
  EXPECT_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(head_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(RequestParser, RefusesTwoWaysToReadABody) {
  EXPECT_EQ(status_with("Host: a\r\nContent-Length: 3\r\n"), 0);
  EXPECT_EQ(status_with("Host: a\r\nTransfer-Encoding: chunked\r\n"), 0);
  for (const char* fields :
       {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "Content-Length: 3\r\nContent-Length: 3\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: 3, 3\r\n", "Content-Length: -3\r\n",
        "Content-Length: +3\r\n", "Content-Length: 0x3\r\n", "Content-Length:\r\n",
        "Content-Length: 99999999999999999999\r\n", "Content-Length : 3\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding:\r\n"}) {
    EXPECT_EQ(status_with(std::string("Host: a\r\n") + fields), 400) << fields;
  }
  EXPECT_EQ(status_with("Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"), 400);
}

TEST(RequestParser, WantsALengthWhereNothingElseEndsABody) {
  EXPECT_EQ(status_with("", "POST / HTTP/1.0"), 411);
  EXPECT_EQ(status_with("", "GET / HTTP/1.0"), 0);
  EXPECT_EQ(status_with("Host: a\r\n", "POST / HTTP/1.1"), 0);
}

TEST(RequestParser, RefusesWhatParsersDisagreeAbout) {
  for (const char* bytes : {"GET / HTTP/1.1\nHost: a\n\n",
                            "GET / HTTP/1.1\r\nHost: a\n\r\n",
                            "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost: a\rb: c\r\n\r\n",
                            "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
                            "GET / HTTP/1.1\r\n: a\r\n\r\n",
                            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                            "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                            "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                            "GET /\r\nHost: a\r\n\r\n",
                            "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                            "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                            "GET / http/1.1\r\nHost: a\r\n\r\n",
                            "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                            "\x16\x03\x01",
                            "\n",
                            "GET / HTTP/1.1\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                            "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                            "GET ../x HTTP/1.1\r\nHost: a\r\n\r\n",
                            "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
                            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
    EXPECT_EQ(status_of(bytes), 400) << bytes;
  }
  EXPECT_EQ(status_of(std::string_view("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 34)), 400);
  EXPECT_EQ(status_of("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\n"), -1);
}

TEST(RequestParser, KeepsToItsBounds) {
  EXPECT_EQ(status_with("Host: a\r\nX: " + std::string(5000, 'x') + "\r\n"), 431);
  std::string many = "Host: a\r\n";
  for (int i = 0; i < 1000; ++i) many += "A: b\r\n";
  EXPECT_EQ(status_with(many), 431);
  EXPECT_EQ(status_of("GET /" + std::string(5000, 'x')), 414);
  EXPECT_EQ(status_of("GET /" + std::string(8200, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 100000), 414);
  EXPECT_EQ(status_of("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 100000), 414);
  EXPECT_EQ(status_with("Host: a\r\nExpect: tea\r\n"), 417);
}

}  // namespace
}  // namespace troupe::http
