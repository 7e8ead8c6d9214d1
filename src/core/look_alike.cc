#include "core/look_alike.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/short_text.h"

namespace troupe {
namespace {

constexpr int kDistanceMax = 2;
constexpr size_t kWordBytesMax = 128;  // longer words are compared by their beginning

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  const std::string from = lower_ascii(a.substr(0, kWordBytesMax));
  const std::string to = lower_ascii(b.substr(0, kWordBytesMax));
  std::vector<int> before(to.size() + 1), above(to.size() + 1), row(to.size() + 1);
  for (size_t j = 0; j <= to.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= from.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= to.size(); ++j) {
      const int replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[to.size()];
}

std::optional<std::string> look_alike(std::string_view word, const std::vector<std::string>& candidates) {
  const int limit = std::min(kDistanceMax, static_cast<int>(word.size() / 3));
  std::optional<std::string> nearest;
  int nearest_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    const auto longer = static_cast<int64_t>(candidate.size()) - static_cast<int64_t>(word.size());
    if (std::abs(longer) >= nearest_distance) continue;  // needs at least as many insertions or removals
    const int distance = edit_distance(word, candidate);
    if (distance >= nearest_distance) continue;
    nearest_distance = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto near = look_alike(word, candidates);
  return near ? " Did you mean " + troupe::quoted(*near) + "?" : "";
}

}  // namespace troupe
