#include "image/measure.h"

#include <gtest/gtest.h>

#include <memory>

#include "image/ops.h"
#include "image/test_pictures.h"

namespace troupe::image {
namespace {

Image rubble(uint64_t seed = 9) {
  cv::Mat rgb, rgba;
  test::rubble({320, 240}, seed).convertTo(rgb, CV_8UC3);
  cv::cvtColor(rgb, rgba, cv::COLOR_RGB2RGBA);
  return to_image(rgba);
}

Image changed(const Image& picture, double gain, double lift) {
  cv::Mat out;
  view(picture).convertTo(out, CV_8UC4, gain, lift);
  return to_image(out);
}

TEST(Psnr, FollowsTheDefinition) {
  const Image a = test::flat(20, 10, 100, 100, 100), b = test::flat(20, 10, 110, 110, 110);
  EXPECT_EQ(psnr_rgb(a, a), 100.0);
  EXPECT_NEAR(psnr_rgb(a, b), 28.13, 0.01);
  EXPECT_NEAR(psnr_luma(a, b), 28.13, 0.01);
  EXPECT_GT(psnr_luma(a, test::flat(20, 10, 100, 100, 110)), psnr_rgb(a, test::flat(20, 10, 100, 100, 110)));
}

TEST(Ssim, ForgivesLightButNotStructure) {
  const Image picture = rubble();
  EXPECT_NEAR(ssim_of_structure(picture, picture), 1.0, 1e-4);
  EXPECT_GT(ssim_of_structure(picture, changed(picture, 0.7, 20)), 0.97);
  EXPECT_LT(ssim_of_structure(picture, mirror(picture)), 0.3);
  EXPECT_EQ(ssim_of_structure(picture, picture, std::make_unique<Mask>(320, 240).get()), 0);
}

TEST(Sharpness, FallsWithBlur) {
  const Image picture = rubble();
  EXPECT_GT(sharpness(picture), 3 * sharpness(blur(picture, 2)));
}

TEST(TemporalError, IgnoresMotionAndSeesFlicker) {
  const Image picture = rubble();
  const Image moved = crop(picture, 3, 2, 300, 230), still = crop(picture, 0, 0, 300, 230);
  EXPECT_LT(temporal_error(still, moved), 1.5);
  EXPECT_GT(temporal_error(still, changed(moved, 1.0, 12)), 5);
}

TEST(MatchFeatures, FindsItsOwnSubjectOnly) {
  const Image picture = rubble();
  const FeatureMatches own = match_features(picture, resize(picture, 256, 192));
  EXPECT_GT(own.reference, 80);
  EXPECT_GT(own.inliers, 15);
  EXPECT_LT(match_features(picture, rubble(10)).inliers, 15);
}

}  // namespace
}  // namespace troupe::image
