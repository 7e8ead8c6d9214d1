#include "bench/load/report.h"

#include <algorithm>
#include <cstdio>

namespace troupe::bench {
namespace {

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.5g", value);
  return text;
}

// Our own words: nothing in them but a quote needs care.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' || c < ' ' ? '\'' : c;
  return out + "\"";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

}  // namespace

void Report::row(const std::string& what, const std::vector<Figure>& figures) {
  std::string line, json = "{\"case\": " + quoted(what);
  for (const Figure& figure : figures) {
    line += "  " + figure.name + " " + number(figure.value);
    json += ", " + quoted(figure.name) + ": " + number(figure.value);
  }
  std::fprintf(stderr, "%-9s %-34s%s\n", section_.c_str(), what.c_str(), line.c_str());
  rows_.push_back(json + "}");
}

void Report::must(bool held, const std::string& what) {
  if (held) return;
  std::fprintf(stderr, "%-9s FAILED: %s\n", section_.c_str(), what.c_str());
  failures_.push_back(quoted(what));
}

std::string Report::json() const {
  return quoted(section_) + ": {\"rows\": [" + joined(rows_) + "], \"failures\": [" + joined(failures_) +
         "]}";
}

double percentile(std::vector<double>& values, double percent) {
  if (values.empty()) return 0;
  const size_t index = static_cast<size_t>(static_cast<double>(values.size() - 1) * percent / 100);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
  return values[index];
}

}  // namespace troupe::bench
