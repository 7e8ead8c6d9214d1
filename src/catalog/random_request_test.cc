// Requests of random and extreme values against every model: no answer may be undefined, and a request that
// breaks no rule comes out whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/random.h"
#include "catalog/requests_for_test.h"

namespace troupe::catalog {
namespace {

template <class T, size_t N>
T one_of(Random& random, const std::array<T, N>& values) {
  return values[static_cast<size_t>(random.below(static_cast<int>(N)))];
}

constexpr std::array<int64_t, 12> kMilliseconds{0,
                                                1,
                                                500,
                                                3000,
                                                4500,
                                                5000,
                                                8000,
                                                15000,
                                                60000,
                                                -1,
                                                std::numeric_limits<int64_t>::max(),
                                                std::numeric_limits<int64_t>::min()};
constexpr std::array<int, 12> kSides{0,
                                     1,
                                     64,
                                     65,
                                     720,
                                     1080,
                                     1280,
                                     1920,
                                     4096,
                                     -1,
                                     std::numeric_limits<int>::max(),
                                     std::numeric_limits<int>::min()};
constexpr std::array<int, 8> kTerms{0, 1, 9, 16, 4, 3, -1, std::numeric_limits<int>::max()};
constexpr std::array<int32_t, 7> kRates{0, 1, 24, 30000, 1001, -1, std::numeric_limits<int32_t>::max()};
constexpr std::array<std::string_view, 6> kPrompts{
    "", " ", "Rain.", "Shot 1 (5s): Rain. Shot 2: Sun.", "@fox runs.", "\xff\xfe"};

std::optional<MediaTime> duration_of(Random& random) {
  if (random.below(2) == 0) return std::nullopt;
  return MediaTime{one_of(random, kMilliseconds)};
}

GenerationSpec random_request(Random& random) {
  GenerationSpec spec = request(random.below(4), random.below(3), random.below(4));
  if (random.below(2) == 0) spec.prompt = one_of(random, kPrompts);
  if (random.below(3) == 0) {
    spec.prompt.clear();
    for (int i = random.below(5); i >= 0; --i) spec.shots.push_back({"Rain.", duration_of(random)});
  }
  spec.duration = duration_of(random);
  if (random.below(4) == 0) spec.first_frame = MediaSource{"first.png"};
  if (random.below(8) == 0) spec.last_frame = MediaSource{"last.png"};
  if (random.below(8) == 0) spec.extend = MediaSource{"clip.mp4"};
  if (random.below(3) == 0) spec.aspect_ratio = AspectRatio{one_of(random, kTerms), one_of(random, kTerms)};
  if (random.below(3) == 0) spec.resolution = Resolution{one_of(random, kSides), {}};
  if (random.below(3) == 0) spec.resolution = Resolution{0, {one_of(random, kSides), one_of(random, kSides)}};
  if (random.below(3) == 0) spec.fps = FrameRate{one_of(random, kRates), one_of(random, kRates)};
  if (random.below(4) == 0) spec.seed = random.next();
  if (random.below(4) == 0) spec.count = one_of(random, kSides);
  return spec;
}

void expect_whole(const Resolved& resolved) {
  EXPECT_EQ(resolved.prompt.shots.size(), resolved.shot_durations.size());
  EXPECT_EQ(resolved.shot_frames.size(), resolved.shot_durations.size());
  MediaTime sum;
  for (const MediaTime duration : resolved.shot_durations) sum = sum + duration;
  EXPECT_EQ(sum, resolved.duration);
  int64_t frames = 0;
  for (const int64_t count : resolved.shot_frames) {
    EXPECT_GE(count, 1);
    frames += count;
  }
  EXPECT_EQ(frames, frame_count(resolved.duration, resolved.fps));
  EXPECT_GE(std::min(resolved.size.width, resolved.size.height), 64);
  EXPECT_LE(std::max(resolved.size.width, resolved.size.height), 2560);
  EXPECT_EQ((resolved.size.width | resolved.size.height) & 1, 0);
}

TEST(RandomRequests, AreRefusedWithReasonsOrComeOutWhole) {
  Random random(7);
  int whole = 0;
  for (int i = 0; i < 1000; ++i) {
    const GenerationSpec spec = random_request(random);
    for (const Model& model : builtin_for_test().models()) {
      const auto violations = builtin_for_test().check(spec, model);
      const auto resolved = builtin_for_test().resolve(spec, model);
      ASSERT_EQ(violations.empty(), resolved.has_value());
      for (const Violation& violation : violations) {
        EXPECT_EQ(violation.field.substr(0, 1), "/");
        EXPECT_FALSE(violation.rule.empty() || violation.code.empty());
      }
      if (!resolved) continue;
      ++whole;
      expect_whole(*resolved);
      EXPECT_GE(price(model, *resolved).total.micros, 0);
    }
  }
  EXPECT_GT(whole, 100);
}

}  // namespace
}  // namespace troupe::catalog
