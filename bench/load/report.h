// What a section found: figures for people as they come, the same for programs at the end.
#pragma once

#include <string>
#include <vector>

namespace troupe::bench {

struct Figure {
  std::string name;  ///< a unit or what it is a ratio to, last: "p99_ms", "accepted_to_target"
  double value = 0;
};

class Report {
 public:
  explicit Report(std::string section) : section_(std::move(section)) {}

  /// Prints a line on stderr.
  void row(const std::string& what, const std::vector<Figure>& figures);
  /// What has to hold for the server to be right, whatever the machine's speed.
  void must(bool held, const std::string& what);
  /// {"rows": [{"case": …, …}], "failures": […]}
  std::string json() const;

 private:
  std::string section_;
  std::vector<std::string> rows_, failures_;
};

/// The value below which `percent` of them are; 0 without any. Reorders them.
double percentile(std::vector<double>& values, double percent);

}  // namespace troupe::bench
