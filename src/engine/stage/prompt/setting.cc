#include "engine/stage/prompt/setting.h"

#include <algorithm>

#include "engine/stage/prompt/camera_words.h"

namespace troupe::stage::prompt {
namespace {

/// How a place stands in its clause, from the least to the most likely to be where the shot plays.
enum class Standing { far, plain, of, governed };

struct Place {
  const Hit* hit = nullptr;
  Environment environment = Environment::park;
  bool stand_in = false;
  bool indefinite = false;  ///< "a cafe": not one we know already
  Standing standing = Standing::plain;
  float rank = 0;
};

const Sense* environment_sense(const Hit& hit) {
  for (const Sense& sense : hit.senses) {
    if (sense.group == Group::environment) return &sense;
  }
  return nullptr;
}

bool only_looks(const Hit& hit) { return hit.value(Group::action) == static_cast<int>(Action::look); }

/// Walks back from a place to what governs it, past articles, adjectives and names that are part of it.
Standing standing_of(const Reading& reading, int first, const Vocabulary& vocabulary, bool& indefinite) {
  constexpr int kReach = 5;
  for (int token = first - 1; token >= first - kReach && !reading.is_stop(token); --token) {
    if (reading.is(token, WordClass::indefinite, vocabulary)) indefinite = true;
    if (reading.word(token) == "of") return Standing::of;
    const Hit* hit = reading.hit(token);
    if (hit && hit->live() && hit->has(Group::travel) &&
        hit->value(Group::travel) == static_cast<int>(Travel::enter)) {
      return Standing::governed;
    }
    if (reading.is(token, WordClass::govern, vocabulary) && !(hit && hit->count > 1)) {
      const Hit* verb = reading.hit(token - 1);
      return verb && only_looks(*verb) ? Standing::far : Standing::governed;
    }
    if (hit && (only_looks(*hit) || hit->has(Group::travel))) return Standing::far;
    if (reading.is(token, WordClass::far, vocabulary)) return Standing::far;
    if (hit && hit->has(Group::action)) return Standing::plain;
  }
  return Standing::plain;
}

class PlaceFinder {
 public:
  PlaceFinder(const Reading& reading, const std::vector<Sense>& banned, const Vocabulary& vocabulary)
      : reading_(reading), banned_(banned), vocabulary_(vocabulary) {}

  std::vector<Place> run() const {
    std::vector<Place> places;
    for (const Hit& hit : reading_.hits) {
      const Sense* sense = environment_sense(hit);
      if (!sense || hit.negated || is_banned(banned_, Group::environment, sense->value) || modifies(hit))
        continue;
      Place place;
      place.hit = &hit;
      place.environment = static_cast<Environment>(sense->value);
      place.stand_in = sense->stand_in;
      place.standing = standing_of(reading_, hit.first, vocabulary_, place.indefinite);
      place.rank = static_cast<float>(place.standing) - (sense->weak ? 1.5f : 0.0f);
      places.push_back(place);
    }
    return places;
  }

  /// True if the hit is only part of the name of another place: the city of "city park", the path of "forest
  /// path".
  bool modifies(const Hit& hit) const {
    const Sense* sense = environment_sense(hit);
    const Hit* next = reading_.hit(hit.last() + 1);
    if (next && environment_sense(*next) && !environment_sense(*next)->weak) return true;
    const Hit* previous = reading_.hit(hit.first - 1);
    return sense->weak && previous && environment_sense(*previous) && !environment_sense(*previous)->weak;
  }

