// Which folder may include what: the rules of arrows.txt, and what breaks them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/source_tree.h"

namespace troupe::tests {

class Arrows {
 public:
  /// Reads rules as in arrows.txt. Throws std::runtime_error for a line that is none.
  explicit Arrows(std::string_view rules);

  /// One sentence for each include of `files` (paths start with "src/") that no rule allows.
  std::vector<std::string> broken(const std::vector<SourceFile>& files) const;

  /// The folder whose rules are those of "core/tag.h": the longest that is named; empty if there is none.
  std::string owner(std::string_view path_below_src) const;

 private:
  using Allowed = std::vector<std::string>;

  void add(const std::string& line);
  bool folder_allowed(const std::string& from, const std::string& path, bool test) const;
  bool library_allowed(const std::string& from, const std::string& path, bool test) const;
  bool library_for_all(const std::string& path) const;

  std::map<std::string, Allowed> folders_, tests_;
  std::map<std::string, Allowed> libraries_, test_libraries_;  // by pattern
};

}  // namespace troupe::tests
