#include "api/submission.h"

namespace troupe::api {

void FieldMap::add(std::string spec, std::string body) {
  entries_.push_back({std::move(spec), std::move(body), false});
}

void FieldMap::fold(std::string spec, std::string body) {
  entries_.push_back({std::move(spec), std::move(body), true});
}

std::string FieldMap::in_body(std::string_view spec) const {
  const Entry* best = nullptr;
  for (const Entry& entry : entries_) {
    const bool leads =
        spec.starts_with(entry.spec) && (spec.size() == entry.spec.size() || spec[entry.spec.size()] == '/');
    if (leads && (best == nullptr || entry.spec.size() >= best->spec.size())) best = &entry;
  }
  if (best == nullptr) return "";
  return best->folded ? best->body : best->body + std::string(spec.substr(best->spec.size()));
}

}  // namespace troupe::api
