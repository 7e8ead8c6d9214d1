// Catalog files of any bytes: parsed or refused, and what was parsed prints and reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe::catalog;
  const std::vector<CatalogText> files{{"fuzz.json", {reinterpret_cast<const char*>(data), size}}};
  const auto catalog = Catalog::parse(files);
  if (!catalog) return 0;
  for (const Model& model : catalog->models()) {
    const std::string printed = model_json(model);
    const std::vector<CatalogText> again{{"printed.json", printed}};
    const auto same = Catalog::parse(again);
    if (!same || same->models() != std::vector<Model>{model} || describe(model).empty()) std::abort();

    troupe::GenerationSpec spec;
    spec.prompt = "Shot 1: rain. Shot 2: sun.";
    const auto resolved = catalog->resolve(spec, model);
    if (resolved && price(model, *resolved).total.micros < 0) std::abort();
  }
  return 0;
}
