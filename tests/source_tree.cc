#include "tests/source_tree.h"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "base/places_for_test.h"

namespace troupe::tests {

namespace fs = std::filesystem;

fs::path tree_root() { return places::in_tree(""); }

std::string read_file(std::string_view path) {
  std::ifstream file(tree_root() / path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("cannot read " + std::string(path));
  return text.str();
}

std::vector<SourceFile> files_below(std::string_view folder, const std::vector<std::string>& endings) {
  std::vector<SourceFile> files;
  auto below = fs::recursive_directory_iterator(tree_root() / folder);
  for (const auto end = fs::recursive_directory_iterator(); below != end; ++below) {
    const auto& entry = *below;
    if (entry.path().filename() == "node_modules") {  // other people's
      below.disable_recursion_pending();
      continue;
    }
    const std::string path = fs::relative(entry.path(), tree_root()).generic_string();
    const auto ends = [&](const std::string& ending) { return path.ends_with(ending); };
    if (!entry.is_regular_file() || std::none_of(endings.begin(), endings.end(), ends)) continue;
    files.push_back({path, read_file(path)});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::vector<Include> includes_of(std::string_view text) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*(?:"([^"]*)"|<([^>]*)>))re");
  std::vector<Include> includes;
  int number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    std::smatch match;
    if (!std::regex_search(line, match, kInclude)) continue;
    const bool angled = match[2].matched;
    includes.push_back({match[angled ? 2 : 1].str(), number, angled});
  }
  return includes;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(line)};
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool is_test_file(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  return name.ends_with("_test.cc") || name.starts_with("test_") || name.ends_with("_for_test.h");
}

}  // namespace troupe::tests
