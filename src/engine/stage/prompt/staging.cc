#include "engine/stage/prompt/staging.h"

#include <algorithm>

namespace troupe::stage::prompt {
namespace {

// Places across the frame and sizes against the shot's rule, as fractions.
constexpr float kLeft = 0.30f, kRight = 0.70f, kCenter = 0.50f;
constexpr float kForegroundLeft = 0.24f, kForegroundRight = 0.76f, kForegroundSideScale = 1.25f;
constexpr float kForegroundScale = 1.3f, kBackgroundScale = 0.35f;
constexpr float kTwoShotLeft = 0.35f, kTwoShotRight = 0.65f, kOverShoulder = 0.12f;
constexpr float kRelationMetres = 1.2f;
constexpr float kForegroundMetres = 0.8f, kBackgroundMetres = 4;  // among several subjects
constexpr float kGoingOnShare = 0.6f;  // of a walk before somebody who walks on looks up

bool has(const Actor& actor, Placement placement) {
  return std::count(actor.placements.begin(), actor.placements.end(), placement) > 0;
}

bool does(const Actor& actor, Action action) {
  return std::any_of(actor.doings.begin(), actor.doings.end(),
                     [&](const Doing& d) { return d.action == action; });
}

bool goes(const Actor& actor, Travel travel) {
  return std::any_of(actor.goings.begin(), actor.goings.end(),
                     [&](const Going& g) { return g.travel == travel; });
}

bool travels(const Actor& actor) {
  const bool by_verb = std::any_of(actor.doings.begin(), actor.doings.end(),
                                   [](const Doing& d) { return is_travelling(d.action); });
  const bool led = !actor.goings.empty() || actor.heading.has_value();
  return by_verb ||
         (led && (actor.doings.empty() || does(actor, Action::jump) || does(actor, Action::float_)));
}

// ---- paths ----

class PathChooser {
 public:
  PathChooser(const Cast& cast, const CameraChoice& camera, size_t index)
      : actor_(cast.actors[index]), camera_(camera), index_(static_cast<int>(index)) {}

  Path choose() const {
    if (!travels(actor_)) return Path::stay;
    if (const auto path = entry_or_exit()) return *path;
    if (is_tracking(camera_.move)) return tracked();
    if (goes(actor_, Travel::away)) return Path::exit_away;
    if (goes(actor_, Travel::approach)) return Path::approach;
    if (goes(actor_, Travel::toward)) return toward_target();
    if (goes(actor_, Travel::across) || actor_.heading) return sideways();
    return undirected();
  }

 private:
  bool leftwards() const { return actor_.heading == Heading::left || actor_.view == View::left; }
  Path sideways() const { return leftwards() ? Path::along_left : Path::along_right; }

  std::optional<Path> entry_or_exit() const {
    if (goes(actor_, Travel::exit)) return leftwards() ? Path::exit_left : Path::exit_right;
    if (has(actor_, Placement::from_left)) return Path::enter_left;
    if (has(actor_, Placement::from_right)) return Path::enter_right;
    const bool enters = goes(actor_, Travel::enter);
    const bool second = index_ % 2 == 1;
    if (enters || has(actor_, Placement::opposite)) {
      const bool from_right = actor_.heading ? leftwards() : second;
      return from_right ? Path::enter_right : Path::enter_left;
    }
    return std::nullopt;
  }

  Path tracked() const {
    if (!travels(actor_)) return Path::stay;
    if (camera_.move == CameraMove::track_behind) return Path::along_away;
    if (camera_.move == CameraMove::track_lead) return Path::along_toward;
    if (camera_.move == CameraMove::track_side) return sideways();
    if (goes(actor_, Travel::away) || actor_.view == View::back) return Path::along_away;
    const bool side_on = goes(actor_, Travel::across) || actor_.heading || does(actor_, Action::drive) ||
                         does(actor_, Action::jump) || actor_.view == View::side;
    return side_on ? sideways() : Path::along_toward;
  }

  /// Somebody who walks up to another comes in from the side the other is not on.
  Path toward_target() const {
    for (const Going& going : actor_.goings) {
      if (going.travel == Travel::toward && going.target >= 0) {
        return going.target < index_ ? Path::enter_right : Path::enter_left;
      }
    }
    return Path::exit_away;
  }

  Path undirected() const {
    if (actor_.view == View::back) return Path::exit_away;
    const bool profile = actor_.view == View::side || actor_.view == View::left || actor_.view == View::right;
    if (profile || does(actor_, Action::drive)) return sideways();
    return Path::approach;
  }

