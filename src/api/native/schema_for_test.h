// As much of JSON Schema as openapi.json uses, for tests that compare it with what is really said.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "api/native/wire.h"
#include "base/utf8.h"

namespace troupe::api::native {

inline const nlohmann::json& openapi_for_test() {
  static const nlohmann::json document = nlohmann::json::parse(openapi_json());
  return document;
}

/// Checks values against the document's schemas and collects what is wrong. In answers a field that no schema
/// names is wrong too: it would be undocumented.
class SchemaChecker {
 public:
  using Json = nlohmann::json;

  static std::vector<std::string> check(const Json& value, const Json& schema, bool answer) {
    SchemaChecker checker(answer);
    checker.visit(value, schema, "");
    return checker.wrong_;
  }

  /// What "$ref" names; the schema itself if it has none.
  static const Json& resolved(const Json& schema) {
    if (!schema.contains("$ref")) return schema;
    const auto pointer = schema["$ref"].get<std::string>();
    return openapi_for_test().at(Json::json_pointer(pointer.substr(1)));
  }

 private:
  explicit SchemaChecker(bool answer) : answer_(answer) {}

  void fail(const std::string& where, const std::string& what) { wrong_.push_back(where + ": " + what); }

  void visit(const Json& value, const Json& given, const std::string& where) {
    const Json& schema = resolved(given);
    for (const char* choice : {"anyOf", "oneOf"})
      if (schema.contains(choice)) visit_choice(value, schema[choice], choice == std::string("oneOf"), where);
    if (schema.contains("type") && !has_type(value, schema["type"]))
      return fail(where, "is " + value.dump().substr(0, 80) + ", not " + schema["type"].dump());
    if (schema.contains("const") && value != schema["const"]) fail(where, "is not " + schema["const"].dump());
    if (schema.contains("enum")) {
      const Json& allowed = schema["enum"];
      if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
        fail(where, value.dump() + " is none of " + allowed.dump());
    }
    visit_bounds(value, schema, where);
    if (value.is_object()) visit_object(value, schema, where);
    if (value.is_array() && schema.contains("items"))
      for (size_t i = 0; i < value.size(); ++i)
        visit(value[i], schema["items"], where + "/" + std::to_string(i));
  }

  void visit_choice(const Json& value, const Json& choices, bool exactly_one, const std::string& where) {
    const auto fits = [&](const Json& choice) { return check(value, choice, answer_).empty(); };
    const auto count = std::count_if(choices.begin(), choices.end(), fits);
    if (count == 0 || (exactly_one && count > 1))
      fail(where, value.dump().substr(0, 200) + " fits " + std::to_string(count) + " of " + choices.dump());
  }

  void visit_bounds(const Json& value, const Json& schema, const std::string& where) {
    const auto number = [&](const char* key) { return schema.value(key, 0.0); };
    const auto size = static_cast<double>(value.is_string() ? utf8_length(value.get_ref<const std::string&>())
                                                            : value.size());
    if (value.is_number() && schema.contains("minimum") && value < schema["minimum"])
      fail(where, "too small");
    if (value.is_number() && schema.contains("maximum") && value > schema["maximum"])
      fail(where, "too large");
    const std::string unit = value.is_string() ? "Length" : "Items";
    if (!value.is_string() && !value.is_array()) return;
    if (schema.contains("min" + unit) && size < number(("min" + unit).c_str())) fail(where, "too short");
    if (schema.contains("max" + unit) && size > number(("max" + unit).c_str())) fail(where, "too long");
    if (!value.is_string()) return;
    const std::string format = schema.value("format", "");
    const auto& text = value.get_ref<const std::string&>();
    static const std::regex kTime(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"), kDate(R"(\d{4}-\d\d-\d\d)");
    if (format == "date-time" && !std::regex_match(text, kTime)) fail(where, text + " is no time");
    if (format == "date" && !std::regex_match(text, kDate)) fail(where, text + " is no date");
    if (format == "uri" && !text.starts_with("http")) fail(where, text + " is no URL");
  }

  void visit_object(const Json& value, const Json& schema, const std::string& where) {
    const Json properties = schema.value("properties", Json::object());
    for (const Json& key : schema.value("required", Json::array()))
      if (!value.contains(key.get<std::string>())) fail(where, key.get<std::string>() + " is missing");
    const bool closed =
        schema.value("additionalProperties", Json(!(answer_ && !properties.empty()))) == false;
    for (const auto& [key, item] : value.items()) {
      if (properties.contains(key)) {
        visit(item, properties[key], where + "/" + key);
      } else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object()) {
        visit(item, schema["additionalProperties"], where + "/" + key);
      } else if (closed) {
        fail(where, key + " is not in the schema");
      }
    }
  }

  static bool has_type(const Json& value, const Json& type) {
    if (type.is_array())
      return std::any_of(type.begin(), type.end(), [&](const Json& one) { return has_type(value, one); });
    const auto name = type.get<std::string>();
    return name == "object"    ? value.is_object()
           : name == "array"   ? value.is_array()
           : name == "string"  ? value.is_string()
           : name == "boolean" ? value.is_boolean()
           : name == "null"    ? value.is_null()
           : name == "integer" ? value.is_number_integer()
                               : value.is_number();
  }

  bool answer_;
  std::vector<std::string> wrong_;
};

/// What is wrong with a printed answer by the schema of that name, one line each; "" = nothing.
inline std::string misfit(const std::string& printed, const std::string& schema) {
  const auto value = nlohmann::json::parse(printed, nullptr, false);
  if (value.is_discarded()) return "no JSON: " + printed;
  if (!is_utf8(printed)) return "no UTF-8";
  std::string text;
  for (const auto& line :
       SchemaChecker::check(value, {{"$ref", "#/components/schemas/" + schema}}, /*answer=*/true))
    text += line + "\n";
  return text;
}

}  // namespace troupe::api::native
