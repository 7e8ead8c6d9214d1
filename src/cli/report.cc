#include "cli/report.h"

#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/spec_flags.h"
#include "cli/terminal.h"

namespace troupe::cli {
namespace {

using Json = nlohmann::ordered_json;

// JSON must be UTF-8, whatever a file is called.
std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json number(double value, double unit) { return std::round(value / unit) * unit; }

Json fps_json(FrameRate rate) {
  if (rate.denominator == 1) return rate.numerator;
  return std::round(rate.per_second() * 1000) / 1000;
}

double duration_seconds(int64_t frames, FrameRate rate) {
  return std::round(static_cast<double>(frames) / rate.per_second() * 1e6) / 1e6;
}

Json note_json(const engine::Note& note) {
  Json json = {{"code", note.code},
               {"severity", note.severity == engine::Note::Severity::warning ? "warning" : "info"},
               {"text", note.text}};
  if (note.shot) json["shot"] = *note.shot + 1;
  if (!note.subject.empty()) json["subject"] = note.subject;
  if (!note.suggestion.empty()) json["suggestion"] = note.suggestion;
  return json;
}

void add_reading(const engine::RenderReport& report, const std::string& draft, Json& json) {
  json["understood"] = report.understood;
  json["not_understood"] = report.not_understood;
  Json warnings = Json::array(), notes = Json::array();
  if (!draft.empty()) warnings.push_back(draft);
  for (const engine::Note& note : report.notes) {
    if (note.severity == engine::Note::Severity::warning) warnings.push_back(note.text);
    notes.push_back(note_json(note));
  }
  json["warnings"] = warnings;
  json["notes"] = notes;
}

Json take_json(const work::TakeReport& take, const std::string& model, const std::string& draft) {
  Json json = {{"output", take.output.string()},
               {"width", take.size.width},
               {"height", take.size.height},
               {"fps", fps_json(take.rate)},
               {"frames", take.frames},
               {"duration_seconds", duration_seconds(take.frames, take.rate)},
               {"seed", take.seed},
               {"engine", take.engine.name},
               {"draft", take.engine.draft},
               {"model", model},
               {"audio", take.audio},
               {"size_bytes", take.size_bytes}};
  add_reading(take.render, draft, json);
  Json timings = Json::object();
  for (const auto& [stage, seconds] : take.render.timings) timings[stage] = number(seconds, 0.001);
  json["timings"] = timings;
  return json;
}

std::string fps_text(FrameRate rate) { return fps_json(rate).dump(); }

std::string lines_of(const engine::RenderReport& report) {
  std::string text;
  for (const std::string& line : report.understood) text += "  " + line + "\n";
  if (!report.not_understood.empty()) {
    text += "  not used:";
    for (const std::string& word : report.not_understood) text += " " + word;
    text += "\n";
  }
  for (const engine::Note& note : report.notes) {
    const bool warning = note.severity == engine::Note::Severity::warning;
    const std::string where = note.shot ? "shot " + std::to_string(*note.shot + 1) + ": " : "";
    const std::string hint = note.suggestion.empty() ? "" : " " + note.suggestion;
    text += colored(warning ? "  ! " : "  - ", warning ? "33" : "2") + where + note.text + hint + "\n";
  }
  return text;
}

Json violation_json(const catalog::Violation& v) {
  return {{"field", v.field}, {"code", v.code}, {"rule", v.rule}, {"fix", v.fix}};
}

}  // namespace

std::string print_violations(const std::vector<catalog::Violation>& violations, const GenerationSpec& spec) {
  std::string text =
      colored("refused: ", "31") +
      (violations.size() == 1 ? "1 rule is" : std::to_string(violations.size()) + " rules are") + " broken\n";
  for (const catalog::Violation& v : violations) {
    text += "  " + (v.field.empty() ? "" : flag_of(spec, v.field) + ": ") + v.rule;
    if (!v.fix.empty()) text += " " + v.fix;
    text += "\n";
  }
  return text;
}

std::string violations_json(const std::vector<catalog::Violation>& violations) {
  Json list = Json::array();
  for (const catalog::Violation& v : violations) list.push_back(violation_json(v));
  return dump({{"error",
                {{"code", "refused"},
                 {"message", std::to_string(violations.size()) + " rules are broken"},
                 {"violations", list}}}});
}

std::string error_json(const Error& error) {
  Json json = {{"code", std::string(name(error.code))}, {"message", error.message}};
  if (!error.field.empty()) json["field"] = error.field;
  return dump({{"error", json}});
}

void tell_violations(const std::vector<catalog::Violation>& violations, const GenerationSpec& spec,
                     bool json) {
  if (json) {
    std::cout << violations_json(violations);
  } else {
    std::cerr << print_violations(violations, spec);
  }
}

void tell_error(const Error& error, bool json) {
  if (json) {
    std::cout << error_json(error);
  } else {
    std::cerr << colored("troupe: ", "31") << to_string(error) << "\n";
  }
}

catalog::Violation to_violation(const Error& error) {
  return {error.field, std::string(name(error.code)), error.message, ""};
}

std::string takes_json(const std::vector<work::TakeReport>& takes, const catalog::Model& model) {
  const std::string draft = draft_warning(model, !takes.empty() && takes.front().engine.draft);
  if (takes.size() == 1) return dump(take_json(takes.front(), model.id, draft));
  Json list = Json::array();
  for (const work::TakeReport& take : takes) list.push_back(take_json(take, model.id, draft));
  return dump({{"takes", list}});
}

std::string print_take(const work::TakeReport& take, const std::string& model, const std::string& draft) {
  std::string text = take.output.string() + "  " + std::to_string(take.size.width) + "x" +
                     std::to_string(take.size.height) + "  " + fps_text(take.rate) + " fps  " +
                     Json(duration_seconds(take.frames, take.rate)).dump() + " s  " +
                     (take.engine.draft ? "draft of " : "") + model + " by " + take.engine.name + ", seed " +
                     std::to_string(take.seed) + "\n";
  if (!draft.empty()) text += colored("  ! ", "33") + draft + "\n";
  return text + lines_of(take.render);
}

std::string quote_json(const catalog::Model& model, const catalog::Quote& quote) {
  Json lines = Json::array();
  for (const catalog::QuoteLine& line : quote.lines) {
    Json json = {{"what", line.what},
                 {"quantity", static_cast<double>(line.quantity) / 1000},
                 {"unit", line.unit},
                 {"rate_micros", line.rate.micros},
                 {"amount_micros", line.amount.micros},
                 {"kept_on_rejection", line.kept_on_rejection}};
    if (!line.note.empty()) json["note"] = line.note;
    lines.push_back(std::move(json));
  }
  Json json = {{"model", model.id},
               {"currency", quote.total.currency == Currency::usd ? "usd" : "credits"},
               {"total_micros", quote.total.micros},
               {"total", print(quote.total)},
               {"complete", quote.complete},
               {"lines", lines}};
  if (!quote.note.empty()) json["note"] = quote.note;
  return dump(json);
}

std::string plan_json(const work::PreparedTake& take, const engine::RenderReport& report, bool draft) {
  Json json = {{"model", take.model->id},
               {"width", take.resolved.size.width},
               {"height", take.resolved.size.height},
               {"fps", fps_json(take.resolved.fps)},
               {"frames", frame_count(take.resolved.duration, take.resolved.fps)},
               {"duration_seconds", take.resolved.duration.seconds()},
               {"seed", take.resolved.seed},
               {"mode", std::string(name(take.resolved.mode))},
               {"audio", take.resolved.audio},
               {"price", print(take.quote.total)}};
  add_reading(report, draft_warning(*take.model, draft), json);
  json["plan"] = report.plan_json.empty() ? Json() : Json::parse(report.plan_json, nullptr, false);
  return dump(json);
}

std::string print_plan(const work::PreparedTake& take, const engine::RenderReport& report) {
  const auto& r = take.resolved;
  std::string text = take.model->id + "  " + std::to_string(r.size.width) + "x" +
                     std::to_string(r.size.height) + "  " + fps_text(r.fps) + " fps  " +
                     print_seconds(r.duration) + " s  seed " + std::to_string(r.seed) + "  " +
                     print(take.quote.total) + "\n";
  return text + lines_of(report);
}

std::string draft_warning(const catalog::Model& model, bool draft) {
  if (!draft || model.engine == catalog::EngineKind::stage) return "";
  return draft_warning(model.id, "here");
}

std::string draft_warning(const std::string& model, const std::string& where) {
  return "This is a draft by the stage engine: no key or engine for " + model + " is set up " + where + ".";
}

}  // namespace troupe::cli
