#include "engine/stage/finish/finisher.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engine/stage/finish/particles.h"

namespace troupe::stage {
namespace {

constexpr FrameSize kSize{98, 54};  // no multiple of a vector, a band or a bloom cell

RenderTarget painted(uint8_t r, uint8_t g, uint8_t b) {
  RenderTarget target(kSize);
  for (size_t i = 0; i < target.rgba.size(); i += 4) {
    target.rgba[i] = r;
    target.rgba[i + 1] = g;
    target.rgba[i + 2] = b;
    target.rgba[i + 3] = 255;
  }
  return target;
}

Frame finish(const Grade& grade, const RenderTarget& picture, float amount = 1, int64_t index = 0,
             int threads = 1) {
  TaskQueue queue(threads);
  Finisher finisher(grade, kSize, 7);
  return finisher.finish(picture, index, amount, queue);
}

double mean(const std::vector<uint8_t>& plane) {
  double sum = 0;
  for (const uint8_t v : plane) sum += v;
  return sum / static_cast<double>(plane.size());
}

TEST(Finisher, AmountZeroIsThePlainConversion) {
  Random random(1);
  RenderTarget picture = painted(0, 0, 0);
  for (size_t i = 0; i < picture.rgba.size(); i += 4) {
    for (size_t c = 0; c < 3; ++c) picture.rgba[i + c] = static_cast<uint8_t>(random.below(256));
  }
  const Frame frame = finish(Grade{}, picture, 0);
  const Frame plain = frame_from_image(picture.to_image());
  for (size_t i = 0; i < frame.luma.size(); ++i) ASSERT_NEAR(frame.luma[i], plain.luma[i], 1) << i;
  for (size_t i = 0; i < frame.cb.size(); ++i) {
    ASSERT_NEAR(frame.cb[i], plain.cb[i], 1) << i;
    ASSERT_NEAR(frame.cr[i], plain.cr[i], 1) << i;
  }
}

TEST(Finisher, ContrastSpreadsAndVignetteDarkensCorners) {
  Grade grade;
  grade.grain = grade.bloom = 0;
  grade.contrast = 0.4f;
  grade.vignette = 0;
  EXPECT_LT(mean(finish(grade, painted(60, 60, 60)).luma), mean(finish(grade, painted(60, 60, 60), 0).luma));
  EXPECT_GT(mean(finish(grade, painted(190, 190, 190)).luma),
            mean(finish(grade, painted(190, 190, 190), 0).luma));
  grade.vignette = 0.5f;
  const Frame frame = finish(grade, painted(128, 128, 128));
  EXPECT_LT(frame.luma[0] + 15, frame.luma[static_cast<size_t>(27) * kSize.width + 49]);
}

TEST(Finisher, BloomSpillsFromBrightPartsOnly) {
  Grade grade;
  grade.grain = grade.vignette = grade.contrast = 0;
  grade.bloom = 1;
  RenderTarget lamp = painted(10, 10, 10);
  for (int y = 20; y < 30; ++y) std::fill_n(lamp.row(y) + 40 * 4, 40, 255);
  const Frame with = finish(grade, lamp);
  grade.bloom = 0;
  const Frame without = finish(grade, lamp);
  const size_t beside = static_cast<size_t>(25) * kSize.width + 56;
  EXPECT_GT(with.luma[beside], without.luma[beside] + 3);
  grade.bloom = 1;
  const Frame dark = finish(grade, painted(100, 100, 100)),
              plain =
                  finish(Grade{.bloom = 0, .contrast = 0, .vignette = 0, .grain = 0}, painted(100, 100, 100));
  EXPECT_EQ(dark.luma, plain.luma);
}

TEST(Finisher, GrainChangesByFrameAndRepeatsBySeed) {
  Grade grade;
  grade.grain = 8;
  const RenderTarget grey = painted(90, 90, 90);
  EXPECT_EQ(finish(grade, grey, 1, 3), finish(grade, grey, 1, 3, 4));
  EXPECT_NE(finish(grade, grey, 1, 3), finish(grade, grey, 1, 4));
  EXPECT_NEAR(mean(finish(grade, grey, 1, 3).luma), mean(finish(grade, grey, 1, 4).luma), 0.4);
}

TEST(Particles, EveryKindDrawsRepeatsAndMoves) {
  using Kind = Particles::Kind;
  for (const Kind kind : {Kind::rain, Kind::snow, Kind::leaves, Kind::dust, Kind::embers, Kind::petals}) {
    const std::vector<Particles> what = {{kind, 1, 0.2f, {1, 1, 1}}};
    const auto at = [&](double seconds, float amount) {
      RenderTarget target = painted(40, 40, 60);
      draw_particles(what, seconds, Camera{}, 5, amount, target);
      return target.to_image();
    };
    EXPECT_EQ(at(1, 1), at(1, 1));
    EXPECT_NE(at(1, 1), at(1.2, 1));
    EXPECT_NE(at(1, 1), painted(40, 40, 60).to_image());
    EXPECT_EQ(at(1, 0), painted(40, 40, 60).to_image());
  }
}

}  // namespace
}  // namespace troupe::stage
