#include "cli/remote/json_values.h"

#include <cmath>

#include "cli/remote/plain_text.h"

namespace troupe::cli::remote {

using AnyJson = nlohmann::json;

const AnyJson& value_at(const AnyJson& object, const char* key) {
  static const AnyJson kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

const AnyJson& list_at(const AnyJson& object, const char* key) {
  static const AnyJson kNone = AnyJson::array();
  const AnyJson& value = value_at(object, key);
  return value.is_array() ? value : kNone;
}

std::string text_at(const AnyJson& object, const char* key) {
  const AnyJson& value = value_at(object, key);
  return value.is_string() ? plain(value.get_ref<const std::string&>()) : "";
}

double number_at(const AnyJson& object, const char* key) {
  const AnyJson& value = value_at(object, key);
  const double number = value.is_number() ? value.get<double>() : 0;
  return std::isfinite(number) ? number : 0;
}

bool flag_at(const AnyJson& object, const char* key) {
  const AnyJson& value = value_at(object, key);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace troupe::cli::remote
