#include "engine/stage/scene/paint/light_table.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/stage/scene/paint/relief.h"

namespace troupe::stage::paint {
namespace {

Atmosphere at(TimeOfDay time, std::vector<Weather> weather = {}) {
  SceneRequest request;
  request.time = time;
  request.weather = std::move(weather);
  return atmosphere(request);
}

TEST(LightTableTest, HoursGetDarkerTowardsNight) {
  const Rgb gray = {0.5f, 0.5f, 0.5f};
  const auto shown = [&](TimeOfDay time) { return luma(at(time).lit(gray, 0.6f)); };
  EXPECT_GT(shown(TimeOfDay::day), shown(TimeOfDay::sunset));
  EXPECT_GT(shown(TimeOfDay::sunset), shown(TimeOfDay::blue));
  // Two stops of light are a factor of four, 1.88 in display values.
  EXPECT_GT(shown(TimeOfDay::day), 1.88f * shown(TimeOfDay::night));
}

TEST(LightTableTest, GoldenIsWarmAndNightIsCool) {
  const LightRig golden = at(TimeOfDay::golden).light, night = at(TimeOfDay::night).light;
  EXPECT_GT(golden.gain.x, golden.gain.z * 1.3f);
  EXPECT_GT(night.gain.z, night.gain.x * 1.3f);
}

TEST(LightTableTest, CloudTakesTheSunAndTheShadow) {
  const Atmosphere clear = at(TimeOfDay::day), storm = at(TimeOfDay::day, {Weather::storm});
  EXPECT_LT(luma(storm.sun), 0.4f * luma(clear.sun));
  EXPECT_LT(storm.light.shadow, clear.light.shadow);
  EXPECT_LT(luma(storm.sky.zenith), luma(clear.sky.zenith) * 1.3f);
  EXPECT_GT(storm.wind, clear.wind);
  EXPECT_EQ(storm.sky.disc, 0);
  ASSERT_FALSE(storm.particles.empty());
  EXPECT_EQ(storm.particles[0].kind, Particles::Kind::rain);
}

TEST(LightTableTest, FogHidesWhatIsFar) {
  EXPECT_GT(at(TimeOfDay::day, {Weather::fog}).light.haze_density, 0.03f);
}

TEST(LightTableTest, StylesStayInsideTheRangesOfAGrade) {
  SceneRequest request;
  request.style = {Style::dark, Style::tense,  Style::cinematic, Style::vintage,
                   Style::bw,   Style::pastel, Style::anime};
  request.light = {Light::dramatic, Light::spot, Light::soft};
  const Grade grade = atmosphere(request).grade;
  EXPECT_EQ(grade.saturation, 0);
  EXPECT_LE(grade.contrast, 0.4f);
  EXPECT_LE(grade.vignette, 0.6f);
  EXPECT_GE(grade.grain, 0);
  EXPECT_LE(grade.lift, 0.1f);
}

TEST(LightTableTest, CandleKeepsWhiteFromBurning) {
  SceneRequest request;
  request.light = {Light::candle};
  EXPECT_EQ(atmosphere(request).light.luminance_cap, 210);
}

TEST(ReliefTest, SlopeTowardsTheLightIsBrighterAndAHollowIsLessOpen) {
  Field height(64, 64);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x)
      height.at(x, y) = 0.5f + 0.5f * std::cos(static_cast<float>(x) * 6.2832f / 64);
  }
  const Relief relief{.height = 20, .to_light = {1, 0, 0.5f}};
  const Field direct = lambert(height, relief), open = openness(height, relief);
  EXPECT_GT(direct.at(16, 8), direct.at(48, 8) + 0.3f);
  EXPECT_LT(open.at(32, 8), open.at(0, 8));
}

}  // namespace
}  // namespace troupe::stage::paint