 private:
  const Reading& reading_;
  const std::vector<Sense>& banned_;
  const Vocabulary& vocabulary_;
};

const Place* best_place(const std::vector<Place>& places) {
  const auto best = std::max_element(places.begin(), places.end(),
                                     [](const Place& a, const Place& b) { return a.rank < b.rank; });
  return best == places.end() ? nullptr : &*best;
}

template <class Enum>
void add_all(const Reading& reading, Group group, const std::vector<Sense>& banned, std::vector<Enum>& into) {
  for (const Hit& hit : reading.hits) {
    const int value = hit.value(group);
    if (value < 0 || hit.negated || is_banned(banned, group, value)) continue;
    const auto item = static_cast<Enum>(value);
    if (std::count(into.begin(), into.end(), item) == 0) into.push_back(item);
  }
}

/// True if the reading denies that sense ("no rain").
bool denies(const Reading& reading, Group group, int value) {
  return std::any_of(reading.hits.begin(), reading.hits.end(),
                     [&](const Hit& hit) { return hit.negated && hit.value(group) == value; });
}

template <class Enum>
void carry(const Reading& reading, Group group, const std::vector<Enum>& before, std::vector<Enum>& into) {
  for (const Enum item : before) {
    if (!denies(reading, group, static_cast<int>(item))) into.push_back(item);
  }
}

std::optional<TimeOfDay> find_time(const Reading& reading, const std::vector<Sense>& banned) {
  std::optional<TimeOfDay> weak;
  for (const Hit& hit : reading.hits) {
    for (const Sense& sense : hit.senses) {
      if (sense.group != Group::time || hit.negated || is_banned(banned, sense.group, sense.value)) continue;
      if (!sense.weak) return static_cast<TimeOfDay>(sense.value);
      if (!weak) weak = static_cast<TimeOfDay>(sense.value);
    }
  }
  return weak;
}

std::vector<int> find_scenes(const Reading& reading, std::span<const Role> roles) {
  std::vector<int> scenes;
  for (const Token& token : reading.tokens) {
    const bool place =
        token.kind == Token::Kind::mention && roles[static_cast<size_t>(token.reference)] == Role::place;
    if (place && std::count(scenes.begin(), scenes.end(), token.reference) == 0)
      scenes.push_back(token.reference);
  }
  return scenes;
}

/// The last word of "in the …" if none of its words is understood.
std::string unknown_place(const Reading& reading, const Vocabulary& vocabulary) {
  for (int token = 0; token + 2 < reading.size(); ++token) {
    const std::string& word = reading.word(token);
    const bool inside =
        word == "in" || word == "at" || word == "inside" || word == "through" || word == "into";
    if (!inside || reading.hit(token) || !reading.is(token + 1, WordClass::articles, vocabulary)) continue;
    int last = -1;
    for (int next = token + 2; next <= token + 5 && reading.is_word(next); ++next) {
      if (reading.hit(next)) {
        last = -1;
        break;
      }
      if (reading.is(next, WordClass::stop, vocabulary)) break;
      last = next;
    }
    if (last >= 0) return reading.tokens[static_cast<size_t>(last)].text;
  }
  return {};
}

bool is_film_look(Style style) {
  switch (style) {
    case Style::cinematic:
    case Style::vintage:
    case Style::bw:
    case Style::vivid:
    case Style::pastel:
    case Style::anime:
      return true;
    default:
      return false;
  }
}

void choose_place(const Reading& reading, std::span<const Role> roles, const std::vector<Place>& places,
                  const Setting* before, const SceneDefaults& defaults, Setting& setting) {
  const std::vector<int> scenes = find_scenes(reading, roles);
  const Place* place = best_place(places);
  if (place) {
    setting.environment = place->environment;
    setting.place_words = place->hit->phrase;
    setting.stand_in = place->stand_in;
  }
  if (!scenes.empty()) {
    setting.scene_reference = scenes.front();
    setting.ignored_scenes.assign(scenes.begin() + 1, scenes.end());
    return;
  }
  const bool moves = place && place->standing == Standing::governed && place->indefinite;
  const bool has_scene_before = before && before->scene_reference;
  if (has_scene_before && !moves) {
    setting.scene_reference = before->scene_reference;
  } else if (!has_scene_before) {
    setting.scene_reference = place || defaults.unmentioned ? defaults.unmentioned : defaults.mentioned;
  }
  const bool far = place && place->standing == Standing::far;
  if (before && before->environment && (!place || far)) {
    setting.environment = before->environment;
    setting.place_words = before->place_words;
    setting.stand_in = before->stand_in;
  }
}

void carry_over(const Reading& reading, const Setting& before, Setting& setting) {
  const bool moved =
      setting.environment != before.environment || setting.scene_reference != before.scene_reference;
  if (!setting.time_asked) {
    setting.time = before.time;
    setting.time_asked = before.time_asked;
  }
  const bool same_light = !moved && setting.time == before.time;
  if (setting.light.empty() && same_light) carry(reading, Group::light, before.light, setting.light);
  const bool roofed = moved && setting.environment && is_indoors(*setting.environment);
  if (setting.weather.empty() && !roofed) carry(reading, Group::weather, before.weather, setting.weather);
  if (!setting.season) setting.season = before.season;
  if (setting.style.empty()) {
    for (const Style style : before.style) {
      if (is_film_look(style)) setting.style.push_back(style);
    }
  }
}

}  // namespace

bool is_indoors(Environment environment) {
  switch (environment) {
    case Environment::ballroom:
    case Environment::cafe:
    case Environment::room:
    case Environment::studio:
    case Environment::space:
    case Environment::underwater:
      return true;
    default:
      return false;
  }
}

Setting choose_setting(const Reading& reading, std::span<const Role> roles, const std::vector<Sense>& banned,
                       const Setting* before, const SceneDefaults& defaults, const Vocabulary& vocabulary) {
  Setting setting;
  const PlaceFinder finder(reading, banned, vocabulary);
  choose_place(reading, roles, finder.run(), before, defaults, setting);
  add_all(reading, Group::light, banned, setting.light);
  add_all(reading, Group::weather, banned, setting.weather);
  add_all(reading, Group::style, banned, setting.style);
  for (const Hit& hit : reading.hits) {
    if (!setting.season && !hit.negated && hit.has(Group::season)) {
      setting.season = static_cast<Season>(hit.value(Group::season));
    }
    // "A snowy street" is a street in falling snow.
    const bool snowy = hit.value(Group::environment) == static_cast<int>(Environment::snow) && !hit.negated;
    const bool elsewhere = setting.environment && *setting.environment != Environment::snow;
    const bool wanted = !is_banned(banned, Group::weather, static_cast<int>(Weather::snowfall));
    if (snowy && elsewhere && wanted &&
        std::count(setting.weather.begin(), setting.weather.end(), Weather::snowfall) == 0) {
      setting.weather.push_back(Weather::snowfall);
    }
  }
  const auto time = find_time(reading, banned);
  const bool neon = std::count(setting.light.begin(), setting.light.end(), Light::neon) > 0;
  const bool neon_night = !time && neon && !(before && before->time_asked);
  setting.time_asked = time || neon_night;
  setting.time = time.value_or(neon_night ? TimeOfDay::night : TimeOfDay::day);
  if (before) carry_over(reading, *before, setting);
  if (!setting.environment && !setting.scene_reference)
    setting.unknown_place = unknown_place(reading, vocabulary);
  return setting;
}

}  // namespace troupe::stage::prompt
