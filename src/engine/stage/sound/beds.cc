#include "engine/stage/sound/beds.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/stage/sound/events.h"
#include "engine/stage/sound/tone_layers.h"
#include "engine/stage/sound/weather_layers.h"

namespace troupe::stage {
namespace {

// A sum of layers. Each gets a seed of its own by its name.
class Bed : public SoundLayer {
 public:
  explicit Bed(uint64_t seed) : seed_(seed) {}
  uint64_t seed(std::string_view name) const { return derive_seed(seed_, name); }

  Bed& noise(std::string_view name, const NoiseBand& band) {
    return keep(std::make_unique<NoiseLayer>(band, seed(name)));
  }
  Bed& wind(std::string_view name, const WindSound& sound) {
    return keep(std::make_unique<WindLayer>(sound, seed(name)));
  }
  Bed& sea(float gain, float far) { return keep(std::make_unique<SeaLayer>(gain, far, seed("sea"))); }
  Bed& hum(std::vector<HumLayer::Partial> partials, float drift) {
    return keep(std::make_unique<HumLayer>(std::move(partials), drift, seed("hum")));
  }
  Bed& murmur(int voices, float gain, float dull_hertz) {
    return keep(std::make_unique<MurmurLayer>(voices, gain, dull_hertz, seed("murmur")));
  }
  Bed& events(std::string_view name, Grain grain, const EventTimes& times) {
    return keep(std::make_unique<EventLayer>(grain, times, seed(name)));
  }
  Bed& keep(std::unique_ptr<SoundLayer> layer) {
    layers_.push_back(std::move(layer));
    return *this;
  }
  void add(std::span<float> interleaved) override {
    for (const auto& layer : layers_) layer->add(interleaved);
  }

 private:
  uint64_t seed_;
  std::vector<std::unique_ptr<SoundLayer>> layers_;
};

// What is outside, heard through a wall and a window.
class Muffled : public SoundLayer {
 public:
  Muffled(std::unique_ptr<SoundLayer> outside, float hertz, float gain)
      : outside_(std::move(outside)), wall_(low_pass(hertz)), gain_(gain) {}
  void add(std::span<float> interleaved) override {
    scratch_.assign(interleaved.size(), 0);
    outside_->add(scratch_);
    for (size_t i = 0; i + 1 < interleaved.size(); i += 2) {
      const Stereo sound = wall_({scratch_[i], scratch_[i + 1]}) * gain_;
      interleaved[i] += sound.left;
      interleaved[i + 1] += sound.right;
    }
  }

