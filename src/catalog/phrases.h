// Limits in words, as messages and `troupe models` print them. Internal to catalog/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace troupe::catalog {

/// "a", "a or b", "a, b or c".
std::string any_of_words(const std::vector<std::string>& words, std::string_view conjunction = "or");

/// "1 element", "3 elements".
std::string counted(int64_t count, std::string_view thing);

std::string in_words(const DurationRules& rules);    ///< "3 to 15 s in whole seconds", "5, 8 or 10 s"
std::string in_words(const AspectRules& rules);      ///< "16:9 or 9:16", "anything from 1:3 to 3:1"
std::string in_words(const ResolutionRules& rules);  ///< "480p or 720p", "1080p only"
std::string in_words(const FpsRules& rules);         ///< "24", "1 to 60"
std::string in_words(InputGroup group);              ///< "frames" …
std::string in_words(Mode mode);                     ///< "text alone", "a first frame" …

/// Ids of the models, other than `but`, for which `can` holds.
template <class Can>
std::vector<std::string> ids_of(const Catalog& catalog, const Model& but, Can can) {
  std::vector<std::string> ids;
  for (const Model& model : catalog.models())
    if (model.id != but.id && can(model)) ids.push_back(model.id);
  return ids;
}

}  // namespace troupe::catalog
