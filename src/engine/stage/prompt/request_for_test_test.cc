#include "engine/stage/prompt/request_for_test.h"

#include <gtest/gtest.h>

namespace troupe::stage::prompt {
namespace {

constexpr int64_t kShotFrames = 120;

void append(std::string& line, std::string_view word) {
  if (!line.empty()) line += ' ';
  line += word;
}

std::string describe(const SubjectPlan& subject, const std::string& name_of_reference) {
  std::string line = "@" + name_of_reference;
  for (size_t i = 0; i < subject.beats.size(); ++i) {
    line += (i == 0 ? " " : "+") + std::string(name(subject.beats[i].action));
  }
  if (subject.path != Path::stay) append(line, name(subject.path));
  if (subject.path == Path::stay && subject.facing != Facing::front) append(line, name(subject.facing));
  if (subject.screen_x) append(line, "x" + std::to_string(static_cast<int>(*subject.screen_x * 100 + 0.5f)));
  if (subject.nearer > 0) append(line, "nearer");
  if (subject.nearer < 0) append(line, "farther");
  if (subject.scale > 1) append(line, "bigger");
  if (subject.scale < 1) append(line, "smaller");
  if (subject.mirrored) append(line, "mirrored");
  if (subject.seated) append(line, "seated");
  return line;
}

template <class Enum>
void append_all(std::string& line, const std::vector<Enum>& values) {
  for (const Enum value : values) append(line, name(value));
}

}  // namespace

const Vocabulary& test_vocabulary() {
  static const Vocabulary kVocabulary = load_vocabulary().value();
  return kVocabulary;
}

std::vector<Reference> references_for_test(std::string_view kinds) {
  std::vector<Reference> references;
  for (const char kind : kinds) {
    Reference reference;
    reference.kind = kind == 'E'   ? ReferenceKind::element
                     : kind == 'S' ? ReferenceKind::scene
                                   : ReferenceKind::image;
    reference.source.uri = "picture.png";
    references.push_back(reference);
  }
  return references;
}

engine::RenderRequest request_for_test(std::string_view kinds, const std::vector<std::string>& prompts) {
  engine::RenderRequest request;
  request.spec.references = references_for_test(kinds);
  if (prompts.size() == 1) {
    request.spec.prompt = prompts.front();
  } else {
    for (const std::string& prompt : prompts) request.spec.shots.push_back({prompt, std::nullopt});
  }
  BindResult bound = bind(request.spec);
  for (const Error& error : bound.errors) ADD_FAILURE() << to_string(error);
  request.prompt = std::move(bound.prompt);
  request.shot_frames.assign(request.prompt.shots.size(), kShotFrames);
  request.size = {1280, 720};
  request.rate = {24, 1};
  return request;
}

Plan plan_for_test(std::string_view kinds, const std::vector<std::string>& prompts) {
  return make_plan(test_vocabulary(), request_for_test(kinds, prompts), {});
}

std::string describe(const ShotPlan& shot, const std::vector<Reference>& references) {
  std::string line;
  if (shot.scene_reference) {
    line = "@" + default_name(references, *shot.scene_reference);
  } else {
    line = shot.environment_asked ? std::string(name(shot.environment))
                                  : "(" + std::string(name(shot.environment)) + ")";
  }
  append(line, name(shot.time));
  append_all(line, shot.weather);
  append_all(line, shot.light);
  if (shot.season) append(line, name(*shot.season));
  append_all(line, shot.style);
  append(line, ";");
  if (shot.size) append(line, name(*shot.size));
  if (shot.angle != CameraAngle::eye) append(line, name(shot.angle));
  append_all(line, shot.lens);
  if (shot.shake != CameraShake::none) append(line, name(shot.shake));
  if (shot.move_asked && shot.move_speed < 1) append(line, "slow");
  if (shot.move_asked && shot.move_speed > 1) append(line, "fast");
  if (shot.move_asked) append(line, name(shot.move));
  for (const SubjectPlan& subject : shot.subjects) {
    append(line, "| " + describe(subject, default_name(references, subject.reference)));
  }
  for (const Speech& speech : shot.speech) {
    append(line, "| " + std::to_string(speech.speaker) + " \"" + speech.text + "\"");
  }
  return line;
}

std::string describe(const Plan& plan, std::string_view kinds) {
  std::string lines;
  for (const ShotPlan& shot : plan.shots) {
    if (!lines.empty()) lines += '\n';
    lines += describe(shot, references_for_test(kinds));
  }
  return lines;
}

std::string codes(const Plan& plan) {
  std::string line;
  for (const engine::Note& note : plan.notes) append(line, note.code);
  return line;
}

engine::Note note_of(const Plan& plan, std::string_view code) {
  for (const engine::Note& note : plan.notes) {
    if (note.code == code) return note;
  }
  return {};
}

}  // namespace troupe::stage::prompt
