#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/task_queue.h"
#include "engine/stage/raster/rasterizer.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

using Painter = std::unique_ptr<Scene> (*)(const SceneRequest&);

SceneRequest small(TimeOfDay time = TimeOfDay::day) {
  SceneRequest request;
  request.time = time;
  request.seed = 21;
  request.frame = {320, 180};
  request.detail = 0.25f;
  return request;
}

DrawList emitted(const Scene& scene, const Camera& camera = {}, double seconds = 1) {
  DrawList list;
  scene.emit(camera, seconds, list);
  return list;
}

std::set<TexturePtr> textures_of(const DrawList& list) {
  std::set<TexturePtr> textures;
  for (const DrawItem& item : list) textures.insert(item.texture);
  return textures;
}

Image shown(const Scene& scene, const Camera& camera) {
  TaskQueue queue(1);
  RenderTarget target(FrameSize{320, 180});
  const LightRig& light = scene.look().light;
  draw(emitted(scene, camera), camera, {.haze_color = light.haze_color, .haze_density = light.haze_density},
       queue, target);
  return target.to_image();
}

int median_luma(const Image& image) {
  std::vector<int> values;
  for (size_t i = 0; i < image.rgba.size(); i += 4) {
    values.push_back((54 * image.rgba[i] + 183 * image.rgba[i + 1] + 19 * image.rgba[i + 2]) / 256);
  }
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

class NaturePainterTest : public testing::TestWithParam<Painter> {};

TEST_P(NaturePainterTest, SameRequestPaintsTheSamePicturesInTheSamePlaces) {
  const std::unique_ptr<Scene> a = GetParam()(small()), b = GetParam()(small());
  const DrawList la = emitted(*a), lb = emitted(*b);
  ASSERT_EQ(la.size(), lb.size());
  for (size_t i = 0; i < la.size(); ++i) {
    ASSERT_EQ(la[i].texture->levels()[0].rgba, lb[i].texture->levels()[0].rgba) << i;
    ASSERT_EQ(la[i].mesh->vertices.size(), lb[i].mesh->vertices.size()) << i;
    ASSERT_EQ(la[i].mesh->vertices[0].position.x, lb[i].mesh->vertices[0].position.x) << i;
  }
}

TEST_P(NaturePainterTest, AnotherSeedIsAnotherPlace) {
  SceneRequest other = small();
  other.seed = 22;
  EXPECT_NE(shown(*GetParam()(small()), {}).rgba, shown(*GetParam()(other), {}).rgba);
}

TEST_P(NaturePainterTest, TexturesAreFewAndSmall) {
  SceneRequest request = small();
  request.detail = 0.5f;
  size_t bytes = 0;
  const std::set<TexturePtr> textures = textures_of(emitted(*GetParam()(request)));
  for (const TexturePtr& texture : textures) bytes += texture->size_bytes();
  EXPECT_LE(textures.size(), 20u);
  // A quarter of the pixels that detail 1 has, which may take 60 MB.
  EXPECT_LT(bytes, 15'000'000u);
}

TEST_P(NaturePainterTest, NoCameraMoveSeesAHole) {
  const std::unique_ptr<Scene> scene = GetParam()(small(TimeOfDay::golden));
  const Camera cameras[] = {{},
                            {.position = {3, 1.5f, 0}, .yaw = 0.35f},
                            {.position = {-3, 3.5f, 8}, .yaw = -0.35f, .pitch = -0.3f},
                            {.position = {0, 0.4f, 2}, .pitch = 0.4f, .roll = 0.15f},
                            {.position = {1, 9, 20}, .pitch = -0.5f},
                            {.position = {0, 1.5f, 5}, .yaw = 3.1f, .focal = 0.6f},
                            {.position = {140, 1.5f, 300}, .focal = 4}};
  for (const Camera& camera : cameras) {
    const Image image = shown(*scene, camera);
    long holes = 0;
    for (size_t i = 3; i < image.rgba.size(); i += 4) holes += image.rgba[i] < 255;
    EXPECT_EQ(holes, 0) << "at x " << camera.position.x << ", z " << camera.position.z << ", yaw "
                        << camera.yaw;
  }
}

TEST_P(NaturePainterTest, NightIsTwoStopsDarkerThanDayAndNotBlack) {
  const double day = median_luma(shown(*GetParam()(small()), {}));
  const double night = median_luma(shown(*GetParam()(small(TimeOfDay::night)), {}));
  EXPECT_GT(std::pow(day / night, 2.2), 4);
  EXPECT_GT(night, 12);
}

TEST_P(NaturePainterTest, ThingsSwayWithTheClockAndStandStillWithoutIt) {
  const std::unique_ptr<Scene> scene = GetParam()(small());
  const auto tops = [&](double seconds) {
    std::vector<float> xs;
    for (const DrawItem& item : emitted(*scene, {}, seconds)) {
      if (item.layer == Layer::world) xs.push_back(item.mesh->vertices[0].position.x);
    }
    return xs;
  };
  EXPECT_EQ(tops(2), tops(2));
  EXPECT_NE(tops(2), tops(2.4));
}

class EndlessPlaceTest : public NaturePainterTest {};

TEST_P(EndlessPlaceTest, AWalkerFollowedForFarAlwaysHasThingsNear) {
  const std::unique_ptr<Scene> scene = GetParam()(small());
  for (const float z : {0.0f, 20.0f, 75.0f, 400.0f}) {
    Camera camera;
    camera.position.z = z;
    int near = 0;
    for (const DrawItem& item : emitted(*scene, camera)) {
      near += item.layer == Layer::world && item.sort_depth > z + 2 && item.sort_depth < z + 25;
    }
    EXPECT_GT(near, 8) << z;
  }
}

INSTANTIATE_TEST_SUITE_P(Places, NaturePainterTest,
                         testing::Values(paint_park, paint_forest, paint_snow, paint_cliff));
INSTANTIATE_TEST_SUITE_P(Places, EndlessPlaceTest, testing::Values(paint_park, paint_forest, paint_snow));

TEST(ParkTest, AutumnTurnsGreenToOrange) {
  const auto redness = [](std::optional<Season> season) {
    SceneRequest request = small();
    request.season = season;
    const Image image = shown(*paint_park(request), {});
    double red = 0, green = 0;
    for (size_t i = 0; i < image.rgba.size(); i += 4) {
      red += image.rgba[i];
      green += image.rgba[i + 1];
    }
    return red / green;
  };
  EXPECT_LT(redness(std::nullopt), 0.95);
  EXPECT_GT(redness(Season::autumn), redness(std::nullopt) * 1.15);
}

}  // namespace
}  // namespace troupe::stage
