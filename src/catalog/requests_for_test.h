// Requests that the tests of this folder share.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"

namespace troupe::catalog {

inline const Catalog& builtin_for_test() {
  static const Catalog catalog = load_builtin().value();
  return catalog;
}

inline const Model& model_for_test(std::string_view name) { return *builtin_for_test().find(name).value(); }

inline Reference reference_of(ReferenceKind kind) { return Reference{kind, "", {"a.png"}, {}, {}, {}}; }

/// A request with a prompt and so many references of each kind.
inline GenerationSpec request(int elements, int scenes = 0, int images = 0) {
  GenerationSpec spec;
  spec.prompt = "They walk through the city at night.";
  spec.references.insert(spec.references.end(), elements, reference_of(ReferenceKind::element));
  spec.references.insert(spec.references.end(), scenes, reference_of(ReferenceKind::scene));
  spec.references.insert(spec.references.end(), images, reference_of(ReferenceKind::image));
  return spec;
}

/// A request that the model takes: text alone, or one reference of a kind that it knows.
inline GenerationSpec plain_request(const Model& model) {
  if (model.has(Mode::text)) return request(0);
  if (!model.has(Mode::references)) {
    GenerationSpec framed = request(0);
    framed.first_frame = MediaSource{"first.png"};
    return framed;
  }
  return model.inputs.elements_max > 0 ? request(1) : request(0, 0, 1);
}

/// "/field code" of every violation.
inline std::vector<std::string> broken(const GenerationSpec& spec, std::string_view model) {
  std::vector<std::string> lines;
  for (const Violation& violation : builtin_for_test().check(spec, model_for_test(model)))
    lines.push_back(violation.field + " " + violation.code);
  return lines;
}

using Broken = std::vector<std::string>;
inline const Broken kNothing;

}  // namespace troupe::catalog
