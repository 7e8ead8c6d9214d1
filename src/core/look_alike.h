// "Did you mean …": the word that a misspelt one was probably meant to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Least number of bytes to insert, remove, replace or swap with a neighbour that turns `a` into `b` (optimal
/// string alignment), without regard to the case of ASCII letters.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word`, the earlier of two as near; none if the nearest is further than a third
/// of the word's length, or than 2. An equal candidate counts as near.
std::optional<std::string> look_alike(std::string_view word, const std::vector<std::string>& candidates);

/// " Did you mean "x"?" with a leading space, or "" if nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace troupe