  const Actor& actor_;
  const CameraChoice& camera_;
  int index_;
};

Facing facing_of_path(Path path) {
  switch (path) {
    case Path::enter_left:
    case Path::along_right:
    case Path::exit_right:
      return Facing::right;
    case Path::enter_right:
    case Path::along_left:
    case Path::exit_left:
      return Facing::left;
    case Path::exit_away:
    case Path::along_away:
      return Facing::back;
    case Path::stay:
    case Path::approach:
    case Path::along_toward:
      return Facing::front;
  }
  return Facing::front;
}

Facing choose_facing(const Actor& actor, Path path, CameraMove move) {
  if (path != Path::stay) return facing_of_path(path);
  if (actor.view) {
    switch (*actor.view) {
      case View::back:
        return Facing::back;
      case View::front:
        return Facing::front;
      case View::left:
        return Facing::left;
      case View::side:
      case View::right:
        return Facing::right;
      case View::to_camera:
        return Facing::right;  // so that there is a turn to see
    }
  }
  return move == CameraMove::track_behind ? Facing::back : Facing::front;
}

// ---- places ----

void place_subject(const Actor& actor, bool alone, SubjectPlan& subject) {
  for (const Placement placement : actor.placements) {
    switch (placement) {
      case Placement::left:
        subject.screen_x = kLeft;
        break;
      case Placement::right:
        subject.screen_x = kRight;
        break;
      case Placement::center:
        subject.screen_x = kCenter;
        break;
      case Placement::fg_left:
        subject.screen_x = kForegroundLeft;
        subject.scale = kForegroundSideScale;
        break;
      case Placement::fg_right:
        subject.screen_x = kForegroundRight;
        subject.scale = kForegroundSideScale;
        break;
      case Placement::foreground:
        subject.scale = kForegroundScale;
        if (!alone) subject.nearer = kForegroundMetres;
        break;
      case Placement::background:
        subject.scale = kBackgroundScale;
        if (!alone) subject.nearer = -kBackgroundMetres;
        break;
      case Placement::behind_rel:
        subject.nearer = -kRelationMetres;
        break;
      case Placement::front_rel:
        subject.nearer = kRelationMetres;
        break;
      case Placement::from_left:
      case Placement::from_right:
      case Placement::opposite:
      case Placement::beside:
      case Placement::edge:
        break;
    }
  }
}

void frame_two(std::optional<Framing> framing, std::vector<SubjectPlan>& subjects) {
  if (!framing || subjects.size() < 2) return;
  if (*framing == Framing::two) {
    if (!subjects[0].screen_x) subjects[0].screen_x = kTwoShotLeft;
    if (!subjects[1].screen_x) subjects[1].screen_x = kTwoShotRight;
  }
  if (*framing == Framing::ots) {
    subjects[1].screen_x = kOverShoulder;
    subjects[1].scale = kForegroundScale;
    subjects[1].nearer = kRelationMetres;
    subjects[1].facing = Facing::back;
    subjects[1].path = Path::stay;
  }
}

// ---- beats ----

void remove_action(std::vector<Doing>& doings, Action action) {
  std::erase_if(doings, [&](const Doing& doing) { return doing.action == action; });
}

bool can_be_done_seated(Action action) {
  switch (action) {
    case Action::talk:
    case Action::look:
    case Action::eat:
    case Action::laugh:
    case Action::nod:
    case Action::wave:
    case Action::pick:
      return true;
    default:
      return false;
  }
}

/// Sitting first and doing something else there is one posture, not two beats.
bool take_seat(std::vector<Doing>& doings) {
  if (doings.empty() || doings.front().action != Action::sit) return false;
  if (doings.size() > 1 && can_be_done_seated(doings[1].action)) doings.erase(doings.begin());
  return true;
}

std::vector<Beat> make_beats(const std::vector<Doing>& doings) {
  if (doings.empty()) return {{Action::stand, 0, 1}};
  if (doings.size() == 1) return {{doings[0].action, 0, 1}};
  const bool goes_on = is_travelling(doings[0].action) && doings[1].participle;
  const float split = goes_on ? kGoingOnShare : 0.5f;
  return {{doings[0].action, 0, split}, {doings[1].action, split, 1}};
}

std::vector<Action> limit_doings(std::vector<Doing>& doings) {
  std::vector<Doing> once;
  for (const Doing& doing : doings) {
    const bool seen =
        std::any_of(once.begin(), once.end(), [&](const Doing& d) { return d.action == doing.action; });
    if (!seen) once.push_back(doing);
  }
  doings = std::move(once);
  if (doings.size() > 2) remove_action(doings, Action::stand);
  std::vector<Action> dropped;
  while (doings.size() > 2) {
    dropped.insert(dropped.begin(), doings.back().action);
    doings.pop_back();
  }
  return dropped;
}

bool only_talks(const SubjectPlan& subject) {
  return subject.beats.size() == 1 && subject.beats[0].action == Action::talk;
}

/// Two who talk take turns: one speaks, the other listens.
void take_turns(const Cast& cast, std::vector<SubjectPlan>& subjects) {
  std::vector<size_t> talkers;
  for (const Line& line : cast.lines) {
    const bool listed =
        line.actor < 0 || std::count(talkers.begin(), talkers.end(), static_cast<size_t>(line.actor)) > 0;
    if (!listed) talkers.push_back(static_cast<size_t>(line.actor));
  }
  for (size_t i = 0; i < subjects.size(); ++i) {
    if (only_talks(subjects[i]) && std::count(talkers.begin(), talkers.end(), i) == 0) talkers.push_back(i);
  }
  std::erase_if(talkers, [&](size_t i) { return !only_talks(subjects[i]); });
  if (talkers.size() < 2) return;
  for (size_t turn = 0; turn < talkers.size(); ++turn) {
    auto& beats = subjects[talkers[turn]].beats;
    if (turn % 2 == 0) {
      beats = {{Action::talk, 0, 0.5f}, {Action::stand, 0.5f, 1}};
    } else {
      beats = {{Action::stand, 0, 0.5f}, {Action::talk, 0.5f, 1}};
    }
  }
}

/// True if the actors stand looking at each other.
bool face_each_other(const Cast& cast, const std::vector<SubjectPlan>& subjects) {
  if (subjects.size() < 2) return false;
  const bool all_stay = std::all_of(subjects.begin(), subjects.end(),
                                    [](const SubjectPlan& s) { return s.path == Path::stay; });
  if (!all_stay) return false;
  const bool asked = std::any_of(cast.actors.begin(), cast.actors.end(),
                                 [](const Actor& a) { return has(a, Placement::opposite); });
  const auto talkers = std::count_if(cast.actors.begin(), cast.actors.end(),
                                     [](const Actor& a) { return does(a, Action::talk); });
  return asked || talkers > 1 || !cast.interactions.empty();
}

}  // namespace

bool is_tracking(CameraMove move) {
  return move == CameraMove::track || move == CameraMove::track_behind || move == CameraMove::track_side ||
         move == CameraMove::track_lead;
}

bool is_travelling(Action action) {
  return action == Action::walk || action == Action::run || action == Action::drive;
}

StagedCast stage_cast(const Cast& cast, const CameraChoice& camera, const CastMemory& memory) {
  StagedCast staged;
  for (size_t i = 0; i < cast.actors.size(); ++i) {
    const Actor& actor = cast.actors[i];
    SubjectPlan subject;
    subject.reference = actor.reference;
    subject.noun = memory.nouns[static_cast<size_t>(actor.reference)];
    subject.path = PathChooser(cast, camera, i).choose();
    subject.facing = choose_facing(actor, subject.path, camera.move);
    place_subject(actor, cast.actors.size() == 1, subject);
    std::vector<Doing> doings = actor.doings;
    // "Enters from the left" without another verb is a walk.
    const bool silent_walk = subject.path != Path::stay && doings.empty();
    if (silent_walk) doings.push_back({Action::walk, 0, false});
    subject.seated = take_seat(doings);
    staged.dropped.push_back(limit_doings(doings));
    subject.beats = make_beats(doings);
    staged.subjects.push_back(std::move(subject));
  }
  take_turns(cast, staged.subjects);
  if (face_each_other(cast, staged.subjects)) {
    for (size_t i = 1; i < staged.subjects.size(); i += 2) staged.subjects[i].mirrored = true;
  }
  frame_two(camera.framing, staged.subjects);
  return staged;
}

Cast slice_cast(const Cast& cast, int part, int parts) {
  Cast slice = cast;
  for (Actor& actor : slice.actors) {
    const int count = static_cast<int>(actor.doings.size());
    if (count == 0) continue;
    const int begin = count < parts ? std::min(part, count - 1) : count * part / parts;
    const int end = count < parts ? begin + 1 : count * (part + 1) / parts;
    actor.doings.assign(cast.actors[static_cast<size_t>(&actor - slice.actors.data())].doings.begin() + begin,
                        cast.actors[static_cast<size_t>(&actor - slice.actors.data())].doings.begin() + end);
  }
  slice.lines.clear();
  const int lines = static_cast<int>(cast.lines.size());
  for (int i = 0; i < lines; ++i) {
    const int home = lines == 1 ? parts - 1 : i * parts / lines;
    if (home == part) slice.lines.push_back(cast.lines[static_cast<size_t>(i)]);
  }
  return slice;
}

}  // namespace troupe::stage::prompt
