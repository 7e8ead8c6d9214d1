#include "engine/stage/prompt/planner.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/stage/prompt/actors.h"
#include "engine/stage/prompt/shots.h"
#include "engine/stage/prompt/speech.h"

namespace troupe::stage::prompt {
namespace {

bool says(const Reading& reading, Group group, int value) {
  return std::any_of(reading.hits.begin(), reading.hits.end(),
                     [&](const Hit& hit) { return hit.live() && hit.value(group) == value; });
}

bool denies(const Reading& reading, Group group, int value) {
  return std::any_of(reading.hits.begin(), reading.hits.end(),
                     [&](const Hit& hit) { return hit.negated && hit.value(group) == value; });
}

/// What the negative prompt forbids. A "no" in it changes nothing: "no rain" there means no rain.
std::vector<Sense> banned_senses(const std::string& negative_prompt, const Vocabulary& vocabulary) {
  std::vector<Sense> banned;
  for (const Hit& hit : scan(tokenize_plain(negative_prompt), vocabulary)) {
    for (const Sense& sense : hit.senses) {
      const bool place = sense.group == Group::environment && sense.weak;
      if (sense.group != Group::noun && !place) banned.push_back(sense);
    }
  }
  return banned;
}

bool is_mentioned(std::span<const Reading> readings, int reference) {
  return std::any_of(readings.begin(), readings.end(), [&](const Reading& reading) {
    return std::any_of(reading.tokens.begin(), reading.tokens.end(),
                       [&](const Token& token) { return token.reference == reference; });
  });
}

/// Scenes are meant wherever the prompt is silent; so are flat images of places if it mentions no reference
/// at all.
SceneDefaults scene_defaults(const PlanContext& context) {
  SceneDefaults defaults;
  for (size_t i = 0; i < context.roles.roles.size(); ++i) {
    const auto reference = static_cast<int>(i);
    const bool scene = context.request.spec.references[i].kind == ReferenceKind::scene;
    if (context.roles.roles[i] != Role::place || !(scene || context.request.prompt.binds_all)) continue;
    auto& slot = is_mentioned(context.readings, reference) ? defaults.mentioned : defaults.unmentioned;
    if (!slot) slot = reference;
  }
  // Where some scene is mentioned, the others are left out on purpose.
  if (defaults.mentioned) defaults.unmentioned.reset();
  return defaults;
}

/// How many a prompt without mentions speaks of: the distinct nouns; none if it may mean any number.
std::optional<size_t> people_named(const PlanContext& context) {
  std::set<std::string> nouns;
  for (const Reading& reading : context.readings) {
    for (const Hit& hit : reading.hits) {
      if (!hit.live() || !is_name(hit) || hit.has(Group::environment)) continue;
      if (hit.meaning->plural) return std::nullopt;
      nouns.insert(hit.meaning->noun);
    }
    for (int token = 0; token < reading.size(); ++token) {
      const bool several = reading.is(token, WordClass::pronouns_all, context.vocabulary);
      if (several && !reading.hit(token)) return std::nullopt;
    }
  }
  if (nouns.empty()) return std::nullopt;
  return nouns.size();
}

/// Who is in every shot of a prompt without mentions. "The robot" with four pictures is one robot: further
/// pictures than the prompt has names are not more of them.
std::vector<int> everybody(const PlanContext& context, std::vector<FurtherView>& further) {
  std::vector<int> all;
  if (!context.request.prompt.binds_all) return all;
  for (size_t i = 0; i < context.roles.roles.size(); ++i) {
    if (context.roles.roles[i] == Role::subject) all.push_back(static_cast<int>(i));
  }
  const auto people = people_named(context);
  const bool flat = std::all_of(all.begin(), all.end(), [&](int reference) {
    return context.request.spec.references[static_cast<size_t>(reference)].kind == ReferenceKind::image;
  });
  if (!flat || !people || *people >= all.size()) return all;
  // Of two named subjects nobody says which one a third picture shows.
  for (size_t i = 1; *people == 1 && i < all.size(); ++i) further.push_back({all[i], all[0]});
  all.resize(*people);
  return all;
}

/// Where things are shown when nobody says where.
Environment default_environment(const ShotPlan& shot, const CastMemory& memory,
                                const std::vector<PictureHints>& hints) {
  if (shot.subjects.empty()) return Environment::park;
  const auto is_thing = [&](const SubjectPlan& subject) {
    const auto reference = static_cast<size_t>(subject.reference);
    const auto noun_class = memory.classes[reference];
    if (noun_class) return *noun_class != NounClass::person && *noun_class != NounClass::animal;
    if (reference >= hints.size() || !hints[reference].known) return false;
    return !hints[reference].has_person && (hints[reference].plain_backdrop || hints[reference].has_alpha);
  };
  const bool drives = std::any_of(shot.subjects.begin(), shot.subjects.end(), [](const SubjectPlan& subject) {
    return std::any_of(subject.beats.begin(), subject.beats.end(),
                       [](const Beat& b) { return b.action == Action::drive; });
  });
  if (drives) return Environment::road;
  const bool things = std::all_of(shot.subjects.begin(), shot.subjects.end(), is_thing);
  return things ? Environment::studio : Environment::park;
}

void set_camera(const CameraChoice& camera, ShotPlan& shot) {
  shot.move = camera.move;
  shot.move_asked = camera.asked;
  shot.move_speed = camera.speed;
  shot.move_smooth = camera.smooth;
  shot.shake = camera.shake;
  shot.size = camera.size;
  shot.angle = camera.angle;
  shot.lens = camera.lens;
  if (camera.framing == Framing::pov && shot.shake == CameraShake::none) shot.shake = CameraShake::handheld;
  const bool pair = camera.framing == Framing::two || camera.framing == Framing::ots;
  if (pair && !shot.size) shot.size = ShotSize::medium;
}

void set_setting(const Setting& setting, ShotPlan& shot) {
  shot.environment_asked = setting.environment.has_value();
  if (setting.environment) shot.environment = *setting.environment;
  shot.scene_reference = setting.scene_reference;
  shot.time = setting.time;
  shot.time_asked = setting.time_asked;
  shot.light = setting.light;
  shot.weather = setting.weather;
  shot.season = setting.season;
  shot.style = setting.style;
}

void set_cast(const Cast& cast, StagedCast staged, ShotPlan& shot) {
  shot.subjects = std::move(staged.subjects);
  for (const Line& line : cast.lines) shot.speech.push_back({line.text, line.actor});
  const bool at_edge = std::any_of(cast.actors.begin(), cast.actors.end(), [](const Actor& actor) {
    return std::count(actor.placements.begin(), actor.placements.end(), Placement::edge) > 0;
  });
  if (at_edge && !shot.size) shot.size = ShotSize::wide;
}

void set_sound(const Reading& reading, ShotPlan& shot) {
  const auto value = [](Sound sound) { return static_cast<int>(sound); };
  shot.music = says(reading, Group::sound, value(Sound::music));
  shot.footsteps = !denies(reading, Group::sound, value(Sound::footsteps));
  shot.ambience = !denies(reading, Group::sound, value(Sound::ambience));
  if (says(reading, Group::sound, value(Sound::silent))) shot.music = shot.footsteps = shot.ambience = false;
}

Transition transition_of(const Reading& reading) {
  const auto value = [](Edit edit) { return static_cast<int>(edit); };
  if (says(reading, Group::edit, value(Edit::fade_in))) return Transition::fade_in;
  if (says(reading, Group::edit, value(Edit::dissolve))) return Transition::dissolve;
  if (says(reading, Group::edit, value(Edit::fade_out))) return Transition::fade_out;
  return Transition::cut;
}

/// Drops what the negative prompt forbids from what the cast does.
void obey(const std::vector<Sense>& banned, Cast& cast) {
  for (Actor& actor : cast.actors) {
    std::erase_if(actor.doings, [&](const Doing& doing) {
      return is_banned(banned, Group::action, static_cast<int>(doing.action));
    });
  }
}

/// The size of one part of a shot that is shown in several: what was asked first, then nearer and nearer.
ShotSize size_of_part(std::optional<ShotSize> asked, int part, int parts) {
  std::vector<ShotSize> sizes = {ShotSize::wide, ShotSize::medium, ShotSize::close};
  if (asked) {
    std::erase(sizes, *asked);
    sizes.insert(sizes.begin(), *asked);
  } else if (parts == 2) {
    sizes.erase(sizes.begin() + 1);
  }
  return sizes[static_cast<size_t>(part) % sizes.size()];
}

class Planner {
 public:
  Planner(PlanContext& context, const std::vector<PictureHints>& hints) : context_(context), hints_(hints) {}

