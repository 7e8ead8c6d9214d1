#include "work/source_reader.h"

#include <gtest/gtest.h>

namespace troupe::work {
namespace {

constexpr uint64_t kMax = 1000;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// Ways that tell in their bytes what they were asked, and count it.
struct Ways {
  int uploads = 0, objects = 0, urls = 0;
  SourceWays ways() {
    return {[this](const std::string& id, uint64_t) -> Result<Bytes> {
              ++uploads;
              if (id != "mine") return make_error(ErrorCode::not_found, "there is no upload " + id);
              return bytes_of("an upload");
            },
            [this](const std::string& id, uint64_t) -> Result<Bytes> {
              ++objects;
              return bytes_of("object " + id);
            },
            [this](const std::string& url, uint64_t, const CancelToken&) -> Result<Bytes> {
              ++urls;
              if (url.ends_with("/down")) return make_error(ErrorCode::unavailable, "down");
              return bytes_of("from " + url);
            }};
  }
};

TEST(SourceReader, ReadsEachKindInItsWay) {
  Ways ways;
  SourceReader reader(ways.ways());
  EXPECT_EQ(*reader.read({"upload:mine"}, kMax), bytes_of("an upload"));
  EXPECT_EQ(*reader.read({"object:abc"}, kMax), bytes_of("object abc"));
  EXPECT_EQ(*reader.read({"https://example.com/a"}, kMax), bytes_of("from https://example.com/a"));
  EXPECT_EQ(*reader.read({"HTTP://example.com/a"}, kMax), bytes_of("from HTTP://example.com/a"));
  EXPECT_EQ(*reader.read({"data:image/png;base64,aGVsbG8="}, kMax), bytes_of("hello"));
  EXPECT_EQ(*reader.read({"DATA:,hi"}, kMax), bytes_of("hi"));
  EXPECT_EQ(reader.read({"upload:yours"}, kMax).error().code, ErrorCode::not_found);
}

TEST(SourceReader, TakesBareBase64OfMediaOnly) {
  SourceReader reader({});
  const Result<Bytes> png = reader.read({"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"}, kMax);
  ASSERT_TRUE(png) << to_string(png.error());
  EXPECT_EQ((*png)[1], 'P');
  EXPECT_TRUE(reader.read({"/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD"}, kMax)) << "a JPEG begins like a path";
  EXPECT_EQ(reader.read({"aGVsbG8gd29ybGQ="}, kMax).error().code, ErrorCode::unsupported) << "a text";
}

TEST(SourceReader, NeverReadsThisMachinesFiles) {
  Ways ways;
  SourceReader reader(ways.ways());
  for (const char* uri :
       {"fox.png", "/etc/passwd", "../a", "file:///etc/passwd", "FILE:/etc/passwd", "etc", "~/a.png",
        "ftp://example.com/a", "gopher://a", "\\\\host\\a", "C:\\a.png", "/proc/self/environ"}) {
    const Result<Bytes> read = reader.read({uri}, kMax);
    ASSERT_FALSE(read) << uri;
    EXPECT_EQ(read.error().code, ErrorCode::unsupported) << uri;
    EXPECT_NE(read.error().message.find("upload:ID"), std::string::npos) << "the ways that work";
  }
  EXPECT_EQ(reader.read({""}, kMax).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(ways.uploads + ways.objects + ways.urls, 0);
}

TEST(SourceReader, SaysWhatItsServerDoesNotDo) {
  SourceReader reader({});
  for (const char* uri : {"upload:a", "object:a", "https://example.com/a"}) {
    EXPECT_EQ(reader.read({uri}, kMax).error().code, ErrorCode::unsupported) << uri;
  }
}

TEST(SourceReader, ShowsSourcesOnlyInPartAndClean) {
  SourceReader reader({});
  const std::string message = reader.read({"\x1b[2J" + std::string(5000, 'a')}, kMax).error().message;
  EXPECT_LT(message.size(), 400u);
  EXPECT_EQ(message.find('\x1b'), std::string::npos);
}

TEST(SourceReader, AsksForEachUrlOnce) {
  Ways ways;
  SourceReader reader(ways.ways());
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(reader.read({"https://example.com/a"}, kMax));
    EXPECT_EQ(reader.read({"https://example.com/down"}, kMax).error().code, ErrorCode::unavailable);
  }
  EXPECT_EQ(ways.urls, 2);
  EXPECT_EQ(reader.read({"https://example.com/a"}, 3).error().code, ErrorCode::over_limit)
      << "kept, but too large";
}

TEST(SourceReader, BoundsAJobsMediaTogether) {
  Ways ways;
  SourceReader reader(ways.ways(), {}, 20);
  EXPECT_TRUE(reader.read({"data:,0123456789"}, kMax));
  EXPECT_TRUE(reader.read({"data:,01234"}, kMax));
  const Result<Bytes> third = reader.read({"data:;base64,MDEyMzQ1Njc4OQ=="}, kMax);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::over_limit);
  EXPECT_NE(third.error().message.find("together"), std::string::npos);
  EXPECT_TRUE(reader.read({"data:,01234"}, kMax)) << "what fits still does";
}

TEST(SourceReader, StopsWhenCancelled) {
  Ways ways;
  CancelSource cancel;
  SourceReader reader(ways.ways(), cancel.token());
  EXPECT_TRUE(reader.read({"upload:mine"}, kMax));
  cancel.cancel();
  EXPECT_EQ(reader.read({"upload:mine"}, kMax).error().code, ErrorCode::cancelled);
  EXPECT_EQ(ways.uploads, 1);
}

}  // namespace
}  // namespace troupe::work
