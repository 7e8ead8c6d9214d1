// One catalog entry, from JSON to a Model. Internal to catalog/.
#pragma once

#include "catalog/json_reader.h"
#include "catalog/model.h"

namespace troupe::catalog {

/// Reads a model whose keys are in `own` or `shared`. What is wrong is left in `reader`.
Model read_model(Reader& reader, const Item& own, const Item& shared);

/// Says through `fail` which figures of the model contradict each other: a default that is no choice, a range
/// turned round, a resolution without a price. `pointer` is the model's.
void check_figures(Reader& reader, const std::string& pointer, const Model& model);

}  // namespace troupe::catalog
