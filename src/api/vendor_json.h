// Values that answers in vendors' forms have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "catalog/model.h"
#include "core/job.h"
#include "core/money.h"

namespace troupe::api {

/// One line; bytes that are no UTF-8 are replaced.
std::string print_json(const nlohmann::ordered_json& json);

/// 1.4: whole where it is whole.
nlohmann::ordered_json amount_json(const Money& money);

/// The steps of a JSON Pointer, unescaped; a text that is none is one step.
std::vector<std::string> pointer_steps(std::string_view pointer);
/// "elements[0].frontal_image_url"
std::string dotted(std::string_view pointer);

/// Everything that is wrong, with its fixes, in one text: for clients that show nothing else.
std::string all_errors(const Problem& problem);

/// Why there is no such model here ("not_found", "unavailable"), whatever else is wrong; null if there is.
const catalog::Violation* model_error(const Problem& problem);

/// What the model is called in a dialect: its first alias there, else its id.
std::string_view name_in(const catalog::Model& model, std::string_view dialect);

/// When the built-in models were listed first, in seconds of Unix time: what vendors tell of each model.
inline constexpr int64_t kModelsCreated = 1795219200;

/// Seconds of a take, exactly.
double take_seconds(const Take& take);

}  // namespace troupe::api
