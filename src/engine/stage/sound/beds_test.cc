#include "engine/stage/sound/beds.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/output.h"
#include "engine/stage/sound/loudness.h"
#include "engine/stage/sound/music.h"

namespace troupe::stage {
namespace {

constexpr std::string_view kPlaces[] = {"rain_city", "city",    "park",   "forest",    "wind", "snow",
                                        "sea",       "cliff",   "studio", "room",      "cafe", "ballroom",
                                        "night",     "stadium", "space",  "underwater"};

std::vector<float> sound_of(SoundLayer& layer, double seconds = 2) {
  std::vector<float> sound(2 * static_cast<size_t>(seconds * kAudioRate));
  layer.add(sound);
  return sound;
}

std::vector<float> bed(std::string_view place, const std::vector<Weather>& weather = {}, uint64_t seed = 1) {
  return sound_of(*make_bed(place, weather, seed));
}

double lufs(const std::vector<float>& sound) {
  LoudnessMeter meter;
  meter.add(sound);
  return meter.integrated_lufs();
}

TEST(Beds, EveryPlaceIsHeardAndBounded) {
  for (const std::string_view place : kPlaces) {
    const auto sound = bed(place);
    EXPECT_GT(lufs(sound), -60) << place;
    EXPECT_LT(lufs(sound), -14) << place;
    for (const float value : sound) ASSERT_LT(std::fabs(value), 2) << place;
  }
}

TEST(Beds, PlacesDiffer) {
  for (size_t i = 1; i < std::size(kPlaces); ++i)
    EXPECT_NE(bed(kPlaces[i - 1]), bed(kPlaces[i])) << kPlaces[i];
}

TEST(Beds, SeedsDifferAndRepeat) {
  EXPECT_EQ(bed("forest"), bed("forest"));
  EXPECT_NE(bed("forest", {}, 1), bed("forest", {}, 2));
}

TEST(Beds, CutsIntoCallsChangeNothing) {
  for (const std::string_view place : {"rain_city", "sea", "cafe", "space"}) {
    const auto whole = bed(place, {Weather::storm});
    const std::vector<Weather> storm = {Weather::storm};
    const auto layer = make_bed(place, storm, 1);
    std::vector<float> parts(whole.size());
    for (size_t at = 0; at < parts.size(); at += 2 * 777) {
      layer->add(std::span(parts).subspan(at, std::min<size_t>(2 * 777, parts.size() - at)));
    }
    EXPECT_EQ(parts, whole) << place;
  }
}

TEST(Beds, UnknownPlacesAreQuietRooms) {
  EXPECT_LT(lufs(bed("no such place")), -40);
  EXPECT_GT(lufs(bed("no such place")), -60);
}

TEST(Beds, NoPlaceIsSilentWhateverTheWeather) {
  for (const float value : bed("", {Weather::storm})) ASSERT_EQ(value, 0);
}

TEST(Beds, WeatherIsHeardAndWallsDullIt) {
  const double park = lufs(bed("park"));
  EXPECT_GT(lufs(bed("park", {Weather::rain})), park + 3);
  EXPECT_GT(lufs(bed("park", {Weather::storm})), park + 3);
  EXPECT_GT(lufs(bed("room", {Weather::rain})), lufs(bed("room")) + 3);
  EXPECT_LT(lufs(bed("room", {Weather::rain})), lufs(bed("park", {Weather::rain})) - 6);
  EXPECT_EQ(bed("park", {Weather::clear, Weather::fog}), bed("park"));
  EXPECT_EQ(bed("park", {Weather::rain, Weather::rain}), bed("park", {Weather::rain}));
}

TEST(Beds, RainIsBroadAndSteadySeaSwells) {
  const auto level_range = [](const std::vector<float>& sound) {
    double low = 1e9, high = 0;
    for (size_t at = 0; at + kAudioRate <= sound.size(); at += kAudioRate) {
      double sum = 0;
      for (size_t i = at; i < at + kAudioRate; ++i) sum += static_cast<double>(sound[i]) * sound[i];
      low = std::min(low, sum);
      high = std::max(high, sum);
    }
    return 10 * std::log10(high / low);
  };
  EXPECT_LT(level_range(sound_of(*make_bed("rain_city", {}, 3), 12)), 6);
  EXPECT_GT(level_range(sound_of(*make_bed("sea", {}, 3), 12)), 6);
}

TEST(Music, IsSoftAndRepeatable) {
  MusicLayer first(5), second(5), other(6);
  const auto sound = sound_of(first, 5);
  EXPECT_EQ(sound, sound_of(second, 5));
  EXPECT_NE(sound, sound_of(other, 5));
  EXPECT_GT(lufs(sound), -36);
  EXPECT_LT(lufs(sound), -16);
}

TEST(Reverb, AnswersAndDiesAway) {
  Reverb reverb({0.5f, 0.5f, 1});
  std::vector<float> dry(2 * kAudioRate), wet(2 * kAudioRate);
  dry[0] = dry[1] = 1;
  reverb.add(dry, wet);
  const auto energy = [&](double begin, double end) {
    double sum = 0;
    for (auto i = static_cast<size_t>(2 * begin * kAudioRate); i < static_cast<size_t>(2 * end * kAudioRate);
         ++i) {
      sum += static_cast<double>(wet[i]) * wet[i];
    }
    return sum;
  };
  EXPECT_GT(energy(0, 0.1), 0.01);
  EXPECT_LT(energy(0.5, 0.6), energy(0, 0.1) * 1e-4);
}

}  // namespace
}  // namespace troupe::stage
