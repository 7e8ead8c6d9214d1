#include "engine/stage/raster/coverage.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace troupe::stage {
namespace {

TEST(Coverage, TrimsWhatIsHiddenAtTheEnds) {
  Coverage coverage(200, 2);
  coverage.cover({1, 10, 70});
  EXPECT_EQ(coverage.visible({1, 0, 200}), (PixelRun{1, 0, 200}));
  EXPECT_EQ(coverage.visible({1, 20, 100}), (PixelRun{1, 70, 100}));
  EXPECT_EQ(coverage.visible({1, 5, 60}), (PixelRun{1, 5, 10}));
  EXPECT_TRUE(coverage.visible({1, 10, 70}).empty());
  EXPECT_EQ(coverage.visible({0, 10, 70}), (PixelRun{0, 10, 70}));
  coverage.clear();
  EXPECT_EQ(coverage.visible({1, 10, 70}), (PixelRun{1, 10, 70}));
}

TEST(Coverage, AgreesWithOneBooleanAPixel) {
  constexpr int kWidth = 197;
  Random random(9);
  for (int round = 0; round < 200; ++round) {
    Coverage coverage(kWidth, 1);
    std::vector<bool> covered(kWidth);
    for (int step = 0; step < 12; ++step) {
      const int begin = random.below(kWidth + 1), end = begin + random.below(kWidth + 1 - begin);
      PixelRun expected{0, begin, end};
      while (!expected.empty() && covered[static_cast<size_t>(expected.begin)]) ++expected.begin;
      while (!expected.empty() && covered[static_cast<size_t>(expected.end - 1)]) --expected.end;
      const PixelRun visible = coverage.visible({0, begin, end});
      ASSERT_EQ(visible.empty(), expected.empty());
      if (!expected.empty()) {
        ASSERT_EQ(visible, expected);
      }
      coverage.cover({0, begin, end});
      for (int x = begin; x < end; ++x) covered[static_cast<size_t>(x)] = true;
    }
  }
}

}  // namespace
}  // namespace troupe::stage
