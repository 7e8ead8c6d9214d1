// Scenes that a user would ask for, and whether what was asked is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "clip.h"
#include "image/measure.h"
#include "image/motion.h"
#include "image/ops.h"

namespace troupe::acceptance {
namespace {

std::string element(const std::string& name, const std::string& files = "") {
  const std::string front = files.empty() ? name + ".png" : files;
  return R"({"name":")" + name + R"(","frontal":")" + sample_path(front) + R"("})";
}

std::string with_angles(const std::string& name) {
  return R"({"name":")" + name + R"(","frontal":")" + sample_path(name + ".png") + R"(","angles":[")" +
         sample_path(name + "-side.png") + R"(",")" + sample_path(name + "-back.png") + R"("]})";
}

std::string spec(const std::string& prompt, const std::string& rest) {
  return R"({"model":"stage","prompt":")" + prompt + R"(","resolution":"480x270","fps":8,"seed":7,)" + rest +
         "}";
}

// The best match of a reference over a few frames: a walking figure is not alike in all of them.
int matches(const Image& reference, const Clip& clip) {
  int best = 0;
  for (size_t i = 0; i < clip.frames.size(); i += std::max<size_t>(1, clip.frames.size() / 5)) {
    const Image large = image::resize(clip.frames[i], clip.frames[i].width * 2, clip.frames[i].height * 2);
    best = std::max(best, image::match_features(reference, large).inliers);
  }
  return best;
}

image::Similarity total_motion(const Clip& clip) {
  image::Similarity sum;
  for (size_t i = 1; i < clip.frames.size(); ++i) {
    const auto step = image::estimate_motion(clip.frames[i - 1], clip.frames[i]);
    if (!step) continue;
    sum.x += step->x;
    sum.y += step->y;
    sum.log_scale += step->log_scale;
    sum.rotation += step->rotation;
    ++sum.points;
  }
  return sum;
}

TEST(Scenes, NeonWalkShowsTheFoxInTheNight) {
  const Clip clip =
      render(spec("@fox walking through a futuristic city at night, neon lights reflecting on wet "
                  "streets, cinematic tracking shot",
                  R"("duration":2,"elements":[)" + element("fox") + "]"));
  ASSERT_EQ(clip.frames.size(), 16u);
  EXPECT_GE(matches(sample("fox.png"), clip), 12);
  EXPECT_LT(median_luma(clip.middle()), 90);
  EXPECT_GT(median_luma(clip.middle()), 12);
}

TEST(Scenes, DayIsTwoStopsBrighterThanNight) {
  const std::string fox = R"("duration":1,"elements":[)" + element("fox") + "]";
  const Clip day = render(spec("@fox stands in a sunny park", fox));
  const Clip night = render(spec("@fox stands in a park at night", fox));
  ASSERT_FALSE(day.frames.empty());
  ASSERT_FALSE(night.frames.empty());
  // In display values two stops are a factor of about 2 (gamma 2.2).
  EXPECT_GT(median_luma(day.middle()), 1.8 * median_luma(night.middle()));
}

TEST(Scenes, FollowInAPictureKeepsThePictureRecognisable) {
  const Clip clip =
      render(spec("@fox walks through the streets of @image1, looking up at the buildings. The camera "
                  "slowly tracks from behind.",
                  R"("duration":2,"elements":[)" + with_angles("fox") + R"(],"scenes":[")" +
                      sample_path("village.png") + R"("])"));
  ASSERT_FALSE(clip.frames.empty());
  const Image plate = image::cover(sample("village.png"), {480, 270});
  // Most of the picture is the plate: a match over the whole frame with the subject in it.
  EXPECT_GE(image::match_pictures(plate, clip.first()).inliers, 30);
  // Following from behind goes in: what is far grows.
  EXPECT_GT(total_motion(clip).log_scale, 0);
}

TEST(Scenes, ThreeShotsCutAtTheExactFrame) {
  const Clip clip =
      render(R"({"model":"stage","resolution":"480x270","fps":8,"seed":3,"elements":[)" + with_angles("fox") +
             R"(],"scenes":[")" + sample_path("village.png") + R"("],"shots":[
      {"prompt":"wide shot of @fox standing at the edge of @image1 from behind, slow push in","duration":1.5},
      {"prompt":"close-up of @fox's face as they turn toward the camera, shallow depth of field","duration":1.5},
      {"prompt":"@fox walks away from camera into the distance, wide shot, golden hour","duration":1.5}]})");
  ASSERT_EQ(clip.frames.size(), 36u);
  std::vector<std::pair<double, size_t>> changes;
  for (size_t i = 1; i < clip.frames.size(); ++i) {
    changes.emplace_back(difference(clip.frames[i - 1], clip.frames[i]), i);
  }
  std::sort(changes.rbegin(), changes.rend());
  EXPECT_EQ((std::set<size_t>{changes[0].second, changes[1].second}), (std::set<size_t>{12, 24}));
}

