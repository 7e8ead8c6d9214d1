#include "core/field_map.h"

#include <nlohmann/json.hpp>

namespace troupe {

using nlohmann::json;

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

std::string FieldMap::print() const {
  if (entries_.empty()) return "";
  json list = json::array();
  for (const Entry& entry : entries_) list.push_back({entry.spec, entry.body, entry.folded});
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

FieldMap FieldMap::parse(std::string_view text) {
  FieldMap map;
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) return map;
  for (const json& entry : list) {
    if (!entry.is_array() || entry.size() != 3 || !entry[0].is_string() || !entry[1].is_string() ||
        !entry[2].is_boolean())
      return {};
    map.entries_.push_back({entry[0], entry[1], entry[2]});
  }
  return map;
}

}  // namespace troupe
