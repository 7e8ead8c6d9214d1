// What the user should know before anything is rendered.
#include <algorithm>
#include <set>

#include "engine/stage/prompt/planner.h"

namespace troupe::stage::prompt {
namespace {

using engine::Note;
// A prompt counts as not read with so many unknown words, and so many for each phrase that was understood.
constexpr size_t kUnknownMin = 3, kUnknownPerKnown = 4;
constexpr size_t kWordsListed = 12;  // in one note; the whole list is in Plan::not_understood

std::string spaced(std::string_view canonical) {
  std::string out(canonical);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

std::string quoted(const std::vector<std::string>& items) {
  std::string out;
  for (size_t i = 0; i < items.size() && i < kWordsListed; ++i) {
    out += (i == 0 ? "'" : ", '") + items[i] + "'";
  }
  if (items.size() > kWordsListed) out += " and " + std::to_string(items.size() - kWordsListed) + " more";
  return out;
}

class Noter {
 public:
  Noter(const PlanContext& context, Plan& plan) : context_(context), plan_(plan) {}

  void run() {
    for (size_t i = 0; i < context_.shots.size(); ++i) {
      shot_ = static_cast<int>(i);
      note_camera();
      note_place();
      note_actions();
      note_cast();
      note_speech();
    }
    shot_.reset();
    note_style();
    note_references();
    note_words();
  }

 private:
  const ShotNotes& read() const { return context_.shots[static_cast<size_t>(*shot_)]; }
  const ShotPlan& shot() const { return plan_.shots[static_cast<size_t>(*shot_)]; }
  const std::string& name_of(int reference) const { return context_.names[static_cast<size_t>(reference)]; }

  /// Adds a note unless the same was said of an earlier shot.
  void add(const char* code, Note::Severity severity, std::string text, std::string suggestion,
           std::string subject = {}) {
    if (!said_.insert(code + text).second) return;
    plan_.notes.push_back(
        {code, severity, shot_, std::move(subject), std::move(text), std::move(suggestion)});
  }
  void info(const char* code, std::string text, std::string suggestion = {}, std::string subject = {}) {
    add(code, Note::Severity::info, std::move(text), std::move(suggestion), std::move(subject));
  }
  void warn(const char* code, std::string text, std::string suggestion = {}, std::string subject = {}) {
    add(code, Note::Severity::warning, std::move(text), std::move(suggestion), std::move(subject));
  }

  void note_camera() {
    const CameraChoice& camera = read().camera;
    std::vector<std::string> ignored;
    for (const CameraMove move : camera.ignored) ignored.push_back(spaced(name(move)));
    if (!ignored.empty()) {
      warn("camera_conflict",
           "A shot has one camera move: used '" + spaced(name(camera.move)) + "', ignored " +
               quoted(ignored) + ".",
           "Give each move a shot of its own.");
    }
    if (!camera.ignored_sizes.empty()) {
      std::vector<std::string> sizes;
      for (const ShotSize size : camera.ignored_sizes) sizes.push_back(spaced(name(size)));
      info("size_conflict",
           "A shot has one size: used '" + spaced(name(*camera.size)) + "', ignored " + quoted(sizes) + ".",
           "Cut to another shot to change the size.");
    }
    const bool pair = camera.framing == Framing::ots || camera.framing == Framing::two;
    if (pair && shot().subjects.size() < 2) {
      info("framing_approximated",
           "That framing needs two subjects in the shot; it is a medium shot of one.");
    }
    if (camera.framing == Framing::pov) {
      info("framing_approximated", "The point of view is shown as a handheld camera at eye height.");
    }
  }

  void note_place() {
    const Setting& setting = read().setting;
    const Environment wanted = shot().environment;
    if (!shot().scene_reference && setting.environment) {
      const Environment painted = substitute_environment(wanted);
      if (setting.stand_in || painted != wanted) {
        info("env_substituted",
             "There is no painter for '" + setting.place_words + "'; used '" + spaced(name(painted)) + "'.",
             "Attach a picture of the place as a scene.");
      }
    }
    if (!shot().scene_reference && !setting.environment) {
      const std::string used = "used '" + spaced(name(wanted)) + "'.";
      const std::string why = setting.unknown_place.empty()
                                  ? "The prompt names no place; "
                                  : "'" + setting.unknown_place + "' is no place the draft can paint; ";
      add("env_generic", setting.unknown_place.empty() ? Note::Severity::info : Note::Severity::warning,
          why + used, "Name a place, or attach a picture of it as a scene.");
    }
    for (const int scene : setting.ignored_scenes) {
      warn("scene_ignored", "A shot has one place: @" + name_of(scene) + " is not shown in it.",
           "Give it a shot of its own.", name_of(scene));
    }
  }

  static bool is_approximate(Action action) {
    return action == Action::fight || action == Action::eat || action == Action::pick ||
           action == Action::sit || action == Action::laugh;
  }

  static std::string_view shown_as(Action action) {
    switch (action) {
      case Action::fight:
        return "a lunge and a recoil";
      case Action::eat:
        return "nods";
      case Action::pick:
        return "a lean";
      case Action::sit:
        return "a figure behind a table or bench";
      default:
        return "bouncing shoulders";
    }
  }

  void note_actions() {
    for (size_t i = 0; i < shot().subjects.size(); ++i) {
      const SubjectPlan& subject = shot().subjects[i];
      const std::string& who = name_of(subject.reference);
      std::set<Action> approximate;
      if (subject.seated) approximate.insert(Action::sit);
      for (const Beat& beat : subject.beats) {
        if (is_approximate(beat.action)) approximate.insert(beat.action);
      }
      for (const Action action : approximate) {
        info("action_approximated",
             "'" + std::string(name(action)) + "' of @" + who + " is shown as " +
                 std::string(shown_as(action)) + ".",
             {}, who);
      }
      if (read().dropped[i].empty()) continue;
      std::string kept;
      for (const Beat& beat : subject.beats)
        kept += (kept.empty() ? "" : ", ") + std::string(name(beat.action));
      std::vector<std::string> dropped;
      for (const Action action : read().dropped[i]) dropped.emplace_back(name(action));
      warn(
          "actions_dropped",
          "A shot has time for two actions of @" + who + ": " + kept + ". Left out: " + quoted(dropped) + ".",
          "Move the rest to another shot.", who);
    }
  }

  void note_cast() {
    const Cast& cast = read().cast;
    if (!cast.interactions.empty()) {
      warn("interaction_missing", "Contact is not animated: " + quoted(cast.interactions) + ".",
           "Check blocking and timing here; the final render makes the contact.");
    }
    if (!cast.expressions.empty()) {
      info("expression_unchanged",
           "Faces keep the expression of the reference: " + quoted(cast.expressions) + ".");
    }
    if (!cast.morphs.empty())
      warn("change_missing", "Things do not change shape: " + quoted(cast.morphs) + ".");
    if (!cast.clothes.empty()) {
      info("appearance_unchanged",
           "Looks come from the reference pictures; " + quoted(cast.clothes) + " changed nothing.",
           "Use a reference that wears it.");
    }
    if (!cast.props.empty()) {
      info("props_missing", "No reference shows " + quoted(cast.props) + ", so the draft does not either.",
           "Attach a picture of it as an element.");
    }
    if (!cast.signs.empty())
      info("text_missing", "Writing in the picture is not drawn: " + quoted(cast.signs) + ".");
  }

  void note_speech() {
    if (shot().speech.empty()) return;
    if (context_.request.audio) {
      info("speech_synthetic", "The voice is a placeholder.");
    } else {
      info("speech_silent", "Sound is off, so the lines are only mimed.", "Switch audio on to hear them.");
    }
  }

  void note_style() {
    std::vector<std::string> painted;
    for (const Reading& reading : context_.readings) {
      for (const Hit& hit : reading.hits) {
        if (hit.live() && hit.value(Group::gap) == static_cast<int>(Gap::painted))
          painted.push_back(hit.phrase);
      }
    }
    std::sort(painted.begin(), painted.end());
    painted.erase(std::unique(painted.begin(), painted.end()), painted.end());
    if (!painted.empty()) {
      info("style_not_transferred", "Style words affect colour only: " + quoted(painted) + ".",
           "Use references in that style.");
    }
    for (size_t i = 0; i < context_.roles.roles.size(); ++i) {
      if (context_.roles.roles[i] != Role::style) continue;
      warn("style_not_transferred",
           "@" + name_of(static_cast<int>(i)) + " is a style reference; the draft does not copy styles.", {},
           name_of(static_cast<int>(i)));
    }
  }

  bool is_shown(int reference) const {
    return std::any_of(plan_.shots.begin(), plan_.shots.end(), [&](const ShotPlan& shot) {
      if (shot.scene_reference == reference) return true;
      return std::any_of(shot.subjects.begin(), shot.subjects.end(),
                         [&](const SubjectPlan& s) { return s.reference == reference; });
    });
  }

  const FurtherView* further_view(int reference) const {
    const auto& all = plan_.further_views;
    const auto it = std::find_if(all.begin(), all.end(), [&](auto& v) { return v.reference == reference; });
    return it == all.end() ? nullptr : &*it;
  }

  void note_references() {
    for (size_t i = 0; i < context_.names.size(); ++i) {
      const auto reference = static_cast<int>(i);
      if (const FurtherView* view = further_view(reference)) {
        info("taken_as_view",
             "@" + context_.names[i] + " was taken as a further view of @" +
                 context_.names[static_cast<size_t>(view->of)] + ".",
             "Mention it in the prompt if it is somebody else.", context_.names[i]);
        continue;
      }
      const Role role = context_.roles.roles[i];
      const bool tells = role == Role::place || !context_.request.prompt.binds_all;
      if (role != Role::style && !is_shown(reference)) {
        warn("reference_unused", "@" + context_.names[i] + " is in no shot.",
             "Mention it in the prompt: @" + context_.names[i] + ".", context_.names[i]);
      } else if (context_.roles.guessed[i] && context_.names.size() > 1 && tells) {
        info("role_guessed",
             "@" + context_.names[i] + " was taken as " + (role == Role::place ? "the place." : "a subject."),
             "Say \"in @" + context_.names[i] + "\" for a place, or name what it does.", context_.names[i]);
      }
    }
  }

  size_t understood_words() const {
    size_t count = 0;
    for (const Reading& reading : context_.readings) {
      for (const Hit& hit : reading.hits) count += hit.senses.empty() ? 0 : 1;
    }
    return count;
  }

  void note_words() {
    if (plan_.not_understood.empty()) return;
    const size_t unknown = plan_.not_understood.size();
    if (unknown >= kUnknownMin && unknown > kUnknownPerKnown * understood_words()) {
      warn("prompt_not_read", "Hardly a word of the prompt was understood, so defaults stand in for it.",
           "The draft reads English; the final render may read more.");
    }
    info("words_unused", "Not used by the draft: " + quoted(plan_.not_understood) + ".");
  }

  const PlanContext& context_;
  Plan& plan_;
  std::optional<int> shot_;
  std::set<std::string> said_;
};

}  // namespace

void report_notes(const PlanContext& context, Plan& plan) { Noter(context, plan).run(); }

}  // namespace troupe::stage::prompt
