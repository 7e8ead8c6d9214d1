#include "engine/stage/scene/paint/lamps.h"

#include <cmath>
#include <utility>

#include "engine/stage/scene/paint/canvas.h"

namespace troupe::stage::paint {
namespace {

constexpr float kHeight = 3.6f;
constexpr Rgb kLight = {1.0f, 0.78f, 0.48f};

// A cast iron post with a lantern of four panes.
TexturePtr paint_post(const Atmosphere& air, float detail) {
  const int width = scaled(160, detail), height = scaled(640, detail);
  Canvas canvas(width, height);
  const auto w = static_cast<float>(width), h = static_cast<float>(height), middle = w / 2;
  const Rgb iron = air.lit({0.16f, 0.17f, 0.17f}, 0.25f), shine = air.lit({0.34f, 0.35f, 0.36f}, 0.6f);
  const auto bar = [&](float x, float y0, float y1, float half, Rgb color) {
    canvas.rect(x - half, y0, 2 * half, y1 - y0, color);
  };
  bar(middle, h * 0.20f, h * 0.97f, w * 0.035f, iron);
  bar(middle - w * 0.012f, h * 0.20f, h * 0.97f, w * 0.010f, shine);
  for (const float y : {0.24f, 0.55f, 0.82f}) bar(middle, h * y, h * (y + 0.012f), w * 0.06f, iron);
  bar(middle, h * 0.86f, h * 0.97f, w * 0.075f, iron);
  bar(middle - w * 0.02f, h * 0.86f, h * 0.97f, w * 0.015f, shine);
  const Rgb glass =
      air.dark ? Rgb{1.0f, 0.90f, 0.66f} : mix(air.sky.middle, Rgb{0.8f, 0.82f, 0.8f}, 0.4f) * 0.8f;
  const Point pane[] = {{middle - w * 0.17f, h * 0.075f},
                        {middle + w * 0.17f, h * 0.075f},
                        {middle + w * 0.10f, h * 0.195f},
                        {middle - w * 0.10f, h * 0.195f}};
  const Point roof[] = {
      {middle - w * 0.21f, h * 0.078f}, {middle, h * 0.025f}, {middle + w * 0.21f, h * 0.078f}};
  canvas.polygon(pane, glass);
  canvas.polygon(roof, iron);
  for (const float x : {-1.0f, 0.0f, 1.0f}) {
    const Point edge[] = {{middle + x * w * 0.17f, h * 0.075f}, {middle + x * w * 0.10f, h * 0.195f}};
    canvas.stroke(edge, {w * 0.022f, w * 0.022f, iron});
  }
  bar(middle, h * 0.192f, h * 0.205f, w * 0.12f, iron);
  canvas.fade_foot(0.012f);
  canvas.clear_rim();
  return canvas.to_texture();
}

TexturePtr paint_glow() {
  Canvas canvas(128, 128);
  canvas.fill([](float u, float v) {
    const float r = std::hypot(u * 2 - 1, v * 2 - 1);
    return Stop{0, {1, 1, 1}, 0.65f * std::pow(clamp01(1 - r), 3.2f) + 0.35f * std::exp(-60 * r * r)};
  });
  canvas.clear_rim();
  return canvas.to_texture();
}

}  // namespace

Lamps::Lamps(const Atmosphere& air, float detail, std::vector<Planted> posts, float period)
    : posts_(posts),
      cards_({{.texture = paint_post(air, detail),
               .width = kHeight / 4,
               .height = kHeight,
               .shadow = 0.5f,
               .contact = 0.35f,
               .foot = 0.012f}},
             std::move(posts), {.period_z = period, .fade_from = period * 0.75f, .fade_to = period * 0.9f},
             air),
      glow_(paint_glow()),
      period_(period),
      lit_(air.dark) {}

void Lamps::emit(const Camera& camera, double seconds, DrawList& list) const {
  cards_.emit(camera, seconds, list);
  if (!lit_) return;
  for (const Planted& post : posts_) {
    const float z = post.z + period_ * std::ceil((camera.position.z - 6 - post.z) / period_);
    const float depth = camera.to_view({post.x, 1, z}).z;
    if (depth < 0.5f) continue;
    emit_light({post.x, 0, z}, 1 - smoothstep(period_ * 0.6f, period_ * 0.9f, depth), list);
  }
}

void Lamps::emit_light(Vec3 foot, float near, DrawList& list) const {
  const auto add = [&](Mesh mesh, Layer layer, float strength) {
    for (Vertex& vertex : mesh.vertices) vertex.light = kLight;
    list.push_back({.mesh = std::make_shared<const Mesh>(std::move(mesh)),
                    .texture = glow_,
                    .layer = layer,
                    .blend = Blend::add,
                    .sort_depth = foot.z - 0.05f,
                    .haze = 0.4f,
                    .opacity = strength * near});
  };
  constexpr float kPool = 4.2f, kHalo = 1.9f;
  add(patch(foot + Vec3{-kPool, 0, kPool}, {2 * kPool, 0, 0}, {0, 0, -2 * kPool}, 4, 4), Layer::shadow,
      0.55f);
  add(patch(foot + Vec3{-kHalo, kHeight * 0.86f + kHalo, 0}, {2 * kHalo, 0, 0}, {0, -2 * kHalo, 0}, 1, 1),
      Layer::world, 0.85f);
}

}  // namespace troupe::stage::paint
