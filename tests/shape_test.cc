// The shape that CONTRIBUTING.md asks of the tree.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "tests/function_lengths.h"
#include "tests/source_tree.h"

namespace troupe::tests {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFileLinesMax = 600;
constexpr int kFunctionLinesMax = 70;

const std::vector<std::string> kCode{".h", ".cc"};

// The exceptions to `rule`: paths, or "path:word of the function's head".
std::set<std::string> exceptions_to(const std::string& rule) {
  std::set<std::string> places;
  for (const std::string& line : lines_of(read_file("tests/shape_exceptions.txt"))) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() > 2 && words[0] == rule) places.insert(words[1]);
  }
  return places;
}

// All of our code and build files, but not data that is shown as it came.
std::vector<SourceFile> own_files() {
  std::vector<SourceFile> files;
  for (const char* folder : {"src", "tests", "fuzz", "bench", "cmake", "scripts", ".ci", "docs"}) {
    for (SourceFile& file : files_below(folder, {".h", ".cc", ".cmake", ".txt", ".md", ".in", "setup", "demo",
                                                 "test", "format", "run"})) {
      if (!file.path.starts_with("fuzz/corpus/")) files.push_back(std::move(file));
    }
  }
  return files;
}

// "path:line" of every line in which `pattern` is found.
std::string lines_with(const std::regex& pattern) {
  std::string places;
  for (const SourceFile& file : own_files()) {
    int number = 0;
    for (const std::string& line : lines_of(file.text)) {
      ++number;
      if (std::regex_search(line, pattern)) places += file.path + ":" + std::to_string(number) + "\n";
    }
  }
  return places;
}

TEST(Shape, FilesAreShort) {
  const auto exceptions = exceptions_to("file");
  std::string long_files;
  for (const char* folder : {"src", "tests", "fuzz", "bench"}) {
    for (const SourceFile& file : files_below(folder, kCode)) {
      const size_t lines = lines_of(file.text).size();
      if (lines > kFileLinesMax && !exceptions.contains(file.path))
        long_files += file.path + ": " + std::to_string(lines) + " lines\n";
    }
  }
  EXPECT_EQ(long_files, "");
}

bool is_excepted(const std::set<std::string>& exceptions, const std::string& path, const std::string& head) {
  for (const std::string& place : exceptions) {
    const size_t colon = place.find(':');
    if (place.substr(0, colon) == path && colon != std::string::npos &&
        head.find(place.substr(colon + 1)) != std::string::npos)
      return true;
  }
  return false;
}

TEST(Shape, FunctionsAreShort) {
  const auto exceptions = exceptions_to("function");
  std::string long_functions;
  for (const char* folder : {"src", "tests", "fuzz", "bench"}) {
    for (const SourceFile& file : files_below(folder, kCode)) {
      for (const FunctionLength& function : function_lengths(file.text)) {
        if (function.lines <= kFunctionLinesMax || is_excepted(exceptions, file.path, function.head))
          continue;
        long_functions += file.path + ":" + std::to_string(function.line) + ": " +
                          std::to_string(function.lines) + " lines: " + function.head + "\n";
      }
    }
  }
  EXPECT_EQ(long_functions, "");
}

// A folder has its README.md, or is a part that the one above names ("matte/").
bool is_described(const fs::path& folder) {
  if (fs::exists(tree_root() / folder / "README.md")) return true;
  const fs::path above = folder.parent_path() / "README.md";
  return fs::exists(tree_root() / above) &&
         read_file(above.generic_string()).find(folder.filename().string() + "/") != std::string::npos;
}

TEST(Shape, FoldersWithHeadersAreDescribed) {
  std::set<fs::path> folders;
  for (const SourceFile& file : files_below("src", {".h"})) folders.insert(fs::path(file.path).parent_path());
  std::string missing;
  for (const fs::path& folder : folders) {
    if (!is_described(folder)) missing += folder.generic_string() + "\n";
  }
  EXPECT_EQ(missing, "");
}

// The words are written with a class so that this file does not hold them.
TEST(Shape, NothingIsLeftToDo) { EXPECT_EQ(lines_with(std::regex(R"(\b(TOD[O]|FIXM[E]|XX[X])\b)")), ""); }

TEST(Shape, NoPathOfOneMachine) {
  EXPECT_EQ(lines_with(std::regex(R"((^|[^\w.])/(wor[k]|roo[t]|tmp/buil[d])/)")), "");
}

}  // namespace
}  // namespace troupe::tests
