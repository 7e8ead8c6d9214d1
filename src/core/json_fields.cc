#include "core/json_fields.h"

#include <algorithm>

#include "core/json_document.h"
#include "core/look_alike.h"
#include "core/short_text.h"

namespace troupe {

using nlohmann::json;

namespace {

const json& empty_object() {
  static const json empty = json::object();
  return empty;
}

}  // namespace

std::string type_name(const json& value) {
  switch (value.type()) {
    case json::value_t::string:
      return "a text";
    case json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case json::value_t::object:
      return "an object";
    case json::value_t::array:
      return "a list";
    case json::value_t::null:
      return "null";
    default:
      return "a number";
  }
}

JsonFields::JsonFields(const JsonValue& value, ErrorList& errors)
    : object_(value.value.is_object() ? value.value : empty_object()),
      pointer_(value.pointer),
      errors_(errors) {
  if (!value.value.is_object()) {
    report(ErrorCode::invalid_argument, "must be an object, but is " + type_name(value.value));
  }
}

const json* JsonFields::find(std::string_view key) {
  known_.emplace_back(key);
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool JsonFields::has(std::string_view key) const {
  const auto found = object_.find(key);
  return found != object_.end() && !found->is_null();
}

std::string JsonFields::pointer(std::string_view key) const {
  return key.empty() ? pointer_ : json_pointer(pointer_, key);
}

void JsonFields::report(ErrorCode code, std::string message, std::string_view key) {
  errors_.add(code, std::move(message), pointer(key));
}

void JsonFields::report_at(ErrorCode code, std::string message, std::string pointer) {
  errors_.add(code, std::move(message), std::move(pointer));
}

void JsonFields::report_type(std::string_view key, std::string_view wanted, const json& found) {
  report(ErrorCode::invalid_argument, "must be " + std::string(wanted) + ", but is " + type_name(found), key);
}

std::optional<std::string> JsonFields::text(std::string_view key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  report_type(key, "a text", *value);
  return std::nullopt;
}

std::optional<bool> JsonFields::boolean(std::string_view key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  report_type(key, "true or false", *value);
  return std::nullopt;
}

std::optional<int> JsonFields::integer(std::string_view key, int low, int high) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  // A double holds every number that may pass, and is far off for those that may not.
  const double number = value->is_number() ? value->get<double>() : low - 1.0;
  if (number >= low && number <= high && number == static_cast<int>(number)) return static_cast<int>(number);
  const std::string range = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  if (value->is_number()) {
    report(number > high ? ErrorCode::over_limit : ErrorCode::invalid_argument, "must be " + range, key);
  } else {
    report_type(key, range, *value);
  }
  return std::nullopt;
}

std::optional<JsonValue> JsonFields::any(std::string_view key) {
  const json* value = find(key);
  if (value == nullptr) return std::nullopt;
  return JsonValue{*value, pointer(key)};
}

std::vector<JsonValue> JsonFields::list(std::string_view key, size_t count_max) {
  const json* value = find(key);
  if (value == nullptr) return {};
  if (!value->is_array()) {
    report_type(key, "a list", *value);
    return {};
  }
  if (value->size() > count_max) {
    report(ErrorCode::over_limit,
           "has " + std::to_string(value->size()) + " entries; at most " + std::to_string(count_max) +
               " are allowed",
           key);
  }
  std::vector<JsonValue> items;
  for (size_t i = 0; i < std::min(value->size(), count_max); ++i) {
    items.push_back({(*value)[i], json_pointer(pointer(key), std::to_string(i))});
  }
  return items;
}

std::string JsonFields::known_fields() const {
  std::string text = " Known fields:";
  for (const std::string& key : known_) text += (&key == known_.data() ? " " : ", ") + key;
  return text + ".";
}

std::vector<std::string> JsonFields::unknown() const {
  std::vector<std::string> keys;
  for (const auto& field : object_.items())
    if (std::find(known_.begin(), known_.end(), field.key()) == known_.end()) keys.push_back(field.key());
  return keys;
}

void JsonFields::refuse_unknown() {
  for (const std::string& key : unknown()) {
    if (errors_.full()) return;
    const std::string meant = did_you_mean(key, known_);
    report(ErrorCode::invalid_argument, "unknown field." + (meant.empty() ? known_fields() : meant), key);
  }
}

}  // namespace troupe
