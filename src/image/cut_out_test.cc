#include "image/cut_out.h"

#include <gtest/gtest.h>

#include <opencv2/core/utility.hpp>

#include "image/ops.h"
#include "image/test_pictures.h"

namespace troupe::image {
namespace {

const cv::Size kFrame(640, 480);
const cv::Point kFoot(320, 440);
constexpr int kHeight = 380;
const cv::Scalar kGrey(190, 190, 196);

TEST(CutOut, KeepsThePicturesOwnAlpha) {
  test::Scene scene = test::figure_before(test::wall(kFrame, kGrey), kFoot, kHeight);
  cv::insertChannel(scene.truth, view(scene.picture), 3);
  const auto cut = cut_out(scene.picture);
  ASSERT_TRUE(cut) << to_string(cut.error());
  EXPECT_EQ(cut->method, CutOutMethod::alpha);
  EXPECT_EQ(alpha_of(cut->picture).total(), scene.truth.total());
  EXPECT_EQ(cv::norm(alpha_of(cut->picture), scene.truth, cv::NORM_INF), 0);
  EXPECT_GE(cut->confidence, 2.0f);
  const cv::Rect box = cv::boundingRect(scene.truth);
  EXPECT_EQ(cut->bounds, (Rect{box.x, box.y, box.width, box.height}));
}

TEST(CutOut, FindsAFigureBeforeAWall) {
  const test::Scene scene = test::figure_before(test::wall(kFrame, kGrey), kFoot, kHeight);
  const auto cut = cut_out(scene.picture);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->method, CutOutMethod::plain);
  EXPECT_GT(test::iou(cut->picture, scene.truth), 0.95);
  EXPECT_GE(cut->confidence, 1.15f);
  EXPECT_FALSE(cut->touches_left || cut->touches_right || cut->touches_top || cut->touches_bottom);
}

TEST(CutOut, LeavesTheShadowOnTheFloor) {
  const cv::Mat floor = test::shaded(test::wall(kFrame, kGrey), {340, 444}, {150, 22});
  const test::Scene scene = test::figure_before(floor, kFoot, kHeight);
  const auto cut = cut_out(scene.picture);
  ASSERT_TRUE(cut);
  EXPECT_GT(test::iou(cut->picture, scene.truth), 0.93);
  // Beside the feet there is shade and nothing else.
  EXPECT_LT(cut->picture.at(430, 444)[3], 16);
  EXPECT_LT(cut->picture.at(230, 444)[3], 16);
}

TEST(CutOut, FindsAFigureInAThicket) {
  const test::Scene scene = test::figure_before(test::thicket(kFrame), kFoot, kHeight);
  const auto cut = cut_out(scene.picture);
  ASSERT_TRUE(cut);
  EXPECT_GT(test::iou(cut->picture, scene.truth), 0.85);
  EXPECT_NE(cut->method, CutOutMethod::plain);
}

TEST(CutOut, FindsAGreyFigure) {
  test::Scene scene = test::figure_before(test::wall(kFrame, cv::Scalar(215, 215, 215)), kFoot, kHeight);
  cv::Mat grey, rgba;
  cv::cvtColor(view(scene.picture), grey, cv::COLOR_RGBA2GRAY);
  cv::cvtColor(grey, rgba, cv::COLOR_GRAY2RGBA);
  const auto cut = cut_out(to_image(rgba));
  ASSERT_TRUE(cut);
  EXPECT_GT(test::iou(cut->picture, scene.truth), 0.93);
}

TEST(CutOut, KeepsTheWhiteOfAnEye) {
  cv::Mat paper = test::wall(kFrame, cv::Scalar(250, 250, 250)), truth = cv::Mat::zeros(kFrame, CV_8UC1);
  cv::ellipse(truth, {320, 250}, {190, 150}, 0, 0, 360, 255, cv::FILLED);
  paper.setTo(cv::Scalar(240, 120, 30), truth);
  cv::circle(paper, {270, 200}, 30, cv::Scalar(250, 250, 250), cv::FILLED);
  cv::circle(paper, {270, 200}, 30, cv::Scalar(20, 20, 20), 4);
  const auto cut = cut_out(test::compose(paper, paper, truth).picture);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->picture.at(270, 200)[3], 255);
  EXPECT_GT(test::iou(cut->picture, truth), 0.95);
}

TEST(CutOut, FillsALineDrawing) {
  cv::Mat paper = test::wall(kFrame, cv::Scalar(238, 236, 228));
  const cv::Mat truth = test::figure_outline(kFrame, kFoot, kHeight);
  std::vector<std::vector<cv::Point>> outline;
  cv::findContours(truth, outline, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::drawContours(paper, outline, 0, cv::Scalar(40, 38, 60), 3);
  cv::line(paper, {314, 442}, {326, 442}, cv::Scalar(238, 236, 228), 3);  // a gap between the strokes
  const test::Scene scene = test::compose(paper, paper, truth);
  const auto cut = cut_out(scene.picture);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->method, CutOutMethod::line_art);
  EXPECT_GT(test::iou(cut->picture, truth), 0.85);
}