TEST(Scenes, TwoFlatImagesBecomeTwoSubjectsThatDoNotBlend) {
  const Clip clip = render(spec(
      "@Image1 and @Image2 walking together through a sunlit park, camera slowly tracking "
      "alongside them, warm afternoon light",
      R"("duration":2,"images":[")" + sample_path("fox.png") + R"(",")" + sample_path("mira.png") + R"("])"));
  ASSERT_FALSE(clip.frames.empty());
  EXPECT_GE(matches(sample("fox.png"), clip), 10);
  EXPECT_GE(matches(sample("mira.png"), clip), 10);
  EXPECT_FALSE(clip.has_note("words_unused") && clip.report.not_understood.size() > 3);
}

TEST(Scenes, PortraitFieldKeepsItsShapeAndRoles) {
  const Clip clip = render(
      R"({"model":"stage","aspect_ratio":"9:16","resolution":"270x480","fps":8,"duration":2,"seed":5,
      "prompt":"The woman from the first image walks through the open field from the second image, approaching the )"
      R"(farmhouse in the distance in a wide shot","images":[")" +
      sample_path("mira.png") + R"(",")" + sample_path("village.png") + R"("]})");
  ASSERT_EQ(clip.frames.size(), 16u);
  EXPECT_EQ(clip.first().width, 270);
  EXPECT_EQ(clip.first().height, 480);
  EXPECT_GE(image::match_pictures(image::cover(sample("village.png"), {270, 480}), clip.first()).inliers, 20);
}

TEST(Scenes, LeavesBlowAndTheWalkerStays) {
  const Clip clip =
      render(spec("Cinematic tracking shot of @fox walking through a park, leaves blowing in the wind, "
                  "golden afternoon light",
                  R"("duration":2,"elements":[)" + element("fox") + "]"));
  ASSERT_FALSE(clip.frames.empty());
  EXPECT_GE(matches(sample("fox.png"), clip), 10);
  EXPECT_GT(mean_channel(clip.middle(), 0), mean_channel(clip.middle(), 2) * 1.1) << "golden light is warm";
}

TEST(Scenes, FramesFlowWithoutFlicker) {
  const Clip clip =
      render(R"({"model":"stage","prompt":"@fox stands in a forest, slow push in","resolution":"480x270",
      "fps":24,"duration":1,"seed":2,"elements":[)" +
             element("fox") + "]}");
  ASSERT_EQ(clip.frames.size(), 24u);
  for (size_t i = 1; i < clip.frames.size(); ++i) {
    EXPECT_LT(image::temporal_error(clip.frames[i - 1], clip.frames[i]), 6) << "frame " << i;
  }
}

TEST(Scenes, NothingIsBlackWhereThereShouldBePicture) {
  for (const char* place :
       {"a city street at night in the rain", "a park", "a forest", "a snowy field", "a beach"}) {
    const Clip clip = render(spec(std::string("@fox stands in ") + place + ", the camera pans left",
                                  R"("duration":1,"elements":[)" + element("fox") + "]"));
    ASSERT_FALSE(clip.frames.empty());
    for (const Image& frame : {clip.first(), clip.last()}) {
      size_t black = 0;
      for (size_t i = 0; i < frame.rgba.size(); i += 4) {
        black += std::max({frame.rgba[i], frame.rgba[i + 1], frame.rgba[i + 2]}) < 3;
      }
      EXPECT_LT(static_cast<double>(black) / (static_cast<double>(frame.rgba.size()) / 4), 0.002) << place;
    }
  }
}

TEST(Scenes, SameSeedSameFramesWhateverTheThreads) {
  const std::string json = spec("@fox walks through a snowy forest",
                                R"("duration":1,"audio":true,"elements":[)" + element("fox") + "]");
  const Clip one = render(json, 1), three = render(json, 3);
  ASSERT_FALSE(one.frames.empty());
  EXPECT_TRUE(one.frames == three.frames);
  EXPECT_TRUE(one.audio == three.audio);
  EXPECT_EQ(one.audio.size(), 2u * 48000);
}

TEST(Scenes, FirstAndLastPictureStandExactlyAtTheEnds) {
  const Clip clip =
      render(R"({"model":"stage","prompt":"the camera moves in","resolution":"480x270","fps":8,
      "duration":2,"seed":1,"first_frame":")" +
             sample_path("start.png") + R"(","last_frame":")" + sample_path("end.png") + R"("})");
  ASSERT_EQ(clip.frames.size(), 16u);
  EXPECT_GE(image::psnr_luma(clip.first(), image::cover(sample("start.png"), {480, 270})), 45);
  EXPECT_GE(image::psnr_luma(clip.last(), image::cover(sample("end.png"), {480, 270})), 45);
  EXPECT_FALSE(clip.has_note("end_frame_dissolve")) << "both show one scene: one move joins them";
  EXPECT_GT(total_motion(clip).log_scale, 0.05);
}

}  // namespace
}  // namespace troupe::acceptance
