#include "work/media_reader.h"

#include <gtest/gtest.h>

#include <fstream>

namespace troupe::work {
namespace {

std::string text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

TEST(DataUrl, DecodesBase64AndPercent) {
  EXPECT_EQ(text(*decode_data_url("data:text/plain;base64,aGVsbG8=", 100)), "hello");
  EXPECT_EQ(text(*decode_data_url("data:;base64,aGVsbG8", 100)), "hello");
  EXPECT_EQ(text(*decode_data_url("data:;base64,aGk", 100)), "hi");
  EXPECT_EQ(text(*decode_data_url("data:,a%20b%zz", 100)), "a b%zz");
  EXPECT_TRUE(decode_data_url("data:,", 100)->empty());
}

TEST(DataUrl, RefusesWhatIsDamagedOrLarge) {
  EXPECT_EQ(decode_data_url("data:image/png;base64", 100).error().code, ErrorCode::corrupt_input);
  EXPECT_EQ(decode_data_url("data:;base64,a*b=", 100).error().code, ErrorCode::corrupt_input);
  EXPECT_EQ(decode_data_url("data:;base64,aaaaa", 100).error().code, ErrorCode::corrupt_input);
  EXPECT_EQ(decode_data_url("data:;base64," + std::string(1000, 'a'), 100).error().code,
            ErrorCode::over_limit);
}

TEST(LocalMediaReader, ReadsPathsAndFileUrls) {
  const std::string path = ::testing::TempDir() + "reader test.txt";
  std::ofstream(path) << "abc";
  LocalMediaReader reader;
  EXPECT_EQ(text(*reader.read({path}, 10)), "abc");
  std::string url = "file://" + path;
  url.replace(url.find(' '), 1, "%20");
  EXPECT_EQ(text(*reader.read({url}, 10)), "abc");
  EXPECT_EQ(reader.read({path}, 2).error().code, ErrorCode::over_limit);
  std::remove(path.c_str());
  EXPECT_EQ(reader.read({path}, 10).error().code, ErrorCode::not_found);
}

TEST(LocalMediaReader, SaysWhatItDoesNotRead) {
  LocalMediaReader reader;
  EXPECT_EQ(reader.read({"https://example.com/a.png"}, 10).error().code, ErrorCode::unsupported);
  EXPECT_EQ(reader.read({"upload:abc"}, 10).error().code, ErrorCode::unsupported);
  EXPECT_EQ(reader.read({""}, 10).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(reader.read({"/"}, 10).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace troupe::work
