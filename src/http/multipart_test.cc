#include "http/multipart.h"

#include <gtest/gtest.h>

#include "http/body_store.h"

namespace troupe::http {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=\"xyz\"";

struct Part {
  PartHead head;
  std::string data;
  bool ended = false;
};

class Multipart : public testing::Test {
 protected:
  Result<void> read(std::string body, std::string_view type = kType) {
    parts.clear();
    return read_multipart(Body(std::move(body)), type, sink);
  }
  std::string part(const std::string& fields, const std::string& data) {
    return "--xyz\r\n" + fields + "\r\n\r\n" + data + "\r\n";
  }

  std::vector<Part> parts;
  PartSink sink{[this](const PartHead& head) -> Result<void> {
                  parts.push_back({head, "", false});
                  return {};
                },
                [this](ByteView bytes) -> Result<void> {
                  parts.back().data.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                  return {};
                },
                [this]() -> Result<void> {
                  parts.back().ended = true;
                  return {};
                }};
  const std::string named = "Content-Disposition: form-data; name=\"a\"";
};

TEST_F(Multipart, ReadsFieldsAndFiles) {
  const std::string binary("\0\r\n--xy\r\n-\xff", 12);
  const auto outcome =
      read("preamble\r\n" + part("Content-Disposition: form-data; name=\"prompt\"", "a fox") +
           part("content-type: image/png\r\nCONTENT-DISPOSITION: form-data; filename=\"fox.png\"; "
                "name=picture",
                binary) +
           part(named, "") + "--xyz--\r\nepilogue");
  ASSERT_TRUE(outcome) << outcome.error().message;
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].head.name, "prompt");
  EXPECT_EQ(parts[0].head.content_type, "text/plain");
  EXPECT_EQ(parts[0].head.file_name, "");
  EXPECT_EQ(parts[0].data, "a fox");
  EXPECT_EQ(parts[1].head.name, "picture");
  EXPECT_EQ(parts[1].head.file_name, "fox.png");
  EXPECT_EQ(parts[1].head.content_type, "image/png");
  EXPECT_EQ(parts[1].data, binary);
  EXPECT_EQ(parts[2].data, "");
  EXPECT_TRUE(parts[2].ended);
}

TEST_F(Multipart, GivesNamesWithoutPathsAndEscapes) {
  const std::pair<const char*, const char*> names[] = {
      {"../../etc/x.png", "x.png"},         {"C:\\dir\\x.png", "x.png"},
      {"C:\\\\dir\\\\x.png", "x.png"},      {"a%22b.png", "a\"b.png"},
      {"a\\\"b.png", "a\"b.png"},           {"a;b=c.png", "a;b=c.png"},
      {"f\u00fcchs.png", "f\u00fcchs.png"}, {"a%0D%0Ab", "ab"}};
  for (const auto& [sent, given] : names) {
    ASSERT_TRUE(read(part(named + "; filename=\"" + sent + "\"", "x") + "--xyz--"));
    EXPECT_EQ(parts.at(0).head.file_name, given);
  }
}

TEST_F(Multipart, IsTheSameWhereverPiecesEnd) {
  // Pieces are 256 KiB: boundaries are put across each place of their edge.
  for (size_t shift = 0; shift < 12; ++shift) {
    const std::string data((256 << 10) - 60 - shift, 'x');
    const auto outcome = read(part(named, data) + part(named, data + "\r\n--xy") + "--xyz--\r\n");
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].data, data);
    EXPECT_EQ(parts[1].data, data + "\r\n--xy");
  }
}

TEST_F(Multipart, RefusesOtherTypes) {
  for (const char* type : {"", "text/plain", "multipart/mixed; boundary=x", "multipart/form-data",
                           "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
                           "multipart/form-data; boundary=a\x01"}) {
    EXPECT_EQ(read("--x--", type).error().code, ErrorCode::invalid_argument) << type;
  }
  const std::string long_boundary(71, 'x');
  EXPECT_FALSE(read("", "multipart/form-data; boundary=" + long_boundary));
}

TEST_F(Multipart, RefusesDamagedBodies) {
  const std::string bodies[] = {
      "",
      "--xyz",
      "--xyz\r\n",
      part(named, "cut off"),
      part(named, "other") + "--xyzz--",
      part("Content-Type: text/plain", "no name") + "--xyz--",
      part("Content-Disposition: form-data; name=\"\"", "") + "--xyz--",
      part("Content-Disposition: attachment; name=\"a\"", "") + "--xyz--",
      part("Content-Disposition: form-data; name=\"\xff\"", "") + "--xyz--",
      part(named + "\r\n" + named, "") + "--xyz--",
      part(named + "\r\nno colon", "") + "--xyz--",
      part(named + "\r\nContent-Transfer-Encoding: base64", "") + "--xyz--",
      "--xyz\r\n\r\nno header\r\n--xyz--",
  };
  for (const std::string& body : bodies) EXPECT_EQ(read(body).error().code, ErrorCode::corrupt_input) << body;
}

TEST_F(Multipart, KeepsToItsBounds) {
  std::string many;
  for (int i = 0; i < kPartsMax; ++i) many += part(named, "");
  EXPECT_TRUE(read(many + "--xyz--"));
  EXPECT_EQ(read(many + part(named, "") + "--xyz--").error().code, ErrorCode::over_limit);
  const std::string wide = "X: " + std::string(kPartHeaderBytesMax, 'x');
  EXPECT_EQ(read(part(named + "\r\n" + wide, "") + "--xyz--").error().code, ErrorCode::over_limit);
  EXPECT_EQ(read("--xyz\r\n" + wide).error().code, ErrorCode::over_limit);
  EXPECT_EQ(read("--xyz" + std::string(1000, ' ')).error().code, ErrorCode::corrupt_input);
}

TEST_F(Multipart, StopsWhereTheSinkDoes) {
  sink.data = [](ByteView) -> Result<void> { return make_error(ErrorCode::over_limit, "too much"); };
  EXPECT_EQ(read(part(named, "x") + "--xyz--").error().message, "too much");
}

}  // namespace
}  // namespace troupe::http
