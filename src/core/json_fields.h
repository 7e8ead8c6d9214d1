// Reads the fields of a JSON object by name and notices every one that is missing, wrong or unknown.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe {

/// Where violations go. Stops collecting at its bound.
class ErrorList {
 public:
  explicit ErrorList(size_t count_max) : count_max_(count_max) {}
  void add(ErrorCode code, std::string message, std::string field) {
    if (!full()) errors_.push_back({code, std::move(message), std::move(field)});
  }
  bool full() const { return errors_.size() >= count_max_; }
  std::vector<Error> take() && { return std::move(errors_); }

 private:
  size_t count_max_;
  std::vector<Error> errors_;
};

/// One value and its place in the document. The document must outlive it.
struct JsonValue {
  const nlohmann::json& value;
  std::string pointer;
};

/// "a text", "a number" …: what a value is, for messages.
std::string type_name(const nlohmann::json& value);

/// One object of the document. Every accessor returns none for an absent or null field, and reports a field
/// of another type. The document and the list must outlive it.
class JsonFields {
 public:
  /// Reports `value` and is empty if it is no object.
  JsonFields(const JsonValue& value, ErrorList& errors);

  std::optional<std::string> text(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  /// Whole numbers from `low` to `high`.
  std::optional<int> integer(std::string_view key, int low, int high);
  /// Any value.
  std::optional<JsonValue> any(std::string_view key);
  /// Items of a list of at most `count_max`; an absent list is empty, of a longer one the rest is left out.
  std::vector<JsonValue> list(std::string_view key, size_t count_max);

  bool has(std::string_view key) const;
  std::string pointer(std::string_view key = {}) const;
  void report(ErrorCode code, std::string message, std::string_view key = {});
  /// The same with a pointer into the document.
  void report_at(ErrorCode code, std::string message, std::string pointer);
  /// Reports every field that no accessor has asked for. Call it last.
  void refuse_unknown();
  /// Every field that no accessor has asked for.
  std::vector<std::string> unknown() const;

 private:
  const nlohmann::json* find(std::string_view key);
  std::string known_fields() const;
  void report_type(std::string_view key, std::string_view wanted, const nlohmann::json& found);

  const nlohmann::json& object_;
  std::string pointer_;
  ErrorList& errors_;
  std::vector<std::string> known_;
};

}  // namespace troupe
