#include "tests/arrows.h"

#include <fnmatch.h>

#include <algorithm>
#include <stdexcept>

namespace troupe::tests {

namespace {

bool matches(const std::string& pattern, const std::string& path) {
  return fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
}

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Of the standard library: <vector>, but not <unistd.h> and not <hwy/highway.h>.
bool is_standard(const std::string& header) { return header.find_first_of("./") == std::string::npos; }

std::string below_src(const std::string& path) { return path.substr(path.find('/') + 1); }

}  // namespace

Arrows::Arrows(std::string_view rules) {
  for (const std::string& line : lines_of(rules)) {
    if (!line.empty() && line.front() != '#') add(line);
  }
}

void Arrows::add(const std::string& line) {
  std::vector<std::string> words = words_of(line);
  if (words.size() < 2 || !words[1].ends_with(':')) throw std::runtime_error("not a rule: " + line);
  const std::string kind = words[0];
  const std::string name = words[1].substr(0, words[1].size() - 1);
  const Allowed allowed(words.begin() + 2, words.end());
  if (kind == "folder") {
    folders_[name] = allowed;
  } else if (kind == "tests") {
    tests_[name] = allowed;
  } else if (kind == "library") {
    libraries_[name] = allowed;
  } else if (kind == "test-library") {
    test_libraries_[name] = allowed;
  } else {
    throw std::runtime_error("not a rule: " + line);
  }
}

std::string Arrows::owner(std::string_view path_below_src) const {
  std::string longest;
  for (const auto& [folder, allowed] : folders_) {
    if (path_below_src.starts_with(folder + "/") && folder.size() > longest.size()) longest = folder;
  }
  return longest;
}

bool Arrows::folder_allowed(const std::string& from, const std::string& path, bool test) const {
  const std::string to = owner(path);
  const auto allows = [&](const std::string& entry) {
    return entry == "*" ? to != "server" : entry == to || matches(entry, path);
  };
  const Allowed& allowed = folders_.at(from);
  if (from == to || std::any_of(allowed.begin(), allowed.end(), allows)) return true;
  const auto more = tests_.find(from);
  return test && more != tests_.end() && std::any_of(more->second.begin(), more->second.end(), allows);
}

bool Arrows::library_allowed(const std::string& from, const std::string& path, bool test) const {
  const auto allows = [&](const auto& rule) {
    return matches(rule.first, path) && (contains(rule.second, "*") || contains(rule.second, from));
  };
  return std::any_of(libraries_.begin(), libraries_.end(), allows) ||
         (test && std::any_of(test_libraries_.begin(), test_libraries_.end(), allows));
}

bool Arrows::library_for_all(const std::string& path) const {
  const auto for_all = [&](const auto& rule) {
    return matches(rule.first, path) && contains(rule.second, "*");
  };
  return is_standard(path) || std::any_of(libraries_.begin(), libraries_.end(), for_all) ||
         std::any_of(test_libraries_.begin(), test_libraries_.end(), for_all);
}

std::vector<std::string> Arrows::broken(const std::vector<SourceFile>& files) const {
  std::map<std::string, std::vector<std::string>>
      shown;  // by header: libraries' headers that not all may see
  for (const SourceFile& file : files) {
    for (const Include& include : includes_of(file.text)) {
      if (include.angled && !library_for_all(include.path))
        shown[below_src(file.path)].push_back(include.path);
    }
  }

  std::vector<std::string> sentences;
  for (const SourceFile& file : files) {
    const std::string from = owner(below_src(file.path));
    if (from.empty()) {
      sentences.push_back(file.path + ": its folder has no rule in tests/arrows.txt");
      continue;
    }
    const bool test = is_test_file(file.path);
    for (const Include& include : includes_of(file.text)) {
      const std::string where = file.path + ":" + std::to_string(include.line) + ": ";
      if (include.angled) {
        if (!is_standard(include.path) && !library_allowed(from, include.path, test))
          sentences.push_back(where + from + " may not include <" + include.path + ">");
      } else if (!folder_allowed(from, include.path, test)) {
        sentences.push_back(where + from + " may not include \"" + include.path + "\"");
      } else if (owner(include.path) != from && shown.contains(include.path)) {
        for (const std::string& library : shown[include.path]) {
          if (library_allowed(from, library, test)) continue;
          sentences.push_back(where + "\"" + include.path + "\" shows <" + library + ">, which " + from +
                              " may not include");
        }
      }
    }
  }
  return sentences;
}

}  // namespace troupe::tests
