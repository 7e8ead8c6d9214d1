#include "engine/stage/scene/paint/shafts.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"

namespace troupe::stage::paint {
namespace {

constexpr float kPeriod = 40;
constexpr float kHeight = 12;

TexturePtr paint_beam(uint64_t seed) {
  Random random(seed);
  float waves[3];
  for (float& w : waves) w = random.uniform(0, 6.28f);
  Canvas canvas(96, 128);
  canvas.fill([&](float u, float v) {
    const float across = std::sin(3.14159f * u);
    const float streaks = 0.7f + 0.18f * std::sin(13 * u + waves[0]) + 0.12f * std::sin(31 * u + waves[1]);
    const float along = smoothstep(0.0f, 0.2f, v) * (1 - smoothstep(0.45f, 1.0f, v));
    return Stop{0, {1, 1, 1}, across * across * streaks * along};
  });
  canvas.clear_rim();
  return canvas.to_texture();
}

}  // namespace

Shafts::Shafts(const Atmosphere& air, uint64_t seed) : texture_(paint_beam(seed)) {
  const float direct = luma(air.sun) * std::max(air.sky.disc, air.dark ? 0.0f : air.sky.glow);
  color_ = air.sun * (0.30f * std::min(1.0f, direct * 1.6f));
  slant_ = std::clamp(air.sky.sun_direction.x / std::max(air.sky.sun_direction.y, 0.35f), -0.9f, 0.9f);
  if (direct < 0.04f) return;
  Random random(seed);
  for (int i = 0; i < 9; ++i) {
    const float z = 5 + (static_cast<float>(i) + random.uniform(0, 0.8f)) * (kPeriod - 5) / 9;
    beams_.push_back({random.uniform(-9, 9), z, random.uniform(1.6f, 4.0f), random.uniform(0.5f, 1.0f),
                      random.uniform(0, 6.28f)});
  }
}

void Shafts::emit(const Camera& camera, double seconds, DrawList& list) const {
  const auto t = static_cast<float>(std::fmod(seconds, 3600.0));
  for (const Beam& beam : beams_) {
    const float z = beam.z + kPeriod * std::ceil((camera.position.z + 3 - beam.z) / kPeriod);
    const float near = smoothstep(3.0f, 6.0f, z - camera.position.z);
    const float breath = 0.72f + 0.28f * std::sin(0.55f * t + beam.phase);
    Mesh mesh = patch({beam.x - beam.width / 2 + slant_ * kHeight, kHeight, z}, {beam.width, 0, 0},
                      {-slant_ * kHeight, -kHeight, 0}, 1, 4);
    for (Vertex& vertex : mesh.vertices) vertex.light = color_;
    list.push_back({.mesh = std::make_shared<const Mesh>(std::move(mesh)),
                    .texture = texture_,
                    .layer = Layer::world,
                    .blend = Blend::add,
                    .sort_depth = z,
                    .haze = 0,
                    .opacity = beam.strength * breath * near,
                    .reflects = false});
  }
}

}  // namespace troupe::stage::paint
