#include "http/ranges.h"

#include <gtest/gtest.h>

namespace troupe::http {
namespace {

using Ranges = std::vector<ByteRange>;

TEST(Ranges, ReadsOneRangeAndClipsIt) {
  EXPECT_EQ(parse_range("bytes=0-99", 1000), (Ranges{{0, 99}}));
  EXPECT_EQ(parse_range("bytes=100-", 1000), (Ranges{{100, 999}}));
  EXPECT_EQ(parse_range("bytes=-50", 1000), (Ranges{{950, 999}}));
  EXPECT_EQ(parse_range("bytes=-5000", 1000), (Ranges{{0, 999}}));
  EXPECT_EQ(parse_range("bytes=999-5000", 1000), (Ranges{{999, 999}}));
  EXPECT_EQ(parse_range("Bytes = 0-0", 1000), (Ranges{{0, 0}}));
  EXPECT_EQ(parse_range("bytes=5-99999999999999999999999", 10), (Ranges{{5, 9}}));
}

TEST(Ranges, KnowsWhatCannotBeSatisfied) {
  for (const char* text : {"bytes=1000-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999999-"})
    EXPECT_EQ(parse_range(text, 1000), Ranges{}) << text;
  EXPECT_EQ(parse_range("bytes=0-", 0), Ranges{});
  EXPECT_EQ(parse_range("bytes=-5", 0), Ranges{});
}

TEST(Ranges, LeavesTheRestToTheWhole) {
  for (const char* text :
       {"", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=0-1,3-4", "items=0-1",
        "bytes=0x0-1", "bytes=+1-2", "bytes=1 -2", "bytes=--1", "bytes=1-2-3"})
    EXPECT_EQ(parse_range(text, 1000), std::nullopt) << text;
}

class ServeFile : public testing::Test {
 protected:
  Response ask(std::initializer_list<std::pair<const char*, const char*>> fields,
               const char* method = "GET") {
    Request request;
    request.method = method;
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return serve_file(request, "/some/file", 1000, answer);
  }
  static uint64_t first_of(const Response& response) { return std::get<FilePart>(response.body).offset; }
  static uint64_t size_of(const Response& response) { return std::get<FilePart>(response.body).size_bytes; }

  FileAnswer answer{"video/mp4", "\"abc\"", "fox.mp4", false, "private, immutable"};
};

TEST_F(ServeFile, SendsTheWhole) {
  const Response response = ask({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(size_of(response), 1000u);
  EXPECT_EQ(response.headers.get("ETag"), "\"abc\"");
  EXPECT_EQ(response.headers.get("Accept-Ranges"), "bytes");
  EXPECT_EQ(response.headers.get("Content-Type"), "video/mp4");
  EXPECT_EQ(response.headers.get("Cache-Control"), "private, immutable");
  EXPECT_EQ(response.headers.get("Content-Disposition"), "inline; filename=\"fox.mp4\"");
}

TEST_F(ServeFile, SendsOneRange) {
  const Response response = ask({{"Range", "bytes=10-19"}});
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(first_of(response), 10u);
  EXPECT_EQ(size_of(response), 10u);
  EXPECT_EQ(response.headers.get("Content-Range"), "bytes 10-19/1000");
  EXPECT_EQ(ask({{"Range", "bytes=0-1,4-5"}}).status, 200);
  EXPECT_EQ(ask({{"Range", "bytes=10-19"}}, "HEAD").status, 200);
  const Response none = ask({{"Range", "bytes=1000-"}});
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(none.headers.get("Content-Range"), "bytes */1000");
}

TEST_F(ServeFile, WeighsConditions) {
  EXPECT_EQ(ask({{"If-None-Match", "\"abc\""}}).status, 304);
  EXPECT_EQ(ask({{"If-None-Match", "\"x\", W/\"abc\""}}).status, 304);
  EXPECT_EQ(ask({{"If-None-Match", "*"}}).status, 304);
  EXPECT_EQ(ask({{"If-None-Match", "\"x\""}}).status, 200);
  EXPECT_EQ(ask({{"If-None-Match", "abc"}}).status, 200);
  EXPECT_EQ(ask({{"If-Match", "\"abc\""}}).status, 200);
  EXPECT_EQ(ask({{"If-Match", "W/\"abc\""}}).status, 412);
  EXPECT_EQ(ask({{"If-Match", "\"x\""}}).status, 412);
  EXPECT_EQ(ask({{"If-Range", "\"abc\""}, {"Range", "bytes=0-1"}}).status, 206);
  EXPECT_EQ(ask({{"If-Range", "\"x\""}, {"Range", "bytes=0-1"}}).status, 200);
  EXPECT_EQ(ask({{"If-Range", "W/\"abc\""}, {"Range", "bytes=0-1"}}).status, 200);
  EXPECT_EQ(ask({{"If-Range", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Range", "bytes=0-1"}}).status, 200);
}

TEST_F(ServeFile, NamesFilesSafely) {
  answer.attachment = true;
  answer.file_name = "f\u00fcchs \"1\"\r\n/x%.mp4";
  EXPECT_EQ(ask({}).headers.get("Content-Disposition"),
            "attachment; filename=\"f_chs _1____x_.mp4\"; "
            "filename*=UTF-8''f%C3%BCchs%20%221%22%0D%0A%2Fx%25.mp4");
}

}  // namespace
}  // namespace troupe::http
