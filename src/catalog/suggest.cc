#include "catalog/suggest.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace troupe::catalog {
namespace {

constexpr size_t kNameBytesMax = 120;
constexpr size_t kSuggestionsMax = 3;

/// Lower-case letters and digits only: people forget dots and dashes before they forget words.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name.substr(0, kNameBytesMax)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
  }
  return letters;
}

/// Levenshtein distance.
size_t edits(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row[b.size()];
}

/// How far `candidate` is from what was typed; none if nobody would take one for the other.
std::optional<size_t> distance(const std::string& typed, const std::string& candidate) {
  const size_t changed = edits(typed, candidate);
  if (changed <= std::max<size_t>(2, typed.size() / 4)) return changed;
  const bool holds = candidate.find(typed) != std::string::npos || typed.find(candidate) != std::string::npos;
  if (typed.size() >= 3 && candidate.size() >= 3 && holds) return changed + kNameBytesMax;
  return std::nullopt;
}

}  // namespace

std::vector<std::string> most_like(std::string_view name, const std::vector<std::string>& known) {
  const std::string typed = plain(name);
  std::vector<std::pair<size_t, std::string>> found;
  for (const std::string& candidate : known)
    if (const auto far = distance(typed, plain(candidate))) found.emplace_back(*far, candidate);
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (const auto& [far, candidate] : found)
    if (names.size() < kSuggestionsMax && std::find(names.begin(), names.end(), candidate) == names.end())
      names.push_back(candidate);
  return names;
}

}  // namespace troupe::catalog