 private:
  std::unique_ptr<SoundLayer> outside_;
  Filter<Stereo> wall_;
  float gain_;
  std::vector<float> scratch_;
};

void rain(Bed& bed, float amount) {
  bed.noise("rain", {700, 9000, 0.15f * amount, 1.5f, 1.7f})
      .noise("rain body", {150, 700, 0.035f * amount, 1.0f, 2.3f})
      .events("drops", rain_drop, {0.006f, 0, 0.02f * amount, 0.13f * amount})
      .events("near drops", rain_drop, {0.09f, 0, 0.12f * amount, 0.34f * amount})
      .events("puddles", puddle_drop, {0.35f, 0, 0.02f, 0.09f * amount});
}

void leaves(Bed& bed, float amount) {
  bed.noise("leaves", {1400, 7000, 0.035f * amount, 5, 1.9f})
      .events("rustle", leaf_rustle, {1.6f, 0, 0.04f * amount, 0.12f * amount});
}

void town(Bed& bed, float amount) {
  bed.noise("rumble", {38, 170, 0.11f * amount, 2.5f, 2.9f, 0.6f})
      .noise("wash", {250, 1400, 0.08f * amount, 2.5f, 3.7f});
}

void rain_city(Bed& bed) {
  rain(bed, 1);
  town(bed, 0.45f);
  bed.hum({{100, 0.006f}, {200, 0.004f}, {300, 0.0015f}}, 0.4f)
      .events("cars", wet_car_pass, {4.5f, 1.2f, 0.10f, 0.20f, 1, true});
}

void city(Bed& bed) {
  town(bed, 1);
  bed.hum({{100, 0.005f}, {200, 0.003f}}, 0.5f)
      .events("cars", car_pass, {2.8f, 1.0f, 0.10f, 0.26f, 1, true})
      .events("horns", horn, {13, 0, 0.012f, 0.03f})
      .murmur(3, 0.035f, 1500);
}

void park(Bed& bed) {
  leaves(bed, 0.8f);
  town(bed, 0.14f);
  bed.events("birds", bird_song, {1.5f, 0.9f, 0.03f, 0.10f})
      .events("calls", bird_call, {5, 0, 0.015f, 0.04f})
      .murmur(2, 0.012f, 1200);
}

void forest(Bed& bed) {
  leaves(bed, 1);
  bed.noise("air", {80, 400, 0.03f, 2.5f, 3.1f})
      .wind("canopy", {300, 800, 0.9f, 0.10f, 3.5f, 0.3f})
      .events("near birds", bird_song, {1.9f, 0.8f, 0.05f, 0.14f})
      .events("far birds", bird_song, {0.9f, 0, 0.01f, 0.035f})
      .events("calls", bird_call, {3.8f, 0, 0.02f, 0.06f});
}

void wind(Bed& bed) {
  bed.wind("low", {140, 460, 1.2f, 0.45f, 2.3f, 0.16f})
      .wind("high", {380, 900, 4.5f, 0.55f, 1.6f, 0.06f})
      .noise("hiss", {2200, 7500, 0.014f, 7, 1.3f});
}

void snow(Bed& bed) {
  bed.wind("soft", {190, 560, 1.1f, 0.24f, 2.9f, 0.15f})
      .noise("hush", {250, 2200, 0.03f, 2, 3.3f})
      .noise("flakes", {5000, 11000, 0.008f, 4, 1.1f});
}

void sea(Bed& bed) { bed.sea(0.36f, 0).events("gulls", gull_cry, {6.5f, 2.5f, 0.012f, 0.045f}); }

void cliff(Bed& bed) {
  bed.sea(0.34f, 0.8f)
      .wind("wind", {220, 700, 1.8f, 0.22f, 2.2f, 0.12f})
      .events("gulls", gull_cry, {5.0f, 2.0f, 0.012f, 0.04f});
}

void room(Bed& bed) {
  bed.noise("air", {45, 320, 0.014f, 1, 4})
      .noise("hiss", {800, 5000, 0.0008f, 0.5f, 5})
      .hum({{50, 0.002f}}, 0.3f);
}

void studio(Bed& bed) { bed.noise("air", {35, 220, 0.012f, 0.8f, 5}).noise("hiss", {1500, 6000, 0.0005f}); }

void cafe(Bed& bed) {
  bed.murmur(9, 0.6f, 1500)
      .noise("air", {80, 700, 0.02f, 1, 3})
      .events("cups", cup_clink, {1.3f, 0.8f, 0.012f, 0.05f, 0.8f})
      .events("far cups", cup_clink, {0.7f, 0, 0.003f, 0.012f});
}

void ballroom(Bed& bed) {
  bed.murmur(6, 0.45f, 900)
      .noise("hall", {50, 500, 0.03f, 1.5f, 4})
      .events("glasses", cup_clink, {2.6f, 0, 0.004f, 0.014f});
}

void stadium(Bed& bed) {
  bed.noise("crowd", {250, 2600, 0.20f, 4, 1.4f})
      .noise("roar", {120, 700, 0.14f, 5, 2.1f})
      .murmur(10, 0.2f, 1800);
}

void night(Bed& bed) {
  bed.noise("air", {60, 400, 0.03f, 2, 3})
      .events("crickets", cricket, {0.7f, 0, 0.006f, 0.022f})
      .events("far crickets", cricket, {0.25f, 0, 0.002f, 0.006f})
      .events("owls", owl_call, {7, 3, 0.02f, 0.06f});
}

void space(Bed& bed) {
  bed.hum({{41.2f, 0.05f}, {55, 0.06f}, {82.6f, 0.07f}, {110.3f, 0.06f}, {164.9f, 0.045f}, {247.5f, 0.025f}},
          0.8f)
      .noise("deep", {40, 160, 0.07f, 4, 5})
      .noise("shimmer", {3000, 8000, 0.003f, 9, 2.4f});
}

void underwater(Bed& bed) {
  bed.noise("deep", {25, 240, 0.22f, 3, 2.6f})
      .wind("current", {90, 260, 1.4f, 0.4f, 3.3f, 0.4f})
      .events("bubbles", bubbles, {1.4f, 0.7f, 0.04f, 0.12f});
}

enum class Walls { none, indoors };

struct Place {
  std::string_view id;
  void (*fill)(Bed&);
  Echo echo;
  Walls walls = Walls::none;
  bool rains = false, windy = false;  // by itself: asked again, it changes nothing
};

constexpr Echo kOpen = {}, kStreet = {0.7f, 0.10f, 1.4f}, kTrees = {0.5f, 0.05f, 1.2f};
constexpr Echo kDry = {0.15f, 0.05f, 0.3f}, kSmall = {0.4f, 0.13f, 0.6f}, kHall = {1.5f, 0.22f, 1.6f};
constexpr Echo kWide = {2.2f, 0.18f, 2.0f};

constexpr Place kPlaces[] = {
    {"rain_city", rain_city, kStreet, Walls::none, true},
    {"city", city, kStreet},
    {"street", city, kStreet},
    {"road", city, kOpen},
    {"park", park, kOpen},
    {"meadow", park, kOpen},
    {"forest", forest, kTrees},
    {"wind", wind, kOpen, Walls::none, false, true},
    {"mountain", wind, kStreet, Walls::none, false, true},
    {"desert", wind, kOpen, Walls::none, false, true},
    {"sky", wind, kOpen, Walls::none, false, true},
    {"snow", snow, kOpen},
    {"sea", sea, kOpen},
    {"beach", sea, kOpen},
    {"ocean", sea, kOpen},
    {"cliff", cliff, kOpen, Walls::none, false, true},
    {"night", night, kOpen},
    {"stadium", stadium, kWide},
    {"space", space, kWide, Walls::indoors},
    {"underwater", underwater, kHall, Walls::indoors},
    {"room", room, kSmall, Walls::indoors},
    {"studio", studio, kDry, Walls::indoors},
    {"cafe", cafe, kSmall, Walls::indoors},
    {"ballroom", ballroom, kHall, Walls::indoors},
};
constexpr Place kUnknownPlace = {"", room, kSmall, Walls::indoors};

const Place& place_of(std::string_view ambience) {
  const auto* const found = std::find_if(std::begin(kPlaces), std::end(kPlaces),
                                         [&](const Place& place) { return place.id == ambience; });
  return found == std::end(kPlaces) ? kUnknownPlace : *found;
}

void add_weather(Bed& bed, const Place& place, Weather weather) {
  switch (weather) {
    case Weather::rain:
      if (!place.rains) rain(bed, 0.9f);
      return;
    case Weather::storm:
      rain(bed, place.rains ? 0.5f : 1.2f);
      bed.events("thunder", thunder, {7, 1.5f, 0.25f, 0.6f, 0.5f})
          .wind("storm", {150, 600, 1.4f, 0.30f, 1.9f, 0.3f});
      return;
    case Weather::snowfall:
      bed.noise("snowfall", {300, 1800, 0.015f, 3, 2.7f})
          .noise("flakes falling", {6000, 12000, 0.006f, 3, 0.9f});
      return;
    case Weather::wind:
      if (!place.windy) bed.wind("weather", {200, 900, 1.8f, 0.30f, 2.3f, 0.25f});
      return;
    case Weather::leaves:
      leaves(bed, 0.9f);
      return;
    case Weather::dust:
      bed.wind("dust", {400, 900, 2.5f, 0.12f, 2.9f, 0.2f}).noise("grit", {3000, 8000, 0.008f, 7, 0.8f});
      return;
    case Weather::fog:
    case Weather::overcast:
    case Weather::clear:
      return;
  }
}

}  // namespace

std::unique_ptr<SoundLayer> make_bed(std::string_view ambience, std::span<const Weather> weather,
                                     uint64_t seed) {
  auto bed = std::make_unique<Bed>(derive_seed(seed, ambience));
  if (ambience.empty()) return bed;
  const Place& place = place_of(ambience);
  place.fill(*bed);
  auto sky = std::make_unique<Bed>(derive_seed(seed, "weather"));
  for (size_t i = 0; i < weather.size(); ++i) {
    const auto before = weather.first(i);
    if (std::find(before.begin(), before.end(), weather[i]) != before.end()) continue;
    add_weather(*sky, place, weather[i]);
  }
  if (place.walls == Walls::indoors) {
    bed->keep(std::make_unique<Muffled>(std::move(sky), 700.0f, 0.45f));
  } else {
    bed->keep(std::move(sky));
  }
  return bed;
}

Echo echo_of(std::string_view ambience) { return ambience.empty() ? Echo{} : place_of(ambience).echo; }

}  // namespace troupe::stage
