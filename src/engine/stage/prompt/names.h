// The groups of the vocabulary, their canonical words, and the enumerators those stand for.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/stage/plan.h"

namespace troupe::stage::prompt {

/// What kind of thing a phrase says. Groups that plan.h has an enum for use its enumerators, others the enums
/// below.
enum class Group {
  move,
  shake,
  speed,
  size,
  framing,
  angle,
  lens,
  action,
  travel,
  heading,
  view,
  placement,
  environment,
  time,
  light,
  weather,
  season,
  style,
  edit,
  sound,
  noun,
  gap
};
inline constexpr int kGroups = 22;

enum class Speed { slow, fast, smooth };
enum class Framing { two, ots, pov };
/// Ways of going somewhere that belong to the verb ("enters") or to a phrase beside it ("away from the
/// camera").
enum class Travel { enter, exit, approach, away, toward, across };
enum class Heading { left, right };
enum class View { back, front, side, left, right, to_camera };
enum class Placement {
  left,
  right,
  center,
  fg_left,
  fg_right,
  foreground,
  background,
  from_left,
  from_right,
  opposite,
  beside,
  behind_rel,
  front_rel,
  edge
};
enum class Edit { cut, fade_in, fade_out, dissolve, montage };
enum class Sound { footsteps, ambience, music, silent };
enum class NounClass { person, animal, vehicle, product, prop };
/// Things that a draft cannot show; the plan says so in notes.
enum class Gap { expression, interaction, painted, crowd, morph, wearing };

/// The canonical words of a group in the order of its enumerators.
std::span<const std::string_view> names_of(Group group);

/// "move", "environment" …
std::string_view name(Group group);
std::optional<Group> group_named(std::string_view name);

/// The enumerator of `canonical` in `group`, as a number; none if there is no such word.
std::optional<int> value_named(Group group, std::string_view canonical);

}  // namespace troupe::stage::prompt
