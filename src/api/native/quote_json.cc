#include "api/native/printing.h"
#include "core/tag.h"

namespace troupe::api::native {
namespace {

constexpr double kQuotedEtaStep = 0.1;

/// A stretch of prompt, with the name of the reference that it mentions.
Json part_json(const PromptPart& part, const GenerationSpec& spec) {
  Json json{{"text", part.text}};
  if (!part.reference) return json;
  json["reference"] = *part.reference;
  json["name"] = default_name(spec.references, *part.reference);
  return json;
}

Json shots_json(const catalog::Resolved& resolved, const GenerationSpec& spec) {
  Json shots = Json::array();
  for (size_t i = 0; i < resolved.prompt.shots.size(); ++i) {
    Json parts = Json::array();
    for (const PromptPart& part : resolved.prompt.shots[i].parts) parts.push_back(part_json(part, spec));
    shots.push_back({{"duration_seconds", seconds_json(resolved.shot_durations.at(i))},
                     {"frames", resolved.shot_frames.at(i)},
                     {"prompt", std::move(parts)}});
  }
  return shots;
}

Json resolved_json(const catalog::Resolved& resolved, const GenerationSpec& spec) {
  return {{"mode", name(resolved.mode)},
          {"duration_seconds", seconds_json(resolved.duration)},
          {"aspect_ratio", print(resolved.aspect_ratio)},
          {"resolution", std::to_string(resolved.tier) + "p"},
          {"width", resolved.size.width},
          {"height", resolved.size.height},
          {"fps", rate_json(resolved.fps)},
          {"audio", resolved.audio},
          {"count", resolved.count},
          {"seed", seed_json(resolved.seed)},
          {"seed_given", resolved.seed_given},
          {"all_references_meant", resolved.prompt.binds_all},
          {"shots", shots_json(resolved, spec)}};
}

Json line_json(const catalog::QuoteLine& line) {
  constexpr double kThousandth = 1e-3;
  return {{"what", line.what},
          {"quantity", rounded(static_cast<double>(line.quantity) * kThousandth, kThousandth)},
          {"unit", line.unit},
          {"rate", money_json(line.rate)},
          {"amount", money_json(line.amount)},
          {"kept_on_rejection", line.kept_on_rejection},
          {"note", text_or_null(line.note)}};
}

Json price_json(const catalog::Quote& quote) {
  Json lines = Json::array();
  for (const catalog::QuoteLine& line : quote.lines) lines.push_back(line_json(line));
  return {{"total", money_json(quote.total)},
          {"lines", std::move(lines)},
          {"complete", quote.complete},
          {"note", text_or_null(quote.note)}};
}

Json budget_json(const QuoteAnswer& answer) {
  if (!answer.budget_left_micros) return {};
  const Currency currency = answer.quote   ? answer.quote->total.currency
                            : answer.model ? answer.model->price.currency
                                           : Currency::usd;
  return money_json({*answer.budget_left_micros, currency});
}

}  // namespace

std::string print_quote(const QuoteAnswer& answer, const GenerationSpec& spec) {
  Json violations = Json::array();
  for (const catalog::Violation& rule : answer.violations) violations.push_back(violation_json(rule));
  return print_answer({{"object", "quote"},
                       {"model", answer.model ? answer.model->id : spec.model},
                       {"accepted", answer.model && answer.violations.empty() && answer.resolved},
                       {"violations", std::move(violations)},
                       {"price", answer.quote ? price_json(*answer.quote) : Json()},
                       {"budget_left", budget_json(answer)},
                       {"engine", text_or_null(answer.engine)},
                       {"draft", answer.draft},
                       {"seconds", answer.seconds ? rounded(*answer.seconds, kQuotedEtaStep) : Json()},
                       {"resolved", answer.resolved ? resolved_json(*answer.resolved, spec) : Json()}});
}

}  // namespace troupe::api::native