  Plan run(std::vector<Segment> segments) {
    for (Segment& segment : segments) {
      context_.readings.push_back(scan_reading(std::move(segment.tokens), context_.vocabulary));
    }
    context_.roles =
        choose_roles(context_.request.spec.references, context_.readings, hints_, context_.vocabulary);
    banned_ = banned_senses(context_.request.spec.negative_prompt, context_.vocabulary);
    everybody_ = everybody(context_, plan_.further_views);
    scenes_ = scene_defaults(context_);
    for (size_t i = 0; i < segments.size(); ++i) add_segment(i, segments[i].frames);
    return std::move(plan_);
  }

 private:
  void add_segment(size_t index, const std::vector<int64_t>& frames) {
    Reading& reading = context_.readings[index];
    read(reading, context_.roles.roles, context_.vocabulary);
    ShotNotes notes;
    notes.reading = index;
    notes.camera = choose_camera(reading, banned_);
    const Setting* before = context_.shots.empty() ? nullptr : &context_.shots.back().setting;
    notes.setting =
        choose_setting(reading, context_.roles.roles, banned_, before, scenes_, context_.vocabulary);
    const Cast cast =
        read_cast(reading, context_.roles.roles, everybody_, context_.memory, context_.vocabulary);
    const int parts = static_cast<int>(frames.size());
    for (int part = 0; part < parts; ++part) {
      ShotNotes one = notes;
      one.cast = parts == 1 ? cast : slice_cast(cast, part, parts);
      obey(banned_, one.cast);
      if (parts > 1) vary(part, parts, one.camera);
      add_shot(std::move(one), frames[static_cast<size_t>(part)], part);
    }
  }

