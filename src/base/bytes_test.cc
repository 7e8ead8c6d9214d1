#include "base/bytes.h"

#include <gtest/gtest.h>

#include <fstream>

namespace troupe {
namespace {

class Files : public ::testing::Test {
 protected:
  std::filesystem::path path_ =
      std::filesystem::path(::testing::TempDir()) /
      (std::string("bytes_") + ::testing::UnitTest::GetInstance()->current_test_info()->name());
  void write(std::string_view text) { std::ofstream(path_, std::ios::binary) << text; }
  void TearDown() override { std::filesystem::remove(path_); }
};

TEST_F(Files, ReadsWhatIsThere) {
  write("abc");
  const auto bytes = read_file(path_, 3);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(std::string(bytes->begin(), bytes->end()), "abc");
}

TEST_F(Files, RefusesWhatIsTooLarge) {
  write("abcd");
  EXPECT_EQ(read_file(path_, 3).error().code, ErrorCode::over_limit);
}

TEST_F(Files, MissingFileAndFolderAreNotFound) {
  EXPECT_EQ(read_file(path_, 3).error().code, ErrorCode::not_found);
  EXPECT_EQ(read_file(::testing::TempDir(), 3).error().code, ErrorCode::not_found);
}

TEST(Sha256, MatchesThePublishedVector) {  // FIPS 180-2, appendix B.1
  EXPECT_EQ(sha256_hex(as_bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace troupe