TEST(CutOut, KeepsTheStrokesOfAStickFigure) {
  cv::Mat paper = test::wall(kFrame, cv::Scalar(238, 236, 228));
  cv::Mat ink = cv::Mat::zeros(kFrame, CV_8UC1);
  cv::circle(ink, {320, 120}, 45, 255, 6);
  for (const auto& [from, to] : {std::pair(cv::Point(320, 165), cv::Point(320, 310)),
                                 std::pair(cv::Point(240, 215), cv::Point(400, 215)),
                                 std::pair(cv::Point(320, 310), cv::Point(260, 430)),
                                 std::pair(cv::Point(320, 310), cv::Point(380, 430))}) {
    cv::line(ink, from, to, 255, 6);
  }
  paper.setTo(cv::Scalar(30, 30, 40), ink);
  const auto cut = cut_out(test::compose(paper, paper, ink).picture);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->method, CutOutMethod::line_art);
  // All strokes stay, and the paper between arms and legs does not.
  cv::Mat missing = ink & (alpha_of(cut->picture) < 128);
  EXPECT_LT(cv::countNonZero(missing), 0.1 * cv::countNonZero(ink));
  EXPECT_LT(cut->picture.at(290, 270)[3], 64);
  EXPECT_LT(cut->picture.at(320, 420)[3], 64);
}

TEST(CutOut, ABoxPointsAtTheRightSubject) {
  // Two figures: the middle one would win by itself.
  const cv::Mat back = test::thicket(kFrame);
  const cv::Mat truth = test::figure_outline(kFrame, {560, 430}, 250);
  test::Scene scene = test::figure_before(back, {300, 440}, kHeight);
  cv::Mat base, rgb;
  cv::cvtColor(view(scene.picture), rgb, cv::COLOR_RGBA2RGB);
  rgb.convertTo(base, CV_32FC3);
  scene = test::compose(base, test::dress(kFrame, {560, 430}, 250), truth);
  const cv::Rect around = cv::boundingRect(truth);
  const auto share = [](int part, int whole) { return static_cast<float>(part) / static_cast<float>(whole); };
  CutOutOptions options;
  options.box = BoxHint{share(around.x - 8, 640), share(around.y - 8, 480), share(around.width + 14, 640),
                        share(around.height + 16, 480)};
  const auto cut = cut_out(scene.picture, options);
  const auto automatic = cut_out(scene.picture);
  ASSERT_TRUE(cut && automatic);
  EXPECT_EQ(cut->method, CutOutMethod::box);
  EXPECT_GT(test::iou(cut->picture, truth), 0.8);
  EXPECT_LT(test::iou(automatic->picture, truth), 0.6);
}

TEST(CutOut, SaysWhereAHalfFigureLeavesTheFrame) {
  const test::Scene scene = test::figure_before(test::wall(kFrame, kGrey), {320, 720}, 680);
  const auto cut = cut_out(scene.picture);
  ASSERT_TRUE(cut);
  EXPECT_TRUE(cut->touches_bottom);
  EXPECT_FALSE(cut->touches_top);
  EXPECT_FALSE(cut->touches_left);
  EXPECT_GT(test::iou(cut->picture, scene.truth), 0.93);
}

TEST(CutOut, TakesTheBackdropOutOfTheEdges) {
  // Saturated green behind a red-and-blue figure: any of it left in the cut-out is spill.
  const test::Scene scene = test::figure_before(test::wall(kFrame, cv::Scalar(20, 220, 30)), kFoot, kHeight);
  const auto cut = cut_out(scene.picture);
  ASSERT_TRUE(cut);
  int edge = 0, spilled = 0, dirty = 0;
  for (int y = 0; y < 480; ++y) {
    for (int x = 0; x < 640; ++x) {
      const auto green = [](const uint8_t* p) { return p[1] > p[0] + 30 && p[1] > p[2] + 30; };
      const uint8_t* p = cut->picture.at(x, y);
      if (p[3] < 16) continue;
      if (p[3] < 250) ++edge;
      spilled += green(p);
      dirty += green(scene.picture.at(x, y));
    }
  }
  EXPECT_GT(edge, 300);
  EXPECT_GT(dirty, 100);  // the picture itself has such edges
  EXPECT_LT(spilled, dirty / 10);
}

TEST(CutOut, AFlatColourIsItsOwnSubject) {
  const auto cut = cut_out(test::flat(200, 150, 90, 120, 200));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->method, CutOutMethod::whole);
  EXPECT_LT(cut->confidence, 0.5f);
  EXPECT_EQ(cut->bounds, (Rect{0, 0, 200, 150}));
  EXPECT_EQ(cut->picture.at(100, 70)[3], 255);
}

