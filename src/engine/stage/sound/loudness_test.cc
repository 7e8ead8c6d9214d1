#include "engine/stage/sound/loudness.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/output.h"

namespace troupe::stage {
namespace {

std::vector<float> sine(double hertz, double amplitude, double seconds, double phase = 0) {
  std::vector<float> stereo(2 * static_cast<size_t>(seconds * kAudioRate));
  for (size_t i = 0; i < stereo.size() / 2; ++i) {
    const double angle = phase + 6.283185307179586 * hertz * static_cast<double>(i) / kAudioRate;
    stereo[2 * i] = stereo[2 * i + 1] = static_cast<float>(amplitude * std::sin(angle));
  }
  return stereo;
}

double lufs(const std::vector<float>& stereo) {
  LoudnessMeter meter;
  meter.add(stereo);
  return meter.integrated_lufs();
}

double amplitude_of(double db) { return std::pow(10, db / 20); }

// The cases of EBU Tech 3341 that define the meter: a 1 kHz sine on both sides reads as its peak level.
TEST(Loudness, SineOfAKilohertzReadsAsItsLevel) {
  EXPECT_NEAR(lufs(sine(1000, amplitude_of(-23), 20)), -23, 0.1);
  EXPECT_NEAR(lufs(sine(1000, amplitude_of(-33), 20)), -33, 0.1);
}

TEST(Loudness, QuietPartsAreGatedAway) {
  auto sound = sine(1000, amplitude_of(-36), 10);
  const auto loud = sine(1000, amplitude_of(-23), 60), quiet = sound;
  sound.insert(sound.end(), loud.begin(), loud.end());
  sound.insert(sound.end(), quiet.begin(), quiet.end());
  EXPECT_NEAR(lufs(sound), -23, 0.1);
}

TEST(Loudness, LowTonesCountLessAndHighTonesMore) {
  EXPECT_LT(lufs(sine(40, 0.1, 2)), lufs(sine(1000, 0.1, 2)) - 3);
  EXPECT_GT(lufs(sine(6000, 0.1, 2)), lufs(sine(1000, 0.1, 2)) + 2);
}

TEST(Loudness, SilenceAndNothing) {
  EXPECT_EQ(lufs({}), kSilentLufs);
  EXPECT_EQ(lufs(std::vector<float>(96000, 0.0f)), kSilentLufs);
}

TEST(Loudness, ShorterThanABlockIsOneBlock) {
  EXPECT_NEAR(lufs(sine(1000, amplitude_of(-20), 0.2)), -20, 0.3);
}

TEST(Loudness, CutsIntoCallsChangeNothing) {
  const auto sound = sine(777, 0.3, 1.7);
  LoudnessMeter meter;
  for (size_t at = 0; at < sound.size(); at += 1234) {
    meter.add(std::span(sound).subspan(at, std::min<size_t>(1234, sound.size() - at)));
  }
  EXPECT_EQ(meter.integrated_lufs(), lufs(sound));
}

TEST(TruePeaks, FindsThePeakBetweenSamples) {
  // A quarter of the rate, 45 degrees off: every sample is at 0.707 of the peak.
  const auto sound = sine(12000, 0.8, 0.1, 0.785398163);
  float samples = 0, peak = 0;
  for (const float value : sound) samples = std::max(samples, std::fabs(value));
  const auto peaks = true_peaks(sound);
  for (size_t i = 1; i + 1 < peaks.size(); ++i) peak = std::max(peak, peaks[i]);
  EXPECT_NEAR(samples, 0.566, 0.001);
  EXPECT_NEAR(20 * std::log10(peak / 0.8), 0, 0.2);
}

TEST(TruePeaks, OnePeakAHop) {
  EXPECT_EQ(true_peaks({}).size(), 0u);
  EXPECT_EQ(true_peaks(std::vector<float>(2, 0.5f)).size(), 1u);
  std::vector<float> sound(2 * 3 * kPeakHop, 0.0f);
  sound[2 * (kPeakHop + 24) + 1] = -0.7f;
  const auto peaks = true_peaks(sound);
  ASSERT_EQ(peaks.size(), 3u);
  EXPECT_GE(peaks[1], 0.7f);
  EXPECT_LT(peaks[0], 0.1f);
}

}  // namespace
}  // namespace troupe::stage
