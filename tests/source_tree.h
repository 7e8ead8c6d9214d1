// The files of this tree, as the tests of its shape see them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::tests {

struct SourceFile {
  std::string path;  ///< below the root: "src/core/tag.h"
  std::string text;
};

struct Include {
  std::string path;  ///< as written, without the quotes or brackets
  int line = 0;
  bool angled = false;
};

/// The root of the tree that this test was built from.
std::filesystem::path tree_root();

/// Every regular file below `folder` ("src") whose name ends with one of `endings`, sorted by path.
/// REQUIRES that the folder exists.
std::vector<SourceFile> files_below(std::string_view folder, const std::vector<std::string>& endings);

/// The text of one file of the tree. REQUIRES that it can be read.
std::string read_file(std::string_view path);

/// The #include lines of a C++ text, those of untaken branches too.
std::vector<Include> includes_of(std::string_view text);

std::vector<std::string> lines_of(std::string_view text);

/// The words of a line, parted by blanks.
std::vector<std::string> words_of(std::string_view line);

/// "x_test.cc", or a header made for tests: "test_x.h", "x_for_test.h".
bool is_test_file(std::string_view path);

}  // namespace troupe::tests
