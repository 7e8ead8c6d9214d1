#include "catalog/catalog.h"

#include <algorithm>
#include <set>

#include "catalog/model_reader.h"
#include "catalog/suggest.h"
#include "core/short_text.h"

namespace troupe::catalog {
namespace {

/// Names already given out, so that no id and no alias of a dialect means two models.
struct Names {
  std::set<std::string> ids;
  std::map<std::string, std::map<std::string, std::string>> aliases;  ///< dialect → alias → id

  void add(Reader& reader, const std::string& pointer, const Model& model) {
    if (!ids.insert(model.id).second)
      reader.fail(pointer + "/id", "the id \"" + model.id + "\" is taken by another model");
    for (const auto& [dialect, names] : model.aliases)
      for (const std::string& alias : names) {
        const auto [taken, added] = aliases[dialect].emplace(alias, model.id);
        if (!added)
          reader.fail(pointer + "/aliases/" + dialect,
                      "the alias \"" + alias + "\" is already one of \"" + taken->second + "\"");
      }
  }

  /// An alias may repeat its own model's id; another model's would never be found.
  void check_against_ids(Reader& reader) const {
    for (const auto& [dialect, names] : aliases)
      for (const auto& [alias, id] : names)
        if (alias != id && ids.contains(alias))
          reader.fail("", "the alias \"" + alias + "\" of \"" + id + "\" is another model's id");
  }
};

struct Placed {
  Model model;
  std::string pointer;  ///< where in its file
};

std::vector<Placed> read_file(Reader& reader, const nlohmann::json& json) {
  std::vector<Placed> models;
  const auto read = [&](const Item& own, const Item& shared) {
    Model model = read_model(reader, own, shared);
    if (reader.error()) return;
    check_figures(reader, own.pointer, model);
    models.push_back({std::move(model), own.pointer});
  };
  const Item root{&json, ""};
  if (!json.is_object() || !json.contains("models")) {
    read(root, {});
    return models;
  }
  Object family(reader, root);
  const Item shared = family.maybe("shared");
  for (const Item& own : reader.list(family.need("models"))) read(own, shared);
  family.finish();
  return models;
}

void check_count(Reader& reader, size_t models) {
  if (models > kCatalogModelsMax)
    reader.fail("", "makes more than " + std::to_string(kCatalogModelsMax) + " models",
                ErrorCode::over_limit);
}

std::vector<std::string> names_of(const Catalog& catalog, std::string_view dialect) {
  std::vector<std::string> names;
  for (const Model& model : catalog.models()) {
    names.push_back(model.id);
    for (const auto& [of, aliases] : model.aliases)
      if (dialect.empty() || of == dialect) names.insert(names.end(), aliases.begin(), aliases.end());
  }
  return names;
}

bool has_alias(const Model& model, std::string_view name, std::string_view dialect) {
  for (const auto& [of, aliases] : model.aliases)
    if ((dialect.empty() || of == dialect) &&
        std::find(aliases.begin(), aliases.end(), name) != aliases.end())
      return true;
  return false;
}

Error unknown_model(const Catalog& catalog, std::string_view name, std::string_view dialect) {
  std::string message = "There is no model " + troupe::quoted(name) + ".";
  const auto likely = most_like(name, names_of(catalog, dialect));
  for (size_t i = 0; i < likely.size(); ++i)
    message += (i == 0 ? " Did you mean \"" : i + 1 == likely.size() ? " or \"" : ", \"") + likely[i] + "\"";
  if (!likely.empty()) return make_error(ErrorCode::not_found, message + "?", "/model");
  message += " Known models:";
  for (const Model& model : catalog.models()) message += " " + model.id;
  return make_error(ErrorCode::not_found, message + ".", "/model");
}

}  // namespace

Result<Catalog> Catalog::parse(std::span<const CatalogText> files) {
  Catalog catalog;
  Names names;
  for (const CatalogText& file : files) {
    TROUPE_TRY(const nlohmann::json json, parse_json(file.name, file.json));
    Reader reader(file.name);
    for (Placed& read : read_file(reader, json)) {
      names.add(reader, read.pointer, read.model);
      catalog.models_.push_back(std::move(read.model));
    }
    names.check_against_ids(reader);
    check_count(reader, catalog.models_.size());
    if (reader.error()) return *reader.error();
  }
  return catalog;
}

Result<Catalog> Catalog::with(const CatalogText& file) const {
  TROUPE_TRY(const nlohmann::json json, parse_json(file.name, file.json));
  Reader reader(file.name);
  const std::vector<Placed> further = read_file(reader, json);
  Catalog both;
  Names names;
  for (const Model& model : models_) {
    const auto own = std::find_if(further.begin(), further.end(),
                                  [&](const Placed& read) { return read.model.id == model.id; });
    both.models_.push_back(own == further.end() ? model : own->model);
    if (own == further.end()) names.add(reader, "", model);
  }
  for (const auto& [model, pointer] : further) {
    names.add(reader, pointer, model);
    const bool replaces = std::any_of(models_.begin(), models_.end(),
                                      [&, &id = model.id](const Model& old) { return old.id == id; });
    if (!replaces) both.models_.push_back(model);
  }
  names.check_against_ids(reader);
  check_count(reader, both.models_.size());
  if (reader.error()) return *reader.error();
  return both;
}

Result<const Model*> Catalog::find(std::string_view name, std::string_view dialect) const {
  for (const Model& model : models_)
    if (model.id == name) return &model;
  if (!dialect.empty())
    for (const Model& model : models_)
      if (has_alias(model, name, dialect)) return &model;
  std::vector<const Model*> found;
  for (const Model& model : models_)
    if (has_alias(model, name, {})) found.push_back(&model);
  if (found.empty()) return unknown_model(*this, name, dialect);
  if (found.size() == 1) return found.front();
  std::string message = "The name " + troupe::quoted(name) + " means several models; ask for one by its id:";
  for (const Model* model : found) message += " " + model->id;
  return make_error(ErrorCode::invalid_argument, message + ".", "/model");
}

}  // namespace troupe::catalog
