#include "engine/stage/prompt/names.h"

#include <algorithm>
#include <array>

namespace troupe::stage {
namespace {

using Names = std::string_view;

constexpr Names kMoves[] = {"still",       "push_in",     "pull_out",      "zoom_in",   "zoom_out",
                            "pan_left",    "pan_right",   "tilt_up",       "tilt_down", "truck_left",
                            "truck_right", "pedestal_up", "pedestal_down", "crane",     "track_behind",
                            "track_side",  "track_lead",  "track",         "orbit",     "whip",
                            "dolly_zoom",  "drone",       "roll"};
constexpr Names kShakes[] = {"none", "steadicam", "handheld"};
constexpr Names kSizes[] = {"extreme_close", "close", "medium_close", "medium",
                            "full",          "wide",  "extreme_wide"};
constexpr Names kAngles[] = {"eye", "low", "high", "dutch"};
constexpr Names kLenses[] = {"shallow", "deep", "rack", "anamorphic", "telephoto", "wide_lens"};
constexpr Names kActions[] = {"stand", "walk",  "run", "dance", "jump",  "wave", "turn", "talk",  "look",
                              "sit",   "float", "nod", "laugh", "fight", "eat",  "pick", "drive", "rotate"};
constexpr Names kEnvironments[] = {"city_street", "forest",   "park",    "beach", "ocean",
                                   "cliff",       "mountain", "desert",  "snow",  "ballroom",
                                   "cafe",        "room",     "studio",  "space", "underwater",
                                   "sky",         "candy",    "stadium", "road",  "graveyard"};
constexpr Names kTimes[] = {"day", "golden", "sunset", "night", "blue"};
constexpr Names kLights[] = {"neon", "candle", "soft", "dramatic", "backlit", "spot", "studio"};
constexpr Names kWeathers[] = {"rain",     "storm", "snowfall", "fog", "wind",
                               "overcast", "clear", "leaves",   "dust"};
constexpr Names kSeasons[] = {"autumn", "spring"};
constexpr Names kStyles[] = {"cinematic", "warm",   "cool",     "vintage", "bw",
                             "vivid",     "pastel", "dark",     "anime",   "happy",
                             "sad",       "tense",  "romantic", "slowmo",  "timelapse"};
constexpr Names kTransitions[] = {"cut", "dissolve", "fade_in", "fade_out"};
constexpr Names kPaths[] = {"stay",        "enter_left", "enter_right", "exit_away",
                            "exit_left",   "exit_right", "approach",    "along_left",
                            "along_right", "along_away", "along_toward"};
constexpr Names kFacings[] = {"front", "back", "left", "right"};

template <class Enum, size_t N>
std::string_view pick(const Names (&names)[N], Enum value) {
  const auto index = static_cast<size_t>(value);
  return index < N ? names[index] : std::string_view("?");
}

}  // namespace

std::string_view name(CameraMove value) { return pick(kMoves, value); }
std::string_view name(CameraShake value) { return pick(kShakes, value); }
std::string_view name(ShotSize value) { return pick(kSizes, value); }
std::string_view name(CameraAngle value) { return pick(kAngles, value); }
std::string_view name(Lens value) { return pick(kLenses, value); }
std::string_view name(Action value) { return pick(kActions, value); }
std::string_view name(Environment value) { return pick(kEnvironments, value); }
std::string_view name(TimeOfDay value) { return pick(kTimes, value); }
std::string_view name(Light value) { return pick(kLights, value); }
std::string_view name(Weather value) { return pick(kWeathers, value); }
std::string_view name(Season value) { return pick(kSeasons, value); }
std::string_view name(Style value) { return pick(kStyles, value); }
std::string_view name(Transition value) { return pick(kTransitions, value); }
std::string_view name(Path value) { return pick(kPaths, value); }
std::string_view name(Facing value) { return pick(kFacings, value); }

namespace prompt {
namespace {

constexpr Names kGroupNames[] = {"move",        "shake",  "speed",  "size",    "framing", "angle",
                                 "lens",        "action", "travel", "heading", "view",    "placement",
                                 "environment", "time",   "light",  "weather", "season",  "style",
                                 "edit",        "sound",  "noun",   "gap"};
static_assert(std::size(kGroupNames) == kGroups);

constexpr Names kSpeeds[] = {"slow", "fast", "smooth"};
constexpr Names kFramings[] = {"two", "ots", "pov"};
constexpr Names kTravels[] = {"enter", "exit", "approach", "away", "toward", "across"};
constexpr Names kHeadings[] = {"left", "right"};
constexpr Names kViews[] = {"back", "front", "side", "left", "right", "to_camera"};
constexpr Names kPlacements[] = {"left",       "right",      "center",    "fg_left",    "fg_right",
                                 "foreground", "background", "from_left", "from_right", "opposite",
                                 "beside",     "behind_rel", "front_rel", "edge"};
constexpr Names kEdits[] = {"cut", "fade_in", "fade_out", "dissolve", "montage"};
constexpr Names kSounds[] = {"footsteps", "ambience", "music", "silent"};
constexpr Names kNouns[] = {"person", "animal", "vehicle", "product", "prop"};
constexpr Names kGaps[] = {"expression", "interaction", "painted", "crowd", "morph", "wearing"};

constexpr std::array<std::span<const Names>, kGroups> kAll = {
    kMoves,   kShakes,   kSpeeds, kSizes,      kFramings,     kAngles, kLenses, kActions,
    kTravels, kHeadings, kViews,  kPlacements, kEnvironments, kTimes,  kLights, kWeathers,
    kSeasons, kStyles,   kEdits,  kSounds,     kNouns,        kGaps};

std::optional<int> index_in(std::span<const Names> names, std::string_view wanted) {
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin());
}

}  // namespace

std::span<const std::string_view> names_of(Group group) { return kAll[static_cast<size_t>(group)]; }

std::string_view name(Group group) { return pick(kGroupNames, group); }

std::optional<Group> group_named(std::string_view name) {
  const auto index = index_in(kGroupNames, name);
  if (!index) return std::nullopt;
  return static_cast<Group>(*index);
}

std::optional<int> value_named(Group group, std::string_view canonical) {
  return index_in(names_of(group), canonical);
}

}  // namespace prompt
}  // namespace troupe::stage
