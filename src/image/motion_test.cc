#include "image/motion.h"

#include <gtest/gtest.h>

#include "image/test_pictures.h"

namespace troupe::image {
namespace {

const cv::Size kFrame(640, 360);

Image to_picture(const cv::Mat& rgb) {
  cv::Mat bytes, rgba;
  rgb.convertTo(bytes, CV_8UC3);
  cv::cvtColor(bytes, rgba, cv::COLOR_RGB2RGBA);
  return to_image(rgba);
}

cv::Mat warped(const cv::Mat& rgb, const cv::Matx23d& by) {
  cv::Mat out;
  cv::warpAffine(rgb, out, by, rgb.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  return out;
}

TEST(EstimateMotion, ReadsShiftTurnAndScale) {
  const cv::Mat scene = test::thicket(kFrame);
  const double scale = 1.06, turn = 0.04;
  cv::Mat by = cv::getRotationMatrix2D(cv::Point2f(320, 180), -turn * 180 / CV_PI, scale);
  by.at<double>(0, 2) += 19.2;
  by.at<double>(1, 2) -= 7.2;
  const auto motion = estimate_motion(to_picture(scene), to_picture(warped(scene, by)));
  ASSERT_TRUE(motion);
  EXPECT_NEAR(motion->x, 0.03f, 0.003f);
  EXPECT_NEAR(motion->y, -0.02f, 0.003f);
  EXPECT_NEAR(motion->log_scale, std::log(scale), 0.004);
  EXPECT_NEAR(motion->rotation, turn, 0.004);
  EXPECT_NEAR(motion->parallax, 0, 0.5);
}

TEST(EstimateMotion, SeesTheFloorRushByInADolly) {
  // The floor grows more than what stands far off.
  const cv::Mat scene = test::thicket(kFrame);
  cv::Mat to = warped(scene, cv::getRotationMatrix2D(cv::Point2f(320, 180), 0, 1.03));
  const cv::Mat floor = warped(scene, cv::getRotationMatrix2D(cv::Point2f(320, 180), 0, 1.10));
  floor.rowRange(230, 360).copyTo(to.rowRange(230, 360));
  const auto motion = estimate_motion(to_picture(scene), to_picture(to));
  ASSERT_TRUE(motion);
  EXPECT_GT(motion->log_scale, 0.01f);
  EXPECT_GT(motion->parallax, 3);
}

TEST(EstimateMotion, LeavesTheMaskedSubjectOut) {
  const cv::Mat scene = test::thicket(kFrame);
  cv::Mat to = scene.clone();
  const cv::Rect box(60, 20, 520, 300);
  scene(box).copyTo(to(box + cv::Point(24, 0)));
  Mask subject(640, 360);
  view(subject)(cv::Rect(40, 10, 580, 330)).setTo(255);
  const auto motion = estimate_motion(to_picture(scene), to_picture(to), &subject);
  ASSERT_TRUE(motion);
  EXPECT_NEAR(motion->x, 0, 0.002f);
}

TEST(EstimateMotion, SaysNothingOfAFlatPicture) {
  EXPECT_FALSE(estimate_motion(test::flat(320, 180, 9, 9, 9), test::flat(320, 180, 9, 9, 9)));
}

TEST(MatchPictures, FitsTwoViewsOfOnePlace) {
  const cv::Mat scene = test::rubble(kFrame);
  const cv::Matx23d by(1.1, 0.05, -20, -0.05, 1.1, 12);
  const Match match = match_pictures(to_picture(scene), to_picture(warped(scene, by)));
  ASSERT_GE(match.inliers, 40);
  const cv::Matx33d fit(match.homography.data());
  const cv::Vec3d p = fit * cv::Vec3d(320, 180, 1);
  EXPECT_NEAR(p[0] / p[2], 1.1 * 320 + 0.05 * 180 - 20, 1.0);
  EXPECT_NEAR(p[1] / p[2], -0.05 * 320 + 1.1 * 180 + 12, 1.0);
}

TEST(MatchPictures, DoesNotMatchStrangers) {
  const Image a = to_picture(test::rubble(kFrame, 9)), b = to_picture(test::rubble(kFrame, 10));
  EXPECT_LT(match_pictures(a, b).inliers, 20);
}

}  // namespace
}  // namespace troupe::image
