#include "engine/stage/end_frames.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engine/stage/picture_morph.h"
#include "engine/stage/scene/photo_stage.h"
#include "image/measure.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

// Soft blobs of many sizes: something to match, with no letters or lines.
Image landscape(int width, int height, uint64_t seed) {
  Random random(seed);
  Image image(width, height);
  for (size_t i = 0; i < image.rgba.size(); ++i) image.rgba[i] = i % 4 == 3 ? 255 : 110;
  for (int n = 0; n < 400; ++n) {
    const int r = 2 + random.below(width / 14), cx = random.below(width), cy = random.below(height);
    const uint8_t color[3] = {uint8_t(random.below(256)), uint8_t(random.below(256)),
                              uint8_t(random.below(256))};
    for (int y = std::max(0, cy - r); y < std::min(height, cy + r); ++y) {
      for (int x = std::max(0, cx - r); x < std::min(width, cx + r); ++x) {
        if ((x - cx) * (x - cx) + (y - cy) * (y - cy) < r * r) std::copy_n(color, 3, image.at(x, y));
      }
    }
  }
  return image::blur(image, 1);
}

engine::RenderRequest request(std::optional<Image> first, std::optional<Image> last) {
  engine::RenderRequest out;
  out.size = {320, 180};
  out.first_frame = std::move(first);
  out.last_frame = std::move(last);
  return out;
}

TEST(EndFrames, StandExactlyAndEaseTheGrade) {
  const Image a = landscape(320, 180, 1), b = landscape(640, 360, 2);
  const EndFrames ends(request(a, b), 48);
  ASSERT_TRUE(ends.exact(0));
  EXPECT_EQ(*ends.exact(0), frame_from_image(a));
  EXPECT_EQ(*ends.exact(47), frame_from_image(image::cover(b, {320, 180})));
  EXPECT_FALSE(ends.exact(1));
  EXPECT_EQ(ends.amount(0), 0);
  EXPECT_EQ(ends.amount(47), 0);
  EXPECT_EQ(ends.amount(24), 1);
  EXPECT_EQ(ends.closing(20), 0);
  EXPECT_GT(ends.closing(46), 0.9f);
  EXPECT_LE(ends.closing(40), ends.closing(41));
}

TEST(EndFrames, WithoutPicturesChangeNothing) {
  const EndFrames ends(request({}, {}), 10);
  for (int64_t i = 0; i < 10; ++i) {
    EXPECT_FALSE(ends.exact(i));
    EXPECT_EQ(ends.amount(i), 1);
    EXPECT_EQ(ends.closing(i), 0);
  }
}

TEST(EndFrames, ATakeOfOneFrameIsTheFirstPicture) {
  const Image a = landscape(320, 180, 1);
  const EndFrames ends(request(a, landscape(320, 180, 2)), 1);
  EXPECT_EQ(*ends.exact(0), frame_from_image(a));
}

Image drawn(const PictureMorph& morph, float progress) {
  TaskQueue queue(2);
  RenderTarget target({320, 180});
  morph.draw(progress, queue, target);
  return target.to_image();
}

TEST(PictureMorph, GoesFromOnePictureToTheOtherWithoutAHole) {
  const Image wide = landscape(640, 360, 3);
  const Image first = image::resize(wide, 320, 180);
  const Image last = image::resize(image::crop(wide, 140, 80, 360, 202), 320, 180);
  for (const bool closer : {true, false}) {
    const auto morph = closer ? PictureMorph::make(first, last) : PictureMorph::make(last, first);
    ASSERT_TRUE(morph);
    EXPECT_NEAR(morph->log_scale(), (closer ? 1 : -1) * std::log(640.0f / 360), 0.05f);
    EXPECT_GT(image::psnr_luma(drawn(*morph, 0), closer ? first : last), 30);
    EXPECT_GT(image::psnr_luma(drawn(*morph, 1), closer ? last : first), 30);
    for (const float t : {0.25f, 0.5f, 0.75f}) {
      const Image frame = drawn(*morph, t);
      for (size_t i = 3; i < frame.rgba.size(); i += 4) ASSERT_GE(frame.rgba[i], 250) << t;
    }
  }
}

TEST(PictureMorph, PicturesOfTwoPlacesHaveNone) {
  EXPECT_FALSE(PictureMorph::make(landscape(320, 180, 4), landscape(320, 180, 5)));
}

TEST(PhotoStage, FromHomeItIsThePictureItself) {
  const Image picture = landscape(640, 360, 6);
  PhotoStageOptions options;
  options.mood.frame = {320, 180};
  for (const float horizon : {0.3f, 0.46f, 0.6f}) {
    options.horizon = horizon;
    const auto scene = fold_picture(picture, options);
    Camera home;
    home.position = {0, scene->look().eye_height, 0};
    home.focal = scene->look().fov_focal;
    home.shift_y = scene->look().shift_y;
    DrawList list;
    scene->emit(home, 0, list);
    TaskQueue queue(1);
    RenderTarget target({320, 180});
    draw(list, home, {}, queue, target);
    EXPECT_GT(image::psnr_luma(target.to_image(), image::cover(picture, {320, 180})), 32) << horizon;
  }
}

TEST(PhotoStage, NoMoveShowsAHole) {
  PhotoStageOptions options;
  options.mood.frame = {320, 180};
  options.standing = std::vector<float>(40, 0.7f);
  const auto scene = fold_picture(landscape(320, 180, 7), options);
  for (const Vec3 at : {Vec3{-1.5f, 1.5f, 0}, Vec3{1.5f, 0.8f, 3}, Vec3{0, 2.5f, -1.4f}, Vec3{0, 1.5f, 4}}) {
    for (const float yaw : {-0.25f, 0.25f}) {
      Camera camera;
      camera.position = at;
      camera.yaw = yaw;
      camera.focal = scene->look().fov_focal;
      DrawList list;
      scene->emit(camera, 0, list);
      TaskQueue queue(1);
      RenderTarget target({320, 180});
      draw(list, camera, {}, queue, target);
      const Image image = target.to_image();
      for (size_t i = 3; i < image.rgba.size(); i += 4) ASSERT_EQ(image.rgba[i], 255);
    }
  }
}

}  // namespace
}  // namespace troupe::stage
