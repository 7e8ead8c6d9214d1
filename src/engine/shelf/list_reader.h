// Reads models.json. Private to engine/shelf/.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_fields.h"
#include "engine/shelf/model_list.h"

namespace troupe::shelf {

/// One text's reader. The first thing that is wrong becomes the error.
class ListReader {
 public:
  explicit ListReader(std::string_view label) : label_(label) {}
  Result<ModelList> read(std::string_view json);

 private:
  void read_part(const std::string& id, const JsonValue& value);
  void read_files(Part& part, JsonFields& fields);
  void read_model(const std::string& id, const JsonValue& value);
  void read_parts_of(ModelEntry& model, JsonFields& fields);
  void check_roles(const ModelEntry& model, JsonFields& fields);
  void read_licence(Licence& licence, const JsonValue& value);
  void read_sampling(Sampling& sampling, const JsonValue& value);
  std::string need_text(JsonFields& fields, std::string_view key);
  int need_integer(JsonFields& fields, std::string_view key, int low, int high);
  std::optional<double> number(JsonFields& fields, std::string_view key);
  const Part* find_part(const JsonValue& value);

  std::string label_;
  ErrorList errors_{1};
  std::string negative_prompt_;
  ModelList list_;
};

}  // namespace troupe::shelf
