#include "engine/stage/sound/foley.h"

#include <gtest/gtest.h>

#include <cmath>

namespace troupe::stage {
namespace {

constexpr Surface kSurfaces[] = {Surface::asphalt, Surface::wet,  Surface::gravel, Surface::grass,
                                 Surface::sand,    Surface::snow, Surface::wood,   Surface::stone};

std::vector<float> one_step(const Footstep& step) {
  std::vector<float> mix(2 * kAudioRate);
  Foley(1).add(step, mix);
  return mix;
}

double energy(const std::vector<float>& mix, size_t side) {
  double sum = 0;
  for (size_t i = side; i < mix.size(); i += 2) sum += static_cast<double>(mix[i]) * mix[i];
  return sum;
}

double seconds_of_energy_share(const std::vector<float>& mix, double share) {
  const double total = energy(mix, 0) + energy(mix, 1);
  double sum = 0;
  for (size_t i = 0; i < mix.size(); ++i) {
    sum += static_cast<double>(mix[i]) * mix[i];
    if (sum >= share * total) return static_cast<double>(i / 2) / kAudioRate;
  }
  return 1;
}

TEST(Foley, EveryGroundSoundsAtItsTimeAndSoonEnds) {
  for (const Surface surface : kSurfaces) {
    const auto mix = one_step({0.5, 0, 4, 1, surface});
    for (size_t i = 0; i < kAudioRate; ++i) ASSERT_EQ(mix[i], 0);  // two values a frame: half a second
    EXPECT_LT(seconds_of_energy_share(mix, 0.02), 0.505) << static_cast<int>(surface);
    EXPECT_LT(seconds_of_energy_share(mix, 0.97), 0.5 + 0.2) << static_cast<int>(surface);
    EXPECT_GT(energy(mix, 0), 0.1) << static_cast<int>(surface);
  }
}

TEST(Foley, GroundsDiffer) {
  for (const Surface a : kSurfaces) {
    for (const Surface b : kSurfaces) {
      if (a == b) continue;
      EXPECT_NE(one_step({0.1, 0, 4, 1, a}), one_step({0.1, 0, 4, 1, b}));
    }
  }
}

TEST(Foley, StepsInARowDiffer) {
  Foley foley(1);
  std::vector<float> first(kAudioRate), second(kAudioRate);
  foley.add({0, 0, 4, 1, Surface::gravel}, first);
  foley.add({0, 0, 4, 1, Surface::gravel}, second);
  EXPECT_NE(first, second);
}

TEST(Foley, PanChoosesTheSide) {
  const auto left = one_step({0.1, -0.8f, 4, 1, Surface::stone}),
             right = one_step({0.1, 0.8f, 4, 1, Surface::stone});
  EXPECT_GT(energy(left, 0), 8 * energy(left, 1));
  EXPECT_GT(energy(right, 1), 8 * energy(right, 0));
}

TEST(Foley, FarAndLightStepsAreQuieter) {
  const double near = energy(one_step({0.1, 0, 2, 1, Surface::wood}), 0);
  EXPECT_LT(energy(one_step({0.1, 0, 20, 1, Surface::wood}), 0), near / 4);
  EXPECT_LT(energy(one_step({0.1, 0, 2, 0.2f, Surface::wood}), 0), near / 4);
  EXPECT_GT(energy(one_step({0.1, 0, 2, 2, Surface::wood}), 0), near);
}

TEST(Foley, HostileStepsStayFiniteOrOut) {
  std::vector<float> mix(2 * 1000);
  Foley foley(1);
  const float nan = std::nanf("");
  foley.add({std::nan(""), 0, 4, 1, Surface::grass}, mix);
  foley.add({-1, 0, 4, 1, Surface::grass}, mix);
  foley.add({1e300, 0, 4, 1, Surface::grass}, mix);
  for (const float value : mix) ASSERT_EQ(value, 0);
  foley.add({0.0, nan, nan, nan, Surface::grass}, mix);
  foley.add({0.02, 1e30f, -1e30f, 1e30f, Surface::grass}, mix);
  for (const float value : mix) ASSERT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace troupe::stage