  /// Moves that only make sense once are made in the first part.
  static void vary(int part, int parts, CameraChoice& camera) {
    camera.size = size_of_part(camera.size, part, parts);
    if (part == 0 || is_tracking(camera.move) || camera.move == CameraMove::still) return;
    camera.move = CameraMove::push_in;
    camera.asked = false;
    camera.ignored.clear();
  }

  void add_shot(ShotNotes notes, int64_t frames, int part) {
    const Reading& reading = context_.readings[notes.reading];
    ShotPlan shot;
    shot.frames = frames;
    set_camera(notes.camera, shot);
    set_setting(notes.setting, shot);
    StagedCast staged = stage_cast(notes.cast, notes.camera, context_.memory);
    notes.dropped = std::move(staged.dropped);
    set_cast(notes.cast, std::move(staged), shot);
    set_sound(reading, shot);
    if (part == 0) shot.transition = transition_of(reading);
    if (!shot.environment_asked) shot.environment = default_environment(shot, context_.memory, hints_);
    plan_.shots.push_back(std::move(shot));
    context_.shots.push_back(std::move(notes));
  }

  PlanContext& context_;
  const std::vector<PictureHints>& hints_;
  std::vector<Sense> banned_;
  std::vector<int> everybody_;
  SceneDefaults scenes_;
  Plan plan_;
};

std::vector<std::string> reference_names(const std::vector<Reference>& references) {
  std::vector<std::string> names;
  for (size_t i = 0; i < references.size(); ++i)
    names.push_back(default_name(references, static_cast<int>(i)));
  return names;
}

}  // namespace

Plan make_plan(const Vocabulary& vocabulary, const engine::RenderRequest& request,
               const std::vector<PictureHints>& hints) {
  const auto names = reference_names(request.spec.references);
  PlanContext context{request, vocabulary, names, {}, {}, start_memory(names, vocabulary), {}};
  Plan plan = Planner(context, hints).run(split_request(request, vocabulary));
  if (plan.shots.empty()) {
    ShotPlan empty;
    empty.frames = std::max<int64_t>(
        1, std::accumulate(request.shot_frames.begin(), request.shot_frames.end(), int64_t{0}));
    plan.shots.push_back(std::move(empty));
    return plan;
  }
  report_words(context, plan);
  report_notes(context, plan);
  return plan;
}

}  // namespace troupe::stage::prompt

namespace troupe::stage {

Plan make_plan(const engine::RenderRequest& request, const std::vector<PictureHints>& hints) {
  static const auto vocabulary = prompt::load_vocabulary();
  return prompt::make_plan(vocabulary ? *vocabulary : prompt::Vocabulary{}, request, hints);
}

}  // namespace troupe::stage