TEST(CutOut, RefusesWhatCannotBeSeen) {
  const auto clear = cut_out(test::flat(64, 64, 255, 0, 0, 0));
  ASSERT_FALSE(clear);
  EXPECT_EQ(clear.error().code, ErrorCode::invalid_argument);
  EXPECT_NE(clear.error().message.find("transparent"), std::string::npos);
  EXPECT_FALSE(cut_out(Image{}));
  Image torn(10, 10);
  torn.rgba.resize(7);
  EXPECT_FALSE(cut_out(torn));
}

TEST(CutOut, RefusesABoxOutsideThePicture) {
  for (const BoxHint box : {BoxHint{0.5f, 0, 0.6f, 1}, BoxHint{0, 0, 0, 1}, BoxHint{-0.1f, 0, 0.5f, 1},
                            BoxHint{0, 0, std::nanf(""), 1}}) {
    CutOutOptions options;
    options.box = box;
    const auto cut = cut_out(test::flat(64, 64, 9, 9, 9), options);
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, ErrorCode::invalid_argument);
  }
}

TEST(CutOut, SurvivesOddShapes) {
  for (const cv::Size size :
       {cv::Size(1, 1), cv::Size(2, 3), cv::Size(17, 16), cv::Size(3000, 40), cv::Size(1, 900)}) {
    cv::Mat rgb, rgba;
    test::wall(size.area() > 16 ? size : cv::Size(4, 4),
               kGrey)(cv::Rect(cv::Point(), size) & cv::Rect(0, 0, 3000, 900))
        .convertTo(rgb, CV_8UC3);
    cv::cvtColor(rgb, rgba, cv::COLOR_RGB2RGBA);
    const auto cut = cut_out(to_image(rgba));
    ASSERT_TRUE(cut) << size;
    EXPECT_LE(std::max(cut->picture.width, cut->picture.height), 1280);
    EXPECT_GT(cut->bounds.width * cut->bounds.height, 0);
  }
}

TEST(CutOut, ScalesDownToTheAskedSide) {
  const test::Scene scene = test::figure_before(test::wall(kFrame, kGrey), kFoot, kHeight);
  const auto cut = cut_out(scene.picture, {.box = {}, .side_max = 320, .cancel = {}});
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->picture.width, 320);
  EXPECT_EQ(cut->picture.height, 240);
}

TEST(CutOut, TheSameBytesEveryTimeAndOnAnyNumberOfThreads) {
  const test::Scene scene = test::figure_before(test::thicket(kFrame), kFoot, kHeight);
  const auto first = cut_out(scene.picture);
  cv::theRNG().state = 12345;
  const int threads = cv::getNumThreads();
  cv::setNumThreads(1);
  const auto alone = cut_out(scene.picture);
  cv::setNumThreads(4);
  const auto many = cut_out(scene.picture);
  cv::setNumThreads(threads);
  ASSERT_TRUE(first && alone && many);
  EXPECT_EQ(first->picture, alone->picture);
  EXPECT_EQ(first->picture, many->picture);
  EXPECT_EQ(cv::theRNG().state, 12345u);  // and the caller's generator is left alone
}

TEST(CutOut, StopsWhenCancelled) {
  CancelSource source;
  source.cancel();
  CutOutOptions options;
  options.cancel = source.token();
  const auto cut = cut_out(test::flat(64, 64, 1, 2, 3), options);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::cancelled);
}

TEST(LookAt, TellsWallsFromThickets) {
  const test::Scene studio = test::figure_before(test::wall(kFrame, kGrey), kFoot, kHeight);
  const test::Scene outside = test::figure_before(test::thicket(kFrame), kFoot, kHeight);
  EXPECT_TRUE(look_at(studio.picture).plain_backdrop);
  EXPECT_FALSE(look_at(outside.picture).plain_backdrop);
  EXPECT_FALSE(look_at(studio.picture).has_alpha);
  EXPECT_TRUE(look_at(test::flat(40, 40, 0, 0, 0, 0)).has_alpha);
}

TEST(LookAt, FindsTheHorizonOfALandscape) {
  for (const double row : {0.3, 0.42, 0.55}) {
    cv::Mat land = test::thicket(kFrame), rgb, rgba;
    const int line = static_cast<int>(row * kFrame.height);
    land.rowRange(0, line).setTo(cv::Scalar(150, 185, 235));
    land.rowRange(0, line) += 5 * test::noise(cv::Size(kFrame.width, line), {6, 4}, 8);
    land.convertTo(rgb, CV_8UC3);
    cv::cvtColor(rgb, rgba, cv::COLOR_RGB2RGBA);
    const PictureFacts facts = look_at(to_image(rgba));
    EXPECT_NEAR(facts.horizon, row, 0.06);
    EXPECT_TRUE(facts.horizon_strong);
  }
}

TEST(LookAt, FallsBackToThePriorWithoutEvidence) {
  const PictureFacts facts = look_at(test::flat(300, 200, 80, 90, 100));
  EXPECT_NEAR(facts.horizon, 0.46f, 0.03f);
  EXPECT_FALSE(facts.horizon_strong);
}

}  // namespace
}  // namespace troupe::image
