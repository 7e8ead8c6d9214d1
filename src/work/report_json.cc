#include "work/report_json.h"

#include <nlohmann/json.hpp>

namespace troupe::work {
namespace {

using Json = nlohmann::ordered_json;

Json note_json(const engine::Note& note) {
  Json json = {{"code", note.code},
               {"severity", note.severity == engine::Note::Severity::warning ? "warning" : "info"},
               {"text", note.text}};
  if (note.shot) json["shot"] = *note.shot + 1;
  if (!note.subject.empty()) json["subject"] = note.subject;
  if (!note.suggestion.empty()) json["suggestion"] = note.suggestion;
  return json;
}

}  // namespace

std::string print_report(const engine::RenderReport& report) {
  Json notes = Json::array();
  for (const engine::Note& note : report.notes) notes.push_back(note_json(note));
  const Json json = {{"understood", report.understood},
                     {"not_understood", report.not_understood},
                     {"notes", std::move(notes)},
                     {"timings", report.timings}};
  // Prompts may hold any bytes; what is no UTF-8 is replaced.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace troupe::work
