#include "engine/stage/sound/ducking.h"

#include <gtest/gtest.h>

#include <cmath>

namespace troupe::stage {
namespace {

SpokenLine line_at(double seconds, double length, float level = 0.5f) {
  return {std::vector<float>(static_cast<size_t>(length * kAudioRate), level), seconds, 0};
}

float gain_at(const std::vector<float>& gains, double seconds) {
  return gains[static_cast<size_t>(seconds * kAudioRate / kDuckHop)];
}

TEST(Ducking, LowersBedsByEightDecibelsUnderALine) {
  const std::vector<SpokenLine> lines = {line_at(1, 1)};
  const auto gains = duck_gains(4 * kAudioRate, lines);
  EXPECT_EQ(gain_at(gains, 0.5), 1);
  EXPECT_NEAR(20 * std::log10(gain_at(gains, 1.0)), -8, 0.1);
  EXPECT_NEAR(20 * std::log10(gain_at(gains, 1.9)), -8, 0.1);
  EXPECT_EQ(gain_at(gains, 3), 1);
}

TEST(Ducking, RampsHaveNoSteps) {
  const std::vector<SpokenLine> lines = {line_at(1, 0.3), line_at(1.5, 0.2)};
  const auto gains = duck_gains(3 * kAudioRate, lines);
  for (size_t i = 1; i < gains.size(); ++i) EXPECT_LT(std::fabs(gains[i] - gains[i - 1]), 0.02f) << i;
}

TEST(Ducking, SilentLinesDuckNothing) {
  const std::vector<SpokenLine> lines = {line_at(0, 1, 0), line_at(0, 0)};
  for (const float gain : duck_gains(kAudioRate, lines)) EXPECT_EQ(gain, 1);
}

TEST(Ducking, TakesAnyTime) {
  const std::vector<SpokenLine> lines = {line_at(std::nan(""), 1), line_at(1e300, 1), line_at(-1e300, 1),
                                         line_at(-0.5, 1)};
  const auto gains = duck_gains(2 * kAudioRate, lines);
  EXPECT_LT(gain_at(gains, 0), 0.5f);
  EXPECT_EQ(gain_at(gains, 1.5), 1);
}

}  // namespace
}  // namespace troupe::stage
