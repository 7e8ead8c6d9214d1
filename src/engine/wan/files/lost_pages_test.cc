#include "engine/wan/files/lost_pages.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/wan/files/mapping.h"

namespace troupe::engine::wan {
namespace {

namespace fs = std::filesystem;

TEST(LostPages, AreZerosAndAreMarked) {
  constexpr size_t kSize = 1 << 18;
  const fs::path file = fs::temp_directory_path() / ("troupe_cut_" + std::to_string(::getpid()));
  std::ofstream(file) << std::string(kSize, 'a');
  const auto cut = Mapping::open(file).value();
  const auto other = Mapping::open(file).value();
  EXPECT_EQ(cut->bytes().back(), std::byte{'a'});
  fs::resize_file(file, 10);
  EXPECT_FALSE(cut->damaged()) << "nothing was read yet";
  EXPECT_EQ(cut->bytes().back(), std::byte{0});
  EXPECT_EQ(cut->bytes().front(), std::byte{'a'});
  EXPECT_TRUE(cut->damaged());
  EXPECT_FALSE(other->damaged());
  fs::remove(file);
}

}  // namespace
}  // namespace troupe::engine::wan
