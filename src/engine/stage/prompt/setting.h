// Where and when a shot plays: place, time, light, weather, season, style.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/stage/prompt/reading.h"

namespace troupe::stage::prompt {

/// Scenes for shots that mention none; see choose_setting().
struct SceneDefaults {
  std::optional<int> unmentioned, mentioned;
};

struct Setting {
  std::optional<Environment> environment;  ///< none: nobody named a place
  std::string place_words;                 ///< the phrase that named it
  bool stand_in = false;                   ///< the environment is only the nearest to those words
  std::optional<int> scene_reference;
  std::vector<int> ignored_scenes;  ///< further references that would be the place
  std::string unknown_place;        ///< "in the X" where X is not understood and no place is
  TimeOfDay time = TimeOfDay::day;
  bool time_asked = false;
  std::vector<Light> light;
  std::vector<Weather> weather;
  std::optional<Season> season;
  std::vector<Style> style;
};

/// `before` is the setting of the shot before, or null for the first. What a shot does not say carries over:
/// place, time, season and the film's look always; light while place and time stay; weather unless it moves
/// indoors. `scene_default` is the place of a shot that neither mentions one nor names another.
Setting choose_setting(const Reading& reading, std::span<const Role> roles, const std::vector<Sense>& banned,
                       const Setting* before, const SceneDefaults& scenes, const Vocabulary& vocabulary);

/// Places with a roof, or without weather.
bool is_indoors(Environment environment);

}  // namespace troupe::stage::prompt
