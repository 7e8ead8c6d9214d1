#include "api/native/printing.h"

namespace troupe::api::native {
namespace {

/// The catalog's own JSON, marked as what it is.
Json model_object(const catalog::Model& model) {
  Json json{{"object", "model"}};
  json.update(Json::parse(catalog::model_json(model), nullptr, /*allow_exceptions=*/false));
  return json;
}

}  // namespace

std::string print_model(const catalog::Model& model) { return print_answer(model_object(model)); }

std::string print_models(const catalog::Catalog& catalog) {
  return print_answer(list_json(all_of(std::span(catalog.models()), model_object), ""));
}

}  // namespace troupe::api::native
