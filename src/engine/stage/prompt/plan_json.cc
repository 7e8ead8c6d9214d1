#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/stage/plan.h"

namespace troupe::stage {
namespace {

using nlohmann::json;

template <class Enum>
json names(const std::vector<Enum>& values) {
  json list = json::array();
  for (const Enum value : values) list.push_back(name(value));
  return list;
}

template <class Enum>
json name_or_null(const std::optional<Enum>& value) {
  return value ? json(name(*value)) : json(nullptr);
}

/// Three decimals are plenty for people, and hide that 0.6f is no 0.6.
json rounded(float value) { return std::round(static_cast<double>(value) * 1000) / 1000; }

json to_json(const SubjectPlan& subject) {
  json beats = json::array();
  for (const Beat& beat : subject.beats) {
    beats.push_back(
        {{"action", name(beat.action)}, {"begin", rounded(beat.begin)}, {"end", rounded(beat.end)}});
  }
  return {{"reference", subject.reference},
          {"noun", subject.noun},
          {"beats", beats},
          {"path", name(subject.path)},
          {"facing", name(subject.facing)},
          {"screen_x", subject.screen_x ? rounded(*subject.screen_x) : json(nullptr)},
          {"nearer", rounded(subject.nearer)},
          {"scale", rounded(subject.scale)},
          {"mirrored", subject.mirrored},
          {"seated", subject.seated}};
}

json camera_json(const ShotPlan& shot) {
  return {{"size", name_or_null(shot.size)}, {"angle", name(shot.angle)}, {"lens", names(shot.lens)},
          {"move", name(shot.move)},         {"asked", shot.move_asked},  {"speed", rounded(shot.move_speed)},
          {"smooth", shot.move_smooth},      {"shake", name(shot.shake)}};
}

json to_json(const ShotPlan& shot) {
  json subjects = json::array(), speech = json::array();
  for (const SubjectPlan& subject : shot.subjects) subjects.push_back(to_json(subject));
  for (const Speech& line : shot.speech) speech.push_back({{"text", line.text}, {"speaker", line.speaker}});
  return {{"frames", shot.frames},
          {"camera", camera_json(shot)},
          {"environment", name(shot.environment)},
          {"environment_asked", shot.environment_asked},
          {"scene_reference", shot.scene_reference ? json(*shot.scene_reference) : json(nullptr)},
          {"time", name(shot.time)},
          {"time_asked", shot.time_asked},
          {"light", names(shot.light)},
          {"weather", names(shot.weather)},
          {"season", name_or_null(shot.season)},
          {"style", names(shot.style)},
          {"subjects", subjects},
          {"speech", speech},
          {"footsteps", shot.footsteps},
          {"ambience", shot.ambience},
          {"music", shot.music},
          {"transition", name(shot.transition)}};
}

json to_json(const engine::Note& note) {
  return {{"code", note.code},
          {"severity", note.severity == engine::Note::Severity::warning ? "warning" : "info"},
          {"shot", note.shot ? json(*note.shot) : json(nullptr)},
          {"subject", note.subject},
          {"text", note.text},
          {"suggestion", note.suggestion}};
}

}  // namespace

std::string plan_json(const Plan& plan) {
  json shots = json::array(), notes = json::array();
  for (const ShotPlan& shot : plan.shots) shots.push_back(to_json(shot));
  for (const engine::Note& note : plan.notes) notes.push_back(to_json(note));
  json root = {{"shots", shots},
               {"further_views", json::array()},
               {"understood", plan.understood},
               {"not_understood", plan.not_understood},
               {"notes", notes}};
  for (const FurtherView& view : plan.further_views)
    root["further_views"].push_back({{"reference", view.reference}, {"of", view.of}});
  // Prompts may hold any bytes; what is no UTF-8 is replaced.
  return root.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace troupe::stage
