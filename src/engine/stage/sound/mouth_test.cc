#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/stage/sound/sound.h"

namespace troupe::stage {
namespace {

// A tone that sounds from 0.3 to 0.7 seconds of one second.
SpokenLine one_syllable(float amplitude) {
  SpokenLine line;
  line.mono.resize(kAudioRate);
  for (size_t i = kAudioRate * 3 / 10; i < kAudioRate * 7 / 10; ++i) {
    line.mono[i] = amplitude * std::sin(0.03f * static_cast<float>(i));
  }
  return line;
}

TEST(MouthOpening, FollowsTheSyllable) {
  const SpokenLine line = one_syllable(0.5f);
  EXPECT_EQ(mouth_opening(line, 0.1), 0);
  EXPECT_GT(mouth_opening(line, 0.5), 0.8f);
  EXPECT_LT(mouth_opening(line, 0.98), 0.1f);
}

TEST(MouthOpening, OpensFasterThanItCloses) {
  const SpokenLine line = one_syllable(0.5f);
  EXPECT_GT(mouth_opening(line, 0.35), 0.6f);
  EXPECT_GT(mouth_opening(line, 0.75), 0.4f);
  EXPECT_LT(mouth_opening(line, 0.75), mouth_opening(line, 0.65));
}

TEST(MouthOpening, IsMeasuredAgainstTheLineItself) {
  EXPECT_NEAR(mouth_opening(one_syllable(0.05f), 0.5), mouth_opening(one_syllable(0.8f), 0.5), 0.01);
}

TEST(MouthOpening, IsShutWithoutSound) {
  EXPECT_EQ(mouth_opening({}, 0), 0);
  EXPECT_EQ(mouth_opening({std::vector<float>(kAudioRate, 0.0f), 0, 0}, 0.5), 0);
  EXPECT_EQ(mouth_opening({std::vector<float>(kAudioRate, std::nanf("")), 0, 0}, 0.5), 0);
}

TEST(MouthOpening, TakesAnyTime) {
  const SpokenLine line = one_syllable(0.5f);
  for (const double seconds : {-1.0, 1e300, -1e300, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(mouth_opening(line, seconds), 0) << seconds;
  }
}

}  // namespace
}  // namespace troupe::stage
