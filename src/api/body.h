// Reading a request's body: one JSON object, all of its errors at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/submission.h"
#include "base/result.h"
#include "core/json_document.h"
#include "core/json_fields.h"

namespace troupe::api {

inline constexpr size_t kBodyErrorsMax = 64;
inline constexpr int kSmallBodyDepthMax = 8;

/// The first of `errors` (at least one); `all`, if given, gets every one.
Error refuse(std::vector<Error> errors, std::vector<Error>* all);

/// A small body while it is read.
struct SmallBody {
  const nlohmann::json& root;
  ErrorList& errors;
  JsonFields& fields;  ///< of the root
};

/// Reads a small body by `read(SmallBody&)`, which makes the value; what it reports, and every field that it
/// has not asked for, becomes the errors.
template <class T, class Read>
Result<T> read_small_body(std::string_view json, std::vector<Error>* all, Read read) {
  JsonDocument document = parse_json(json, kSmallBodyBytesMax, kSmallBodyDepthMax);
  if (!document.errors.empty()) return refuse(std::move(document.errors), all);
  ErrorList errors(kBodyErrorsMax);
  JsonFields fields({document.root, ""}, errors);
  SmallBody body{document.root, errors, fields};
  T value = read(body);
  fields.refuse_unknown();
  std::vector<Error> found = std::move(errors).take();
  if (!found.empty()) return refuse(std::move(found), all);
  return value;
}

/// A text of at most `size_bytes_max` bytes.
std::optional<std::string> bounded_text(JsonFields& fields, std::string_view key, size_t size_bytes_max);
/// Where events may be sent: an absolute http or https URL without spaces, user name or fragment. Whether the
/// host may be reached is asked when it is.
std::optional<std::string> url_field(JsonFields& fields, std::string_view key);
/// Reports `key` as missing.
void require(JsonFields& fields, std::string_view key, const std::string& what);

}  // namespace troupe::api
