#include "api/inline_media.h"

#include <gtest/gtest.h>

#include "base/ids.h"

namespace troupe::api {
namespace {

// Keeps what was decoded.
class Kept final : public InlineMediaSink {
 public:
  std::vector<std::string> media;
  int dropped = 0;
  std::optional<Error> trouble;

  Result<void> begin() override {
    media.emplace_back();
    return {};
  }
  Result<void> write(ByteView bytes) override {
    if (trouble) return *trouble;
    media.back().append(bytes.begin(), bytes.end());
    return {};
  }
  Result<void> end() override { return {}; }
  void drop() override {
    ++dropped;
    media.back() = "dropped";
  }
};

bool begins_as_png(ByteView head) { return head.size() > 4 && head[1] == 'P' && head[2] == 'N'; }

std::string medium(size_t size_bytes, uint8_t seed = 1) {
  std::string bytes = "\x89PNG";
  while (bytes.size() < size_bytes) bytes += static_cast<char>(seed = static_cast<uint8_t>(seed * 5 + 1));
  return bytes;
}

std::string data_url(const std::string& bytes) {
  return "data:image/png;base64," + to_base64(as_bytes(bytes));
}

class InlineMedia : public testing::Test {
 protected:
  Result<InlineMediaText> read(std::string_view body, size_t piece = 4096) {
    sink_ = Kept();
    InlineMediaReader reader(sink_, begins_as_png);
    for (size_t at = 0; at < body.size(); at += piece) TROUPE_CHECK_OK(reader.read(body.substr(at, piece)));
    return reader.finish();
  }
  Kept sink_;
};

TEST_F(InlineMedia, TakesLargeOnesOutWhateverThePieces) {
  const std::string a = medium(40000), b = medium(20001, 7);
  const std::string body = R"({"first_frame": ")" + data_url(a) +
                           R"(", "prompt": "a \"fox\" \\", "extend":")" + to_base64(as_bytes(b)) + "\"}";
  for (const size_t piece : {1u, 7u, 4096u, 1000000u}) {
    const auto text = read(body, piece);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->json, R"({"first_frame": "inline:0", "prompt": "a \"fox\" \\", "extend":"inline:1"})");
    ASSERT_EQ(text->media.size(), 2u);
    EXPECT_FALSE(text->media[0] || text->media[1]);
    EXPECT_EQ(sink_.media, (std::vector<std::string>{a, b})) << piece;
  }
}

TEST_F(InlineMedia, LeavesEverythingElseAsItWas) {
  const std::string word(20000, 'a'), text = "data:text/plain," + std::string(20000, 'x');
  for (const std::string& body :
       {std::string("{}"), std::string(), R"({"prompt": ")" + word + "\"}", "[\"" + text + "\"]",
        "\"" + data_url(medium(300)) + "\"", "{\"a\\\"b\": \"" + word + "\\\"" + word + "\", \"c\": 1}",
        "\"" + std::string(30000, '\\') + "\", \"x\"", std::string("\"never ended"), "\"" + word}) {
    for (const size_t piece : {1u, 5000u}) {
      const auto kept = read(body, piece);
      ASSERT_TRUE(kept);
      EXPECT_EQ(kept->json, body);
      EXPECT_TRUE(kept->media.empty());
    }
  }
}

TEST_F(InlineMedia, ReadsEscapesOfBase64) {
  const std::string bytes = medium(30000, 3);
  std::string escaped;
  for (const char c : data_url(bytes))
    escaped += c == '/' ? (escaped.size() % 2 ? "\\/" : "\\u002F") : c == '+' ? "\\u002b" : std::string(1, c);
  for (const size_t piece : {1u, 3u, 65536u}) {
    const auto text = read("\"" + escaped + "\\r\\n\"", piece);
    ASSERT_TRUE(text);
    EXPECT_EQ(text->json, "\"inline:0\"");
    EXPECT_EQ(sink_.media.at(0), bytes);
  }
}

TEST_F(InlineMedia, SaysWhichIsBrokenAndGoesOn) {
  const std::string good = data_url(medium(20000));
  for (const char* wrong : {"*", "\\u0041\\u00", "\\u12zz", "\\b", "=A", "ä", "A===="}) {
    const auto text = read("[\"" + good + wrong + "\", \"" + good + "\"]", 11);
    ASSERT_TRUE(text) << wrong;
    ASSERT_EQ(text->media.size(), 2u) << wrong;
    EXPECT_TRUE(text->media[0]) << wrong;
    EXPECT_FALSE(text->media[1]) << wrong;
    EXPECT_EQ(text->json, R"(["inline:0", "inline:1"])") << wrong;
    EXPECT_EQ(sink_.dropped, 1);
  }
}

TEST_F(InlineMedia, OneThatNeverEndsIsDropped) {
  const auto text = read("[\"" + data_url(medium(20000)));
  ASSERT_TRUE(text);
  EXPECT_EQ(text->json, "[");
  EXPECT_TRUE(text->media.empty());
  EXPECT_EQ(sink_.dropped, 1);
}

TEST_F(InlineMedia, HoldsItsBounds) {
  EXPECT_EQ(read("\"" + std::string(kJsonTextBytesMax, ' ')).error().code, ErrorCode::over_limit);
  std::string many;
  for (size_t i = 0; i <= kInlineMediaMax; ++i) many += "\"" + data_url(medium(13000)) + "\",";
  EXPECT_EQ(read(many).error().code, ErrorCode::over_limit);
}

TEST_F(InlineMedia, HandsOnWhatTheSinkSays) {
  InlineMediaReader reader(sink_, begins_as_png);
  sink_.trouble = make_error(ErrorCode::unavailable, "the disk is full");
  EXPECT_EQ(reader.read("\"" + data_url(medium(20000))).error().code, ErrorCode::unavailable);
}

TEST(InlineIndex, ReadsNothingElse) {
  EXPECT_EQ(inline_index({"inline:0"}), 0u);
  EXPECT_EQ(inline_index({"INLINE:17"}), 17u);
  for (const char* other : {"inline:", "inline:-1", "inline:1x", "inline", "upload:1", ""})
    EXPECT_EQ(inline_index({other}), std::nullopt) << other;
}

}  // namespace
}  // namespace troupe::api
