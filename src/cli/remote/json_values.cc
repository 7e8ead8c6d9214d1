#include "cli/remote/json_values.h"

#include <cmath>

#include "cli/remote/plain_text.h"

namespace troupe::cli::remote {

using Json = nlohmann::json;

const Json& value_at(const Json& object, const char* key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

const Json& list_at(const Json& object, const char* key) {
  static const Json kNone = Json::array();
  const Json& value = value_at(object, key);
  return value.is_array() ? value : kNone;
}

std::string text_at(const Json& object, const char* key) {
  const Json& value = value_at(object, key);
  return value.is_string() ? plain(value.get_ref<const std::string&>()) : "";
}

double number_at(const Json& object, const char* key) {
  const Json& value = value_at(object, key);
  const double number = value.is_number() ? value.get<double>() : 0;
  return std::isfinite(number) ? number : 0;
}

bool flag_at(const Json& object, const char* key) {
  const Json& value = value_at(object, key);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace troupe::cli::remote
