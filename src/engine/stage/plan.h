// The plan: what the stage engine will show, shot by shot. Made from the prompt, shown to the user, rendered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/media_time.h"
#include "engine/engine.h"

namespace troupe::stage {

// Each enumerator is the canonical word of the vocabulary (vocabulary.json) with the same spelling.
enum class CameraMove {
  still,
  push_in,
  pull_out,
  zoom_in,
  zoom_out,
  pan_left,
  pan_right,
  tilt_up,
  tilt_down,
  truck_left,
  truck_right,
  pedestal_up,
  pedestal_down,
  crane,
  track_behind,
  track_side,
  track_lead,
  track,
  orbit,
  whip,
  dolly_zoom,
  drone,
  roll
};
enum class CameraShake { none, steadicam, handheld };
enum class ShotSize { extreme_close, close, medium_close, medium, full, wide, extreme_wide };
enum class CameraAngle { eye, low, high, dutch };
enum class Lens { shallow, deep, rack, anamorphic, telephoto, wide_lens };
enum class Action {
  stand,
  walk,
  run,
  dance,
  jump,
  wave,
  turn,
  talk,
  look,
  sit,
  float_,
  nod,
  laugh,
  fight,
  eat,
  pick,
  drive,
  rotate
};
enum class Environment {
  city_street,
  forest,
  park,
  beach,
  ocean,
  cliff,
  mountain,
  desert,
  snow,
  ballroom,
  cafe,
  room,
  studio,
  space,
  underwater,
  sky,
  candy,
  stadium,
  road,
  graveyard
};
enum class TimeOfDay { day, golden, sunset, night, blue };
enum class Light { neon, candle, soft, dramatic, backlit, spot, studio };
enum class Weather { rain, storm, snowfall, fog, wind, overcast, clear, leaves, dust };
enum class Season { autumn, spring };
enum class Style {
  cinematic,
  warm,
  cool,
  vintage,
  bw,
  vivid,
  pastel,
  dark,
  anime,
  happy,
  sad,
  tense,
  romantic,
  slowmo,
  timelapse
};
enum class Transition { cut, dissolve, fade_in, fade_out };

// The enumerator's spelling ("push_in", "float"), for notes, JSON and tests.
std::string_view name(CameraMove);
std::string_view name(CameraShake);
std::string_view name(ShotSize);
std::string_view name(CameraAngle);
std::string_view name(Lens);
std::string_view name(Action);
std::string_view name(Environment);
std::string_view name(TimeOfDay);
std::string_view name(Light);
std::string_view name(Weather);
std::string_view name(Season);
std::string_view name(Style);
std::string_view name(Transition);

/// Where a subject goes during a shot.
enum class Path {
  stay,
  enter_left,  ///< starts outside the frame on the left, ends at its place
  enter_right,
  exit_away,  ///< walks off into the distance
  exit_left,
  exit_right,
  approach,    ///< comes towards the camera
  along_left,  ///< keeps going to the left (the camera follows or it crosses the frame)
  along_right,
  along_away,    ///< keeps walking away from the camera (tracked from behind)
  along_toward,  ///< keeps walking towards the camera (tracked in front)
};
std::string_view name(Path);

/// Which side of a subject shows.
enum class Facing { front, back, left, right };
std::string_view name(Facing);

struct Beat {
  Action action = Action::stand;
  float begin = 0, end = 1;  ///< fractions of the shot
  bool operator==(const Beat&) const = default;
};

struct Speech {
  std::string text;
  int speaker = -1;  ///< index into ShotPlan::subjects, or -1 for a voice off
  bool operator==(const Speech&) const = default;
};

/// One subject in one shot.
struct SubjectPlan {
  int reference = 0;        ///< index into the spec's references
  std::string noun;         ///< "woman", "robot", "dog" … if the prompt said one, else ""
  std::vector<Beat> beats;  ///< one or two, covering the shot
  Path path = Path::stay;
  Facing facing = Facing::front;  ///< at the start
  std::optional<float> screen_x;  ///< asked place of the centre, fraction of the width; none = spread evenly
  float nearer = 0;               ///< metres towards the camera (foreground > 0, background < 0)
  float scale = 1;                ///< apparent size against the shot's rule
  bool mirrored = false;          ///< faces the other way (the second of two who face each other)
  bool seated = false;  ///< sits all along; the beats are what it does there ("sit" if nothing else)
  bool operator==(const SubjectPlan&) const = default;
};

struct ShotPlan {
  int64_t frames = 0;
  std::optional<ShotSize> size;  ///< none = left to the staging (full if it moves, medium if it talks)
  CameraAngle angle = CameraAngle::eye;
  std::vector<Lens> lens;
  CameraMove move = CameraMove::push_in;
  bool move_asked = false;  ///< false = the default slow push
  float move_speed = 1;     ///< 0.6 slow, 1.7 fast
  bool move_smooth = false;
  CameraShake shake = CameraShake::none;
  Environment environment = Environment::park;
  bool environment_asked = false;
  std::optional<int> scene_reference;  ///< index of the reference that is the place, if one is
  TimeOfDay time = TimeOfDay::day;
  bool time_asked = false;
  std::vector<Light> light;
  std::vector<Weather> weather;
  std::optional<Season> season;
  std::vector<Style> style;
  std::vector<SubjectPlan> subjects;
  std::vector<Speech> speech;
  bool footsteps = true, ambience = true, music = false;
  Transition transition = Transition::cut;  ///< into this shot; fade_out: it ends in black
  bool operator==(const ShotPlan&) const = default;
};

/// A flat image that shows a subject of the shots once more, maybe from another side.
struct FurtherView {
  int reference = 0;
  int of = 0;  ///< the reference that the shots name
  bool operator==(const FurtherView&) const = default;
};

struct Plan {
  std::vector<ShotPlan> shots;
  std::vector<FurtherView> further_views;
  std::vector<std::string> understood, not_understood;
  std::vector<engine::Note> notes;
};

/// What a picture looks like, for deciding the role of a flat image when the prompt leaves it open. All zero
/// = nothing known.
struct PictureHints {
  bool known = false;
  bool has_alpha = false;   ///< a cut-out already
  bool has_person = false;  ///< a face or a figure was found
  bool plain_backdrop = false;
  float subject_confidence = 0;  ///< of the automatic matte
  float subject_area = 0;        ///< its share of the picture
  bool landscape = false;        ///< wider than high
};

/// Makes the plan: a pure function of the bound prompt, the references' kinds and names, and the hints (one
/// for each reference; may be shorter). Never fails: what is not understood is reported in the plan.
Plan make_plan(const engine::RenderRequest& request, const std::vector<PictureHints>& hints);

/// One JSON object with every field of the plan, for the studio's chips and for tests.
std::string plan_json(const Plan& plan);

/// The painter that stands in for an environment without one of its own; itself if it has one.
Environment substitute_environment(Environment wanted);

}  // namespace troupe::stage
