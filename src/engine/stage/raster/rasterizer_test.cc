#include "engine/stage/raster/rasterizer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "engine/stage/raster/span.h"

namespace troupe::stage {
namespace {

Image flat(int width, int height, uint8_t r, uint8_t g, uint8_t b, uint8_t a = 255) {
  Image image(width, height);
  for (size_t i = 0; i < image.rgba.size(); i += 4) {
    image.rgba[i] = r;
    image.rgba[i + 1] = g;
    image.rgba[i + 2] = b;
    image.rgba[i + 3] = a;
  }
  return image;
}

Image noise(int width, int height, uint64_t seed) {
  Random random(seed);
  Image image(width, height);
  for (uint8_t& value : image.rgba) value = static_cast<uint8_t>(random.below(256));
  return image;
}

DrawItem item(Mesh mesh, TexturePtr texture, Layer layer = Layer::world, float depth = 0) {
  DrawItem out;
  out.mesh = std::make_shared<const Mesh>(std::move(mesh));
  out.texture = std::move(texture);
  out.layer = layer;
  out.sort_depth = depth;
  return out;
}

Image render(const DrawList& list, const Camera& camera = {}, const DrawSettings& settings = {},
             int threads = 1, FrameSize size = {160, 90}) {
  TaskQueue queue(threads);
  RenderTarget target(size);
  draw(list, camera, settings, queue, target);
  return target.to_image();
}

TEST(Camera, LooksAlongPlusZWithYUp) {
  Camera camera;
  const auto ahead = camera.project({0, 1.5f, 10});
  EXPECT_NEAR(ahead.x, 0, 1e-6);
  EXPECT_NEAR(ahead.y, 0, 1e-6);
  EXPECT_GT(camera.project({1, 1.5f, 10}).x, 0);
  EXPECT_LT(camera.project({0, 2.5f, 10}).y, 0);
  camera.yaw = 0.1f;  // turning right moves the world left
  EXPECT_LT(camera.project({0, 1.5f, 10}).x, 0);
  camera = {};
  camera.pitch = 0.1f;  // looking up moves the world down
  EXPECT_GT(camera.project({0, 1.5f, 10}).y, 0);
}

TEST(Rasterizer, FillsEveryPixelOfASubdividedWallOnce) {
  // Half-opaque: a pixel drawn twice along a shared edge would be more opaque than its neighbours.
  const auto texture = Texture::make(flat(4, 4, 255, 255, 255, 128));
  const Image image = render({item(patch({-20, 20, 7}, {40, 0, 3}, {1, -40, 0}, 37, 23), texture)});
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) ASSERT_EQ(image.at(x, y)[3], 128) << x << "," << y;
  }
}

TEST(Rasterizer, DrawsFarBeforeNearAndKeepsLayers) {
  const auto red = Texture::make(flat(2, 2, 255, 0, 0)), blue = Texture::make(flat(2, 2, 0, 0, 255));
  const Mesh wall = patch({-9, 9, 0}, {18, 0, 0}, {0, -18, 0}, 1, 1);
  Mesh near_wall = wall, far_wall = wall;
  for (auto& v : near_wall.vertices) v.position.z = 4;
  for (auto& v : far_wall.vertices) v.position.z = 8;
  const Image image = render({item(near_wall, red, Layer::world, 4), item(far_wall, blue, Layer::world, 8)});
  EXPECT_EQ(image.at(80, 45)[0], 255);
  const Image layered = render({item(near_wall, red, Layer::sky), item(far_wall, blue, Layer::far)});
  EXPECT_EQ(layered.at(80, 45)[2], 255);
}

TEST(Rasterizer, ClipsWhatIsBehindTheCamera) {
  const auto texture = Texture::make(flat(2, 2, 0, 255, 0));
  // The ground passes under the camera and far behind it.
  const Image image = render({item(patch({-50, 0, -50}, {100, 0, 0}, {0, 0, 100}, 4, 4), texture)});
  EXPECT_EQ(image.at(80, 89)[1], 255);
  EXPECT_EQ(image.at(80, 10)[3], 0);
}

TEST(Rasterizer, HazeHidesTheFarAndLightMultiplies) {
  const auto white = Texture::make(flat(2, 2, 200, 200, 200));
  Mesh wall = patch({-90, 90, 50}, {180, 0, 0}, {0, -180, 0}, 2, 2);
  for (auto& v : wall.vertices) v.light = {0.5f, 0.5f, 0.5f};
  EXPECT_NEAR(render({item(wall, white)}).at(80, 45)[0], 100, 1);
  DrawSettings hazy;
  hazy.haze_color = {1, 0, 0};
  hazy.haze_density = 0.05f;  // 92 % at 50 m
  const Image image = render({item(wall, white)}, {}, hazy);
  const float haze = 1 - std::exp(-2.5f);
  EXPECT_NEAR(image.at(80, 45)[0], 255 * haze + 100 * (1 - haze), 2);
  EXPECT_NEAR(image.at(80, 45)[1], 100 * (1 - haze), 2);
}

