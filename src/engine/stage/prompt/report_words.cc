// The plan in words: what was understood, and which words changed nothing.
#include <algorithm>
#include <set>

#include "engine/stage/prompt/planner.h"

namespace troupe::stage::prompt {
namespace {

std::string_view verb(Action action) {
  switch (action) {
    case Action::stand:
      return "stands";
    case Action::walk:
      return "walks";
    case Action::run:
      return "runs";
    case Action::dance:
      return "dances";
    case Action::jump:
      return "jumps";
    case Action::wave:
      return "waves";
    case Action::turn:
      return "turns";
    case Action::talk:
      return "talks";
    case Action::look:
      return "looks";
    case Action::sit:
      return "sits";
    case Action::float_:
      return "floats";
    case Action::nod:
      return "nods";
    case Action::laugh:
      return "laughs";
    case Action::fight:
      return "fights";
    case Action::eat:
      return "eats";
    case Action::pick:
      return "picks up";
    case Action::drive:
      return "drives";
    case Action::rotate:
      return "rotates";
  }
  return "stands";
}

std::string_view way(Path path) {
  switch (path) {
    case Path::stay:
      return "";
    case Path::enter_left:
      return ", coming in from the left";
    case Path::enter_right:
      return ", coming in from the right";
    case Path::exit_away:
      return ", going away";
    case Path::exit_left:
      return ", leaving to the left";
    case Path::exit_right:
      return ", leaving to the right";
    case Path::approach:
      return ", coming closer";
    case Path::along_left:
      return ", to the left";
    case Path::along_right:
      return ", to the right";
    case Path::along_away:
      return ", seen from behind";
    case Path::along_toward:
      return ", seen from the front";
  }
  return "";
}

std::string_view words(CameraMove move) {
  switch (move) {
    case CameraMove::still:
      return "still";
    case CameraMove::push_in:
      return "push in";
    case CameraMove::pull_out:
      return "pull out";
    case CameraMove::zoom_in:
      return "zoom in";
    case CameraMove::zoom_out:
      return "zoom out";
    case CameraMove::pan_left:
      return "pan left";
    case CameraMove::pan_right:
      return "pan right";
    case CameraMove::tilt_up:
      return "tilt up";
    case CameraMove::tilt_down:
      return "tilt down";
    case CameraMove::truck_left:
      return "truck left";
    case CameraMove::truck_right:
      return "truck right";
    case CameraMove::pedestal_up:
      return "rising";
    case CameraMove::pedestal_down:
      return "sinking";
    case CameraMove::crane:
      return "crane up";
    case CameraMove::track_behind:
      return "tracking from behind";
    case CameraMove::track_side:
      return "tracking alongside";
    case CameraMove::track_lead:
      return "tracking in front";
    case CameraMove::track:
      return "tracking";
    case CameraMove::orbit:
      return "orbit";
    case CameraMove::whip:
      return "whip pan";
    case CameraMove::dolly_zoom:
      return "dolly zoom";
    case CameraMove::drone:
      return "drone";
    case CameraMove::roll:
      return "roll";
  }
  return "still";
}

std::string_view words(ShotSize size) {
  switch (size) {
    case ShotSize::extreme_close:
      return "extreme close-up";
    case ShotSize::close:
      return "close-up";
    case ShotSize::medium_close:
      return "medium close-up";
    case ShotSize::medium:
      return "medium shot";
    case ShotSize::full:
      return "full shot";
    case ShotSize::wide:
      return "wide shot";
    case ShotSize::extreme_wide:
      return "extreme wide shot";
  }
  return "full shot";
}

std::string spaced(std::string_view canonical) {
  std::string out(canonical);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

void append(std::string& line, std::string_view item) {
  if (!line.empty()) line += ", ";
  line += item;
}

std::string subject_line(const SubjectPlan& subject, const std::string& name) {
  std::string line = "@" + name + " ";
  const bool sits = subject.seated && subject.beats.front().action != Action::sit;
  if (sits) line += "sits and ";
  line += verb(subject.beats.front().action);
  if (subject.beats.size() > 1) line += ", then " + std::string(verb(subject.beats[1].action));
  line += way(subject.path);
  if (subject.path == Path::stay && subject.facing == Facing::back) line += ", seen from behind";
  return line;
}

std::string camera_line(const ShotPlan& shot) {
  std::string line;
  if (shot.move_asked) {
    if (shot.move_speed < 1) line += "slow ";
    if (shot.move_speed > 1) line += "fast ";
    if (shot.move_smooth) line += "smooth ";
    line += words(shot.move);
  }
  if (shot.shake != CameraShake::none) append(line, name(shot.shake));
  if (shot.size) append(line, words(*shot.size));
  if (shot.angle != CameraAngle::eye) append(line, std::string(name(shot.angle)) + " angle");
  for (const Lens lens : shot.lens)
    append(line, spaced(name(lens)) + (lens == Lens::wide_lens ? "" : " lens"));
  return line;
}

std::string place_line(const ShotPlan& shot, const PlanContext& context) {
  std::string line;
  if (shot.scene_reference) {
    line = "@" + context.names[static_cast<size_t>(*shot.scene_reference)];
  } else if (shot.environment_asked) {
    line = spaced(name(shot.environment));
  }
  if (shot.time_asked) {
    const std::string when =
        shot.time == TimeOfDay::night
            ? "at night"
            : spaced(name(shot.time)) +
                  (shot.time == TimeOfDay::golden || shot.time == TimeOfDay::blue ? " hour" : "");
    line += (line.empty() ? "" : shot.time == TimeOfDay::night ? " " : ", ") + when;
  }
  for (const Weather weather : shot.weather) append(line, spaced(name(weather)));
  for (const Light light : shot.light) append(line, spaced(name(light)) + " light");
  if (shot.season) append(line, name(*shot.season));
  return line;
}

std::string style_line(const ShotPlan& shot) {
  std::string line;
  for (const Style style : shot.style) append(line, name(style));
  return line;
}

void add_line(std::vector<std::string>& lines, const std::string& head, const std::string& text) {
  if (!text.empty()) lines.push_back(head + ": " + text);
}

void describe_shot(const ShotPlan& shot, size_t index, const PlanContext& context,
                   std::vector<std::string>& lines) {
  const std::string shot_name = "shot " + std::to_string(index + 1);
  const std::string head = context.shots.size() > 1 ? shot_name + " " : "";
  for (const SubjectPlan& subject : shot.subjects) {
    lines.push_back(shot_name + ": " +
                    subject_line(subject, context.names[static_cast<size_t>(subject.reference)]));
  }
  for (const Speech& speech : shot.speech) {
    const std::string who = speech.speaker < 0
                                ? "a voice"
                                : "@" + context.names[static_cast<size_t>(
                                            shot.subjects[static_cast<size_t>(speech.speaker)].reference)];
    lines.push_back(shot_name + ": " + who + " says \"" + speech.text + "\"");
  }
  add_line(lines, head + "camera", camera_line(shot));
  add_line(lines, head + "place", place_line(shot, context));
  add_line(lines, head + "style", style_line(shot));
}

/// Words that every prompt has and that say nothing to a renderer.
bool is_small_word(const Reading& reading, int token, const Vocabulary& vocabulary) {
  for (int word_class = 0; word_class < kWordClasses; ++word_class) {
    const auto which = static_cast<WordClass>(word_class);
    if (reading.is(token, which, vocabulary)) return true;
  }
  const std::string& word = reading.word(token);
  return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
         word.size() < 2;
}

/// True for a content word that changed nothing.
bool is_unused(const Reading& reading, int token, const Vocabulary& vocabulary) {
  if (!reading.is_word(token)) return false;
  const Hit* hit = reading.hit(token);
  if (hit && !hit->senses.empty()) return !hit->used;
  return !is_small_word(reading, token, vocabulary);
}

}  // namespace

void report_words(const PlanContext& context, Plan& plan) {
  for (size_t i = 0; i < plan.shots.size(); ++i) describe_shot(plan.shots[i], i, context, plan.understood);
  std::set<std::string> seen;
  for (const Reading& reading : context.readings) {
    for (int token = 0; token < reading.size(); ++token) {
      if (!is_unused(reading, token, context.vocabulary)) continue;
      if (seen.insert(reading.word(token)).second) {
        plan.not_understood.push_back(reading.tokens[static_cast<size_t>(token)].text);
      }
    }
  }
}

}  // namespace troupe::stage::prompt
