#include "engine/stage/scene/painters/city_ripples.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/solid.h"

namespace troupe::stage {
namespace {

constexpr float kHalfWidth = 4.8f, kNearest = 2.2f, kLength = 15;  // metres of street with visible rings
constexpr float kLife = 0.55f;                                     // seconds

TexturePtr paint_ring() {
  paint::Canvas canvas(64, 64);
  canvas.fill([](float u, float v) {
    const float r = 2 * std::hypot(u - 0.5f, v - 0.5f);
    const float crest = std::exp(-(r - 0.80f) * (r - 0.80f) / 0.006f),
                inner = std::exp(-(r - 0.45f) * (r - 0.45f) / 0.008f);
    return paint::Stop{0, {1, 1, 1}, r < 0.99f ? crest + 0.35f * inner : 0.0f};
  });
  canvas.clear_rim(1);
  return canvas.to_texture();
}

}  // namespace

RainRipples::RainRipples(Rgb color, float amount)
    : color_(color), count_(static_cast<int>(120 * std::clamp(amount, 0.0f, 2.0f))), ring_(paint_ring()) {}

void RainRipples::emit(const Camera& camera, double seconds, DrawList& list) const {
  Mesh mesh;
  for (int i = 0; i < count_; ++i) {
    const double age = std::fmod(seconds, 3600.0) / kLife + i * 0.6180339887;
    const auto life = static_cast<uint64_t>(age);
    const float t = static_cast<float>(age - static_cast<double>(life));
    Random random(static_cast<uint64_t>(i) * 7919 + life);
    const float x = random.uniform(-kHalfWidth, kHalfWidth), base = random.uniform(0, kLength);
    // The same drop stays where it fell while the viewer walks on.
    const float from = camera.position.z + kNearest, z = base + kLength * std::ceil((from - base) / kLength);
    const float size = random.uniform(0.06f, 0.16f) * (0.25f + 0.75f * t);
    const float fade = (1 - t) * (1 - smoothstep(0.7f, 1.0f, (z - from) / kLength));
    paint::add_patch(mesh, {{x - size, 0.006f, z + size}, {2 * size, 0, 0}, {0, 0, -2 * size}, {}},
                     paint::flat_light(color_), fade);
  }
  DrawItem item;
  item.mesh = paint::share(std::move(mesh));
  item.texture = ring_;
  item.layer = Layer::ground;
  item.blend = Blend::add;
  item.opacity = 0.5f;
  list.push_back(std::move(item));
}

}  // namespace troupe::stage