TEST(Rasterizer, MirrorsTheWorldUnderTheGround) {
  const auto red = Texture::make(flat(2, 2, 255, 0, 0));
  DrawSettings wet;
  wet.mirror_world = true;
  const DrawList list = {item(card({0, 0, 6}, 20, 3), red, Layer::world, 6)};
  EXPECT_EQ(render(list).at(80, 80)[3], 0);
  EXPECT_GT(render(list, {}, wet).at(80, 80)[0], 200);
}

TEST(Rasterizer, SameBytesWhateverTheThreads) {
  const auto texture = Texture::make(noise(64, 64, 1), Wrap::repeat, Wrap::repeat);
  Camera camera;
  camera.yaw = 0.2f;
  const DrawList list = {item(ground(-30, 0.5f, 30, 60, 0, 20, 30, 2), texture, Layer::ground)};
  EXPECT_EQ(render(list, camera, {}, 1), render(list, camera, {}, 3));
}

TEST(Rasterizer, SurvivesCoordinatesThatAreNoNumbers) {
  const auto texture = Texture::make(noise(8, 8, 2));
  for (const float bad : {NAN, INFINITY, -INFINITY, 1e30f, -1e30f, 1e-30f}) {
    Mesh mesh = card({0, 0, 5}, 4, 4, 3, 3);
    mesh.vertices[5].position.x = bad;
    mesh.vertices[6].position.z = bad;
    mesh.vertices[7].u = bad;
    mesh.vertices[8].light.x = bad;
    render({item(mesh, texture)});
  }
}

Span random_span(Random& random, const Texture& texture, uint8_t* pixels) {
  Span span{};
  const size_t level = static_cast<size_t>(random.below(static_cast<int>(texture.levels().size()) - 1));
  span.sharp = &texture.levels()[level];
  span.soft = random.below(2) ? &texture.levels()[level + 1] : nullptr;
  span.blend = random.uniform();
  span.repeat_u = texture.wrap_u() == Wrap::repeat;
  span.repeat_v = texture.wrap_v() == Wrap::repeat;
  span.add = random.below(4) == 0;
  span.u = random.uniform(-2, 2);
  span.v = random.uniform(-2, 2);
  span.du = random.uniform(-0.1f, 0.1f);
  span.dv = random.uniform(-0.1f, 0.1f);
  for (float& light : span.light) light = random.uniform(0, 2);
  for (float& step : span.light_step) step = random.uniform(-0.02f, 0.02f);
  span.haze = random.uniform(0, 0.5f);
  span.opacity = random.uniform(0.5f, 1);
  span.haze_color = {random.uniform(), random.uniform(), random.uniform()};
  span.pixels = pixels;
  span.count = 1 + random.below(40);
  span.solid = !span.add && texture.opaque() && random.below(2) == 0;
  if (span.solid) span.opacity = 1;
  return span;
}

TEST(Span, VectorsMatchThePlainVersion) {
  const TexturePtr textures[] = {Texture::make(noise(32, 16, 3), Wrap::repeat, Wrap::repeat),
                                 Texture::make(noise(19, 33, 4)), Texture::make(flat(8, 8, 255, 255, 255))};
  Random random(5);
  for (int round = 0; round < 3000; ++round) {
    std::vector<uint8_t> start((40 + 17) * 4);
    for (uint8_t& value : start) value = static_cast<uint8_t>(random.below(256));
    std::vector<uint8_t> fast = start, plain = start;
    Span span = random_span(random, *textures[random.below(3)], fast.data());
    draw_span(span);
    span.pixels = plain.data();
    draw_span_plain(span);
    for (size_t i = 0; i < fast.size(); ++i) {
      // Texels are interpolated with 7-bit weights twice and lit by up to 2: within 7 levels.
      ASSERT_NEAR(fast[i], plain[i], 7) << "round " << round << " byte " << i;
      if (i >= static_cast<size_t>(span.count) * 4) {
        ASSERT_EQ(fast[i], start[i]) << "past the end";
      }
    }
  }
}

TEST(Texture, LevelsGoDownToOnePixelAndKeepTheMean) {
  const auto texture = Texture::make(noise(64, 16, 6));
  EXPECT_EQ(texture->levels().size(), 7u);
  EXPECT_EQ(texture->levels().back().width, 1);
  EXPECT_EQ(texture->levels().back().height, 1);
  const auto grey = Texture::make(flat(64, 16, 90, 90, 90));
  EXPECT_EQ(grey->levels().back().at(0, 0)[0], 90);
}

TEST(Ground, GrowsGeometricallyAndEndsWhereAsked) {
  const Mesh mesh = ground(-3, 1, 3, 50, 0, 2, 10, 2);
  EXPECT_NEAR(mesh.vertices.front().position.z, 1, 1e-4);
  EXPECT_NEAR(mesh.vertices.back().position.z, 50, 1e-2);
  EXPECT_LT(mesh.vertices[3].position.z - mesh.vertices[0].position.z,
            mesh.vertices[30].position.z - mesh.vertices[27].position.z);
}

}  // namespace
}  // namespace troupe::stage
