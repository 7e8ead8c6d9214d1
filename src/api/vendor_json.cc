#include "api/vendor_json.h"

#include <algorithm>

namespace troupe::api {

using Json = nlohmann::ordered_json;

std::string print_json(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json amount_json(const Money& money) {
  constexpr int64_t kOne = 1'000'000;
  if (money.micros % kOne == 0) return money.micros / kOne;
  return static_cast<double>(money.micros) / kOne;
}

std::vector<std::string> pointer_steps(std::string_view pointer) {
  std::vector<std::string> steps;
  if (!pointer.empty() && pointer.front() != '/') return {std::string(pointer)};  // a header's name, say
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // the slash
    const size_t end = std::min(pointer.find('/'), pointer.size());
    std::string step;
    for (size_t i = 0; i < end; ++i) {
      const bool escaped =
          pointer[i] == '~' && i + 1 < end && (pointer[i + 1] == '0' || pointer[i + 1] == '1');
      step += !escaped ? pointer[i] : pointer[++i] == '0' ? '~' : '/';
    }
    steps.push_back(std::move(step));
    pointer.remove_prefix(end);
  }
  return steps;
}

std::string dotted(std::string_view pointer) {
  std::string text;
  for (const std::string& step : pointer_steps(pointer)) {
    const bool index =
        !step.empty() && std::all_of(step.begin(), step.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (index) {
      text += "[" + step + "]";
    } else {
      text += (text.empty() ? "" : ".") + step;
    }
  }
  return text;
}

std::string all_errors(const Problem& problem) {
  std::string text;
  for (const catalog::Violation& error : problem.errors) {
    text += (text.empty() ? "" : " ") + (error.field.empty() ? "" : dotted(error.field) + ": ") + error.rule;
    if (!error.fix.empty()) text += " " + error.fix;
  }
  return text.empty() ? problem.detail : text;
}

const catalog::Violation* model_error(const Problem& problem) {
  for (const catalog::Violation& error : problem.errors)
    if (error.field == "/model" && (error.code == "not_found" || error.code == "unavailable")) return &error;
  return nullptr;
}

std::string_view name_in(const catalog::Model& model, std::string_view dialect) {
  const auto names = model.aliases.find(std::string(dialect));
  return names == model.aliases.end() || names->second.empty() ? std::string_view(model.id)
                                                               : std::string_view(names->second.front());
}

double take_seconds(const Take& take) {
  return static_cast<double>(take.frames) * take.rate.denominator / take.rate.numerator;
}

}  // namespace troupe::api
