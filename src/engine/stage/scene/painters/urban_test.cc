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
constexpr FrameSize kSize = {320, 180};

SceneRequest small(TimeOfDay time = TimeOfDay::day) {
  SceneRequest request;
  request.time = time;
  request.seed = 21;
  request.frame = kSize;
  request.detail = 0.25f;
  return request;
}

DrawList emitted(const Scene& scene, const Camera& camera = {}, double seconds = 1) {
  DrawList list;
  scene.emit(camera, seconds, list);
  return list;
}

Image shown(const Scene& scene, const Camera& camera = {}, double seconds = 1) {
  TaskQueue queue(1);
  RenderTarget target(kSize);
  const SceneLook& look = scene.look();
  draw(emitted(scene, camera, seconds), camera,
       {look.light.haze_color, look.light.haze_density, look.reflection > 0, look.reflection_blur}, queue,
       target);
  return target.to_image();
}

double mean_luma(const Image& image) {
  double sum = 0;
  for (size_t i = 0; i < image.rgba.size(); i += 4) {
    sum += 0.2126 * image.rgba[i] + 0.7152 * image.rgba[i + 1] + 0.0722 * image.rgba[i + 2];
  }
  return sum / static_cast<double>(image.rgba.size() / 4);
}

long holes(const Image& image) {
  long count = 0;
  for (size_t i = 3; i < image.rgba.size(); i += 4) count += image.rgba[i] < 255;
  return count;
}

size_t texture_bytes(const DrawList& list) {
  std::set<TexturePtr> textures;
  for (const DrawItem& item : list) textures.insert(item.texture);
  size_t bytes = 0;
  for (const TexturePtr& texture : textures) bytes += texture->size_bytes();
  return bytes;
}

class UrbanPainterTest : public testing::TestWithParam<Painter> {};

TEST_P(UrbanPainterTest, SameRequestShowsTheSamePicture) {
  EXPECT_EQ(shown(*GetParam()(small())), shown(*GetParam()(small())));
}

TEST_P(UrbanPainterTest, TexturesAreSmall) {
  SceneRequest request = small(TimeOfDay::night);
  request.frame = {1280, 720};
  request.detail = 0.5f;
  // A quarter of the pixels that detail 1 has, which may take 60 MB.
  EXPECT_LT(texture_bytes(emitted(*GetParam()(request))), 18'000'000u);
}

TEST_P(UrbanPainterTest, NoCameraMoveSeesAHole) {
  const Camera cameras[] = {{},
                            {.position = {3, 1.5f, 0}, .yaw = 0.35f},
                            {.position = {-3, 3.4f, 8}, .yaw = -0.35f, .pitch = -0.3f},
                            {.position = {0, 0.4f, 2}, .pitch = 0.4f, .roll = 0.15f},
                            {.position = {-2, 2.5f, 20}, .yaw = 0.35f, .pitch = 0.2f},
                            {.position = {1, 1.5f, -8}, .yaw = -0.2f, .focal = 0.7f}};
  for (const TimeOfDay time : {TimeOfDay::day, TimeOfDay::night}) {
    const std::unique_ptr<Scene> scene = GetParam()(small(time));
    for (const Camera& camera : cameras) {
      EXPECT_EQ(holes(shown(*scene, camera)), 0)
          << "at x " << camera.position.x << ", z " << camera.position.z << ", yaw " << camera.yaw
          << ", night " << (time == TimeOfDay::night);
    }
  }
}

TEST_P(UrbanPainterTest, NightIsDarkerThanDayAndNotBlack) {
  const double day = mean_luma(shown(*GetParam()(small()))),
               night = mean_luma(shown(*GetParam()(small(TimeOfDay::night))));
  EXPECT_LT(night, 0.85 * day);
  EXPECT_GT(night, 15);
}

TEST_P(UrbanPainterTest, SortDepthsAndOpacitiesAreFinite) {
  for (const DrawItem& item : emitted(*GetParam()(small(TimeOfDay::night)), {.position = {1, 2, 9}}, 1e7)) {
    ASSERT_TRUE(item.mesh && item.texture);
    EXPECT_TRUE(std::isfinite(item.sort_depth));
    EXPECT_TRUE(item.opacity >= 0 && item.opacity <= 1.5f) << item.opacity;
    for (const Vertex& vertex : item.mesh->vertices) ASSERT_TRUE(std::isfinite(vertex.position.y));
  }
}

INSTANTIATE_TEST_SUITE_P(Painters, UrbanPainterTest,
                         testing::Values(&paint_city, &paint_studio, &paint_beach, &paint_ballroom,
                                         &paint_cafe));

int lit_signs_in_view(const DrawList& list) {
  return static_cast<int>(std::count_if(list.begin(), list.end(), [](const DrawItem& item) {
    const Vec3 at = item.mesh->vertices[0].position;
    return item.blend == Blend::add && item.layer == Layer::shadow && at.z > 2 && at.z < 60;
  }));
}

TEST(CityTest, ManySignsShineByNightInTheRainAndNoneByDay) {
  SceneRequest night = small(TimeOfDay::night);
  night.light = {Light::neon};
  night.weather = {Weather::rain};
  EXPECT_GE(lit_signs_in_view(emitted(*paint_city(night))), 6);
  EXPECT_EQ(lit_signs_in_view(emitted(*paint_city(small()))), 0);
}

TEST(CityTest, SomeSignFlickersAndTheMomentIsRepeatable) {
  const std::unique_ptr<Scene> city = paint_city(small(TimeOfDay::night));
  EXPECT_EQ(shown(*city, {}, 2.5), shown(*city, {}, 2.5));
  EXPECT_NE(shown(*city, {}, 2.5).rgba, shown(*city, {}, 2.9).rgba);
}

