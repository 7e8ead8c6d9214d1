#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/stage/sound/loudness.h"
#include "engine/stage/sound/sound.h"

namespace troupe::stage {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

SoundRequest take(double seconds, const std::string& ambience) {
  SoundRequest request;
  request.sample_count = static_cast<int64_t>(seconds * kAudioRate);
  request.shots.push_back({0, seconds, ambience, {}, false});
  request.seed = 3;
  return request;
}

// A voice: a buzz that comes and goes four times a second.
SpokenLine voice(double seconds, double length, float pan = 0) {
  SpokenLine line{std::vector<float>(static_cast<size_t>(length * kAudioRate)), seconds, pan};
  for (size_t i = 0; i < line.mono.size(); ++i) {
    const float t = static_cast<float>(i) / kAudioRate;
    line.mono[i] = 0.4f * std::fabs(std::sin(12.6f * t)) * std::sin(900 * t);
  }
  return line;
}

std::vector<float> mixed(const SoundRequest& request) {
  auto mix = mix_sound(request, {});
  EXPECT_TRUE(mix) << to_string(mix.error());
  return std::move(mix).value();
}

double lufs(const std::vector<float>& mix) {
  LoudnessMeter meter;
  meter.add(mix);
  return meter.integrated_lufs();
}

double true_peak_db(const std::vector<float>& mix) {
  float peak = 0;
  for (const float value : true_peaks(mix)) peak = std::max(peak, value);
  return 20 * std::log10(peak);
}

double rms(const std::vector<float>& mix, double begin, double end, size_t side = 0) {
  double sum = 0;
  const auto first = static_cast<size_t>(begin * kAudioRate), last = static_cast<size_t>(end * kAudioRate);
  for (size_t i = first; i < last; ++i) sum += static_cast<double>(mix[2 * i + side]) * mix[2 * i + side];
  return std::sqrt(sum / static_cast<double>(last - first));
}

bool all_sane(const std::vector<float>& mix) {
  return std::all_of(mix.begin(), mix.end(), [](float value) { return std::fabs(value) <= 1; });
}

TEST(MixSound, MakesExactlyTheSamplesAsked) {
  for (const int64_t count : {0, 1, 2, 47, 48, 4801, 100003}) {
    SoundRequest request = take(3, "rain_city");
    request.sample_count = count;
    request.footsteps.push_back({0, 0, 4, 1, Surface::wet});
    const auto mix = mixed(request);
    EXPECT_EQ(mix.size(), static_cast<size_t>(2 * count));
    EXPECT_TRUE(all_sane(mix)) << count;
  }
}

TEST(MixSound, AMinute) {
  const auto mix = mixed(take(60, "park"));
  EXPECT_EQ(mix.size(), 2u * 60 * kAudioRate);
  EXPECT_NEAR(lufs(mix), -16, 1);
}

TEST(MixSound, RefusesImpossibleLengths) {
  SoundRequest request;
  request.sample_count = -1;
  EXPECT_EQ(mix_sound(request, {}).error().code, ErrorCode::over_limit);
  request.sample_count = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(mix_sound(request, {}).error().code, ErrorCode::over_limit);
}

TEST(MixSound, LoudnessAndPeakHoldForWhateverIsHeard) {
  SoundRequest steps = take(3, "");
  for (int i = 0; i < 5; ++i) steps.footsteps.push_back({0.3 + 0.5 * i, 0, 4, 1, Surface::gravel});
  SoundRequest speech = take(4, "city");
  speech.lines.push_back(voice(1, 2));
  SoundRequest music = take(4, "");
  music.shots[0].music = true;
  SoundRequest storm = take(8, "rain_city");
  storm.shots[0].weather = {Weather::storm};
  for (const SoundRequest& request : {steps, speech, music, storm, take(4, "forest"), take(2, "sea")}) {
    const auto mix = mixed(request);
    EXPECT_NEAR(lufs(mix), -16, 2);
    EXPECT_LT(true_peak_db(mix), -1);
  }
}

TEST(MixSound, ARoomAloneStaysQuiet) {
  const auto mix = mixed(take(4, "room"));
  EXPECT_LT(lufs(mix), -24);
  EXPECT_GT(lufs(mix), -40);
}

TEST(MixSound, NothingAskedIsSilence) {
  for (const float value : mixed(take(2, ""))) ASSERT_EQ(value, 0);
  SoundRequest no_shots;
  no_shots.sample_count = 1000;
  for (const float value : mixed(no_shots)) ASSERT_EQ(value, 0);
}

TEST(MixSound, SeedsRepeat) {
  const auto request = take(2, "forest");
  EXPECT_EQ(mixed(request), mixed(request));
  auto other = request;
  other.seed = 4;
  EXPECT_NE(mixed(request), mixed(other));
}

TEST(MixSound, StepsFallOnTheirTimeAndSide) {
  SoundRequest request = take(2, "");
  request.footsteps = {{0.5, -0.9f, 4, 1, Surface::stone}, {1.25, 0.9f, 4, 1, Surface::stone}};
  const auto mix = mixed(request);
  const auto onset = [&](double from, size_t side) {
    auto i = static_cast<size_t>(from * kAudioRate);
    while (i < mix.size() / 2 && std::fabs(mix[2 * i + side]) < 0.03f) ++i;
    return static_cast<double>(i) / kAudioRate;
  };
  EXPECT_NEAR(onset(0.1, 0), 0.5, 0.005);
  EXPECT_NEAR(onset(0.9, 1), 1.25, 0.005);
  EXPECT_GT(rms(mix, 0.5, 0.6, 0), 3 * rms(mix, 0.5, 0.6, 1));
  EXPECT_GT(rms(mix, 1.25, 1.35, 1), 3 * rms(mix, 1.25, 1.35, 0));
}

TEST(MixSound, BedsAreDuckedUnderSpeech) {
  // A voice of one tick every half second: between them only the bed is heard.
  SoundRequest request = take(9, "rain_city");
  SpokenLine ticks{std::vector<float>(3 * kAudioRate), 3, 0};
  for (size_t i = 0; i < ticks.mono.size(); i += kAudioRate / 2) ticks.mono[i] = 0.1f;
  ticks.mono.back() = 0.1f;
  request.lines.push_back(ticks);
  request.shots[0].ambience = "snow";  // nothing walls would answer
  const auto mix = mixed(request), bed = mixed(take(9, "snow"));
  const auto ratio = [&](double begin, double end) { return rms(mix, begin, end) / rms(bed, begin, end); };
  const double ducked = ratio(4.1, 4.4) / ratio(1, 2);
  EXPECT_NEAR(20 * std::log10(ducked), -8, 1);
}

TEST(MixSound, SpeechIsPannedAndPlaced) {
  SoundRequest request = take(3, "");
  request.lines.push_back(voice(1, 1, -0.7f));
  const auto mix = mixed(request);
  EXPECT_EQ(rms(mix, 0, 0.99), 0);
  EXPECT_GT(rms(mix, 1.1, 1.9, 0), 2 * rms(mix, 1.1, 1.9, 1));
  EXPECT_EQ(rms(mix, 2.05, 3), 0);
}

TEST(MixSound, CutsCrossFade) {
  SoundRequest request = take(4, "space");
  request.shots = {{0, 2, "space", {}, false}, {2, 4, "", {}, false}};
  const auto mix = mixed(request);
  EXPECT_GT(rms(mix, 1.9, 1.97), 0.01);
  EXPECT_GT(rms(mix, 2.0, 2.01), 0.001);
  EXPECT_EQ(rms(mix, 2.03, 4), 0);
  float jump = 0;
  for (size_t i = 2 * 1.9 * kAudioRate; i < 2 * 2.1 * kAudioRate; ++i) {
    jump = std::max(jump, std::fabs(mix[i + 2] - mix[i]));
  }
  EXPECT_LT(jump, 0.05f);
}

TEST(MixSound, ACutWithinAPlaceIsNotHeard) {
  SoundRequest cut = take(4, "sea");
  cut.shots = {{0, 1.5, "sea", {}, false}, {1.5, 4, "sea", {}, false}};
  EXPECT_EQ(mixed(cut), mixed(take(4, "sea")));
}

TEST(MixSound, EndsDoNotClick) {
  const auto mix = mixed(take(1, "wind"));
  EXPECT_EQ(mix.front(), 0);
  EXPECT_EQ(mix.back(), 0);
  EXPECT_LT(rms(mix, 0, 0.002), rms(mix, 0.1, 0.9) / 3);
  EXPECT_LT(rms(mix, 0.998, 1), rms(mix, 0.1, 0.9) / 3);
}

TEST(MixSound, HostileTimesAndSamples) {
  SoundRequest request = take(2, "park");
  const auto nan = static_cast<float>(kNan);
  for (const double odd : {kNan, kInfinity, -kInfinity, -5.0, 1e300}) {
    request.shots.push_back({odd, odd, "city", {}, true});
    request.shots.push_back({0, odd, "cliff", {Weather::storm}, false});
    request.footsteps.push_back({odd, nan, nan, nan, Surface::sand});
    request.lines.push_back({{1.0f, nan, -1e30f}, odd, nan});
  }
  request.lines.push_back({{nan, nan, static_cast<float>(kInfinity), 0.5f}, 0.5, 0});
  const auto mix = mixed(request);
  EXPECT_EQ(mix.size(), 4u * kAudioRate);
  EXPECT_TRUE(all_sane(mix));
}

TEST(MixSound, TenThousandSteps) {
  SoundRequest request = take(5, "room");
  for (int i = 0; i < 10000; ++i)
    request.footsteps.push_back({0.0007 * i, 0, 4, 1, static_cast<Surface>(i % 8)});
  const auto mix = mixed(request);
  EXPECT_TRUE(all_sane(mix));
  EXPECT_LT(true_peak_db(mix), -1);
  EXPECT_NEAR(lufs(mix), -16, 2);
}

TEST(MixSound, Cancelled) {
  CancelSource source;
  source.cancel();
  EXPECT_EQ(mix_sound(take(2, "park"), source.token()).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace troupe::stage
