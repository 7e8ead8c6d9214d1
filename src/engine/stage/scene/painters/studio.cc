// The photographer's studio: a backdrop that curves into a polished floor without a seam, lit for the
// subject.
#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"
#include "engine/stage/scene/paint/solid.h"
#include "engine/stage/scene/painters/painters.h"

namespace troupe::stage {
namespace {

constexpr float kFar = 400;   // metres to the backdrop: it stays put while the camera moves
constexpr float kStageZ = 4;  // where a subject stands, about
constexpr float kPi = 3.14159265f;

/// The set's light: `horizon` is what both the far floor and the backdrop meet in.
struct StudioLight {
  Rgb paper = {0.90f, 0.90f, 0.905f};  ///< colour of backdrop and floor in full light
  float horizon = 0.95f;               ///< brightness where floor and backdrop meet
  float top = 0.80f;                   ///< overhead
  float near = 0.88f;                  ///< floor at the camera's feet
  float behind = 0.13f;                ///< glow on the backdrop behind the subject
  float pool = 0.10f;                  ///< light on the floor round the subject
  bool spot = false;
};

float squared(float v) { return v * v; }

StudioLight studio_light(const SceneRequest& request) {
  StudioLight light;
  Random random(derive_seed(request.seed, "backdrop"));
  const Rgb papers[] = {{0.905f, 0.905f, 0.91f}, {0.92f, 0.905f, 0.885f}, {0.885f, 0.90f, 0.92f}};
  light.paper = papers[random.below(3)];
  if (paint::wants(request, Style::pastel) || paint::wants(request, Style::happy)) {
    const Rgb tints[] = {
        {0.98f, 0.83f, 0.78f}, {0.78f, 0.92f, 0.86f}, {0.84f, 0.82f, 0.96f}, {0.98f, 0.91f, 0.74f}};
    light.paper = tints[random.below(4)];
  }
  if (paint::wants(request, Style::warm)) light.paper = light.paper * Rgb{1.04f, 0.97f, 0.88f};
  if (paint::wants(request, Style::cool)) light.paper = light.paper * Rgb{0.90f, 0.97f, 1.05f};
  light.spot = paint::wants(request, Light::spot);
  const bool dark = light.spot || request.time == TimeOfDay::night ||
                    paint::wants(request, Light::dramatic) || paint::wants(request, Style::dark) ||
                    paint::wants(request, Light::backlit);
  if (dark) {
    const Rgb charcoal = {0.80f, 0.84f, 0.92f};
    light = {charcoal, 0.10f, 0.035f, 0.07f, 0.22f, 0.14f, light.spot};
  }
  if (light.spot) {
    light.behind = 0.07f;
    light.horizon = 0.055f;
    light.pool = 0.72f;
  }
  return light;
}

/// Brightness of the backdrop in a direction given by its height over the horizon and its angle from +z.
float backdrop(const StudioLight& light, float elevation, float azimuth) {
  const float up = std::max(0.0f, elevation);
  const float fall = mix(light.horizon, light.top, smoothstep(0.02f, 1.1f, up));
  const float round = std::exp(-squared(azimuth / 0.62f) - squared((up - 0.10f) / 0.30f));
  // The glow fades in above the horizon, which therefore keeps one brightness all along.
  return fall + light.behind * round * smoothstep(0.0f, 0.30f, up);
}

/// Brightness of the floor at a point; beyond some metres it is the horizon's.
float floor_light(const StudioLight& light, float x, float z) {
  const float away = std::hypot(x, z);
  const float base = mix(light.near, light.horizon, smoothstep(0.5f, 9.0f, away));
  const float rx = light.spot ? 1.5f : 3.2f, rz = light.spot ? 2.1f : 3.6f;
  const float q = std::sqrt(squared(x / rx) + squared((z - kStageZ) / rz));
  const float pool = light.spot ? 1 - smoothstep(0.5f, 1.2f, q) + 0.16f * std::exp(-q) : std::exp(-q * q);
  return base + light.pool * pool * (1 - smoothstep(10.0f, 16.0f, away));
}

void add_ring_indices(Mesh& mesh, int rings, int sectors) {
  const uint32_t stride = static_cast<uint32_t>(sectors) + 1;
  for (uint32_t ring = 0; ring < static_cast<uint32_t>(rings); ++ring) {
    for (uint32_t sector = 0; sector + 1 < stride; ++sector) {
      const uint32_t a = ring * stride + sector, b = a + 1, c = a + stride, d = c + 1;
      mesh.indices.insert(mesh.indices.end(), {a, b, c, b, d, c});
    }
  }
}

Mesh backdrop_mesh(const StudioLight& light) {
  Mesh mesh;
  constexpr int kRings = 48, kSectors = 72;
  for (int ring = 0; ring <= kRings; ++ring) {
    // Rings crowd round the horizon, where the light changes most.
    const float t = mix(-1.0f, 1.0f, static_cast<float>(ring) / kRings);
    const float elevation = 0.5f * kPi * t * std::sqrt(std::abs(t));
    for (int sector = 0; sector <= kSectors; ++sector) {
      const float azimuth = mix(-kPi, kPi, static_cast<float>(sector) / kSectors);
      const Vec3 at = {std::sin(azimuth) * std::cos(elevation) * kFar, 1.5f + std::sin(elevation) * kFar,
                       std::cos(azimuth) * std::cos(elevation) * kFar};
      mesh.vertices.push_back({at, 0.5f, 0.5f, light.paper * backdrop(light, elevation, azimuth)});
    }
  }
  add_ring_indices(mesh, kRings, kSectors);
  return mesh;
}

/// Rings round the subject's place, fine where the light changes, out to where the backdrop stands.
Mesh floor_mesh(const StudioLight& light, float opacity) {
  Mesh mesh;
  constexpr int kRings = 44, kSectors = 64;
  for (int ring = 0; ring <= kRings; ++ring) {
    const float t = static_cast<float>(ring) / kRings,
                radius = 9.0f * t + (kFar * 1.05f - 9.0f) * std::pow(t, 7.0f);
    for (int sector = 0; sector <= kSectors; ++sector) {
      const float angle = 2 * kPi * static_cast<float>(sector) / kSectors;
      const float x = radius * std::sin(angle), z = kStageZ + radius * std::cos(angle);
      // Polish shows at a grazing angle only up to where the set's own light takes over.
      mesh.vertices.push_back({{x, 0, z}, 0.5f, 0.5f, light.paper * floor_light(light, x, z), opacity});
    }
  }
  add_ring_indices(mesh, kRings, kSectors);
  return mesh;
}

TexturePtr plain_white() {
  paint::Canvas canvas(4, 4);
  canvas.fill({1, 1, 1});
  return canvas.to_texture();
}

/// A beam that widens downwards, brighter at its lamp, soft at its sides.
TexturePtr paint_beam() {
  paint::Canvas canvas(128, 128);
  canvas.fill([](float u, float v) {
    const float half = 0.06f + 0.38f * v, across = std::abs(u - 0.5f) / half;
    const float side = 1 - smoothstep(0.35f, 1.0f, across);
    return paint::Stop{0, {1, 1, 1}, side * std::pow(1 - v, 0.8f) * smoothstep(0, 0.03f, v)};
  });
  return canvas.to_texture();
}

SceneLook studio_look(const SceneRequest& request, const StudioLight& light) {
  const bool dark = light.horizon < 0.5f;
  SceneLook look;
  LightRig& rig = look.light;
  rig.key_direction = normalized({-0.55f, 0.65f, -0.52f});
  rig.exposure = dark ? 0.92f : 1.0f;
  rig.key = dark ? 0.85f : 0.55f;
  rig.rim = dark ? 1.15f : 0.35f;
  rig.rim_color = dark ? Rgb{0.80f, 0.88f, 1.0f} : Rgb{1, 1, 1};
  rig.shadow = dark ? 0.5f : 0.38f;
  rig.saturation = 1;
  rig.black_lift = dark ? 0.01f : 0.02f;
  rig.luminance_cap = 238;
  rig.haze_color = light.paper * light.horizon;
  rig.haze_density = 0;
  if (light.spot) rig.key_direction = normalized({-0.1f, 0.97f, -0.25f});
  if (paint::wants(request, Light::backlit)) {
    rig.exposure = 0.5f;
    rig.rim = 1.8f;
  }
  if (paint::wants(request, Light::candle)) rig.gain = {1.22f, 0.90f, 0.62f};
  look.grade = {.bloom = dark ? 0.3f : 0.12f,
                .bloom_threshold = dark ? 175.0f : 235.0f,
                .contrast = 0.08f,
                .vignette = dark ? 0.3f : 0.16f,
                .grain = 3};
  paint::apply_style(request, look.grade);
  look.ambience = "studio";
  look.surface = Surface::wood;
  look.reflection = dark ? 0.34f : 0.22f;
  look.reflection_blur = 1.4f;
  look.near_z = 0.3f;
  look.far_z = 14;
  return look;
}

class Studio final : public Scene {
 public:
  explicit Studio(const SceneRequest& request) {
    const StudioLight light = studio_light(request);
    look_ = studio_look(request, light);
    const TexturePtr white = plain_white();
    backdrop_.mesh = paint::share(backdrop_mesh(light));
    backdrop_.texture = white;
    backdrop_.layer = Layer::sky;
    floor_.mesh = paint::share(floor_mesh(light, 1 - look_.reflection));
    floor_.texture = white;
    floor_.layer = Layer::ground;
    if (light.spot) make_beam();
  }

  void emit(const Camera&, double seconds, DrawList& list) const override {
    list.push_back(backdrop_);
    // Under the translucent floor lies the floor again, solid, so that only mirrored subjects shine through.
    list.push_back(floor_);
    list.back().layer = Layer::sky;
    list.push_back(floor_);
    if (!beam_.mesh) return;
    list.push_back(beam_);
    list.back().opacity = 0.42f + 0.02f * static_cast<float>(std::sin(seconds * 1.3));
  }

 private:
  void make_beam() {
    Mesh mesh;
    paint::add_card(mesh, {0, -0.15f, kStageZ + 0.4f}, 4.6f, 7.5f, {},
                    paint::flat_light({0.92f, 0.95f, 1.0f}));
    beam_.mesh = paint::share(std::move(mesh));
    beam_.texture = paint_beam();
    beam_.blend = Blend::add;
    beam_.sort_depth = kStageZ + 0.4f;
    beam_.reflects = false;
  }

  DrawItem backdrop_, floor_, beam_;
};

}  // namespace

std::unique_ptr<Scene> paint_studio(const SceneRequest& request) { return std::make_unique<Studio>(request); }

}  // namespace troupe::stage
