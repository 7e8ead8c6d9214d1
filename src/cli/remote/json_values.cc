#include "cli/remote/json_values.h"

#include <cmath>

#include "cli/remote/plain_text.h"

namespace troupe::cli::remote {

const nlohmann::json& value_at(const nlohmann::json& object, const char* key) {
  static const nlohmann::json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

const nlohmann::json& list_at(const nlohmann::json& object, const char* key) {
  static const nlohmann::json kNone = nlohmann::json::array();
  const nlohmann::json& value = value_at(object, key);
  return value.is_array() ? value : kNone;
}

std::string text_at(const nlohmann::json& object, const char* key) {
  const nlohmann::json& value = value_at(object, key);
  return value.is_string() ? plain(value.get_ref<const std::string&>()) : "";
}

double number_at(const nlohmann::json& object, const char* key) {
  const nlohmann::json& value = value_at(object, key);
  const double number = value.is_number() ? value.get<double>() : 0;
  return std::isfinite(number) ? number : 0;
}

bool flag_at(const nlohmann::json& object, const char* key) {
  const nlohmann::json& value = value_at(object, key);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace troupe::cli::remote