TEST(CityTest, RainWetsTheStreet) {
  SceneRequest rain = small();
  rain.weather = {Weather::rain};
  const std::unique_ptr<Scene> wet = paint_city(rain), dry = paint_city(small());
  EXPECT_GT(wet->look().reflection, 0.5f);
  EXPECT_EQ(wet->look().surface, Surface::wet);
  EXPECT_EQ(wet->look().ambience, "rain_city");
  EXPECT_EQ(dry->look().reflection, 0);
  EXPECT_EQ(dry->look().surface, Surface::asphalt);
}

TEST(CityTest, LowerThirdOfTheNeonStreetIsColourful) {
  SceneRequest request = small(TimeOfDay::night);
  request.light = {Light::neon};
  request.weather = {Weather::rain};
  const Image image = shown(*paint_city(request));
  double saturation = 0;
  int count = 0;
  for (int y = kSize.height * 2 / 3; y < kSize.height; ++y) {
    for (int x = 0; x < kSize.width; ++x, ++count) {
      const uint8_t* p = image.at(x, y);
      const int high = std::max({p[0], p[1], p[2]}), low = std::min({p[0], p[1], p[2]});
      saturation += high > 0 ? static_cast<double>(high - low) / high : 0;
    }
  }
  EXPECT_GT(saturation / count, 0.25);
}

TEST(CityTest, DropsStayWhereTheyFellWhileTheViewerWalks) {
  SceneRequest request = small();
  request.weather = {Weather::rain};
  const std::unique_ptr<Scene> city = paint_city(request);
  const auto rings = [&](float z) {
    for (const DrawItem& item : emitted(*city, {.position = {0, 1.5f, z}}, 3)) {
      if (item.layer == Layer::ground && item.blend == Blend::add) return *item.mesh;
    }
    return Mesh{};
  };
  const Mesh here = rings(0), ahead = rings(1);
  ASSERT_GT(here.vertices.size(), 100u);
  size_t kept = 0;
  for (size_t i = 0; i < here.vertices.size(); ++i)
    kept += here.vertices[i].position.z == ahead.vertices[i].position.z;
  EXPECT_GT(kept, here.vertices.size() * 8 / 10);
  EXPECT_LT(kept, here.vertices.size());
}

TEST(CityTest, AnotherSeedIsAnotherStreet) {
  SceneRequest other = small();
  other.seed = 22;
  EXPECT_NE(shown(*paint_city(small())).rgba, shown(*paint_city(other)).rgba);
}

TEST(StudioTest, BackdropMeetsTheFloorWithoutASeam) {
  const Image image = shown(*paint_studio(small()));
  for (int y = 1; y < kSize.height; ++y) {
    EXPECT_LE(std::abs(image.at(160, y)[1] - image.at(160, y - 1)[1]), 3) << "row " << y;
  }
  // Along the horizon the set has one brightness.
  for (int x = 0; x < kSize.width; ++x)
    EXPECT_NEAR(image.at(x, 90)[1], image.at(160, 90)[1], 4) << "column " << x;
}

TEST(StudioTest, SpotLightsTheFloorBeforeADarkBackdrop) {
  SceneRequest request = small();
  request.light = {Light::spot};
  const Image image = shown(*paint_studio(request));
  EXPECT_GT(image.at(160, 170)[1], 100);
  EXPECT_LT(image.at(5, 60)[1], 40);
}

TEST(BeachTest, TheSeaMovesAndKeepsAheadOfWhoWalksIn) {
  const std::unique_ptr<Scene> beach = paint_beach(small());
  EXPECT_NE(shown(*beach, {}, 1).rgba, shown(*beach, {}, 2).rgba);
  const Camera far = {.position = {0, 1.5f, 20}};
  float nearest = 1e9f;
  for (const DrawItem& item : emitted(*beach, far)) {
    if (item.layer != Layer::ground || item.haze >= 1) continue;
    for (const Vertex& vertex : item.mesh->vertices) nearest = std::min(nearest, vertex.position.z);
  }
  EXPECT_GT(nearest, far.position.z + 4);
}

TEST(BallroomTest, CandlelightIsWarmAndSparesWhiteClothes) {
  SceneRequest request = small(TimeOfDay::night);
  request.light = {Light::candle};
  const std::unique_ptr<Scene> hall = paint_ballroom(request);
  const Image image = shown(*hall);
  double red = 0, blue = 0;
  for (size_t i = 0; i < image.rgba.size(); i += 4) {
    red += image.rgba[i];
    blue += image.rgba[i + 2];
  }
  EXPECT_GT(red / blue, 1.6);
  EXPECT_LE(hall->look().light.luminance_cap, 210);
  EXPECT_GT(hall->look().reflection, 0.2f);
}

TEST(CafeTest, ATableStandsBeforeTheSubjects) {
  const std::unique_ptr<Scene> cafe = paint_cafe(small());
  const DrawList list = emitted(*cafe, {.position = {0, cafe->look().eye_height, 0}});
  EXPECT_TRUE(
      std::any_of(list.begin(), list.end(), [](const DrawItem& item) { return item.layer == Layer::front; }));
}

TEST(CafeTest, TheBackgroundIsOutOfFocus) {
  for (const DrawItem& item : emitted(*paint_cafe(small()))) {
    const bool stands = item.layer == Layer::world && item.blend == Blend::over;
    EXPECT_GE(item.mip_bias, stands ? 0.8f : 0.0f);
  }
}

}  // namespace
}  // namespace troupe::stage
