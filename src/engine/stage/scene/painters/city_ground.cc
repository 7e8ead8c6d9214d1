#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/noise.h"
#include "engine/stage/scene/painters/city_parts.h"

namespace troupe::stage {
namespace {

using paint::Canvas;
using paint::Field;
using paint::LightAt;

constexpr float kAsphaltTile = 4, kPuddleTile = 12, kSlabTile = 3.6f, kGroundEnd = 182;
constexpr float kPavement = 0.14f;  // metres above the street

/// Stones in tar. On a wet street it is a dark film that lets the mirrored world through.
TexturePtr paint_asphalt(bool wet, float detail, uint64_t seed) {
  const int side = paint::tile_side(512, detail);
  const Field grain = paint::blurred(paint::speckle(side, side, seed), 0.7f);
  const Field patches = paint::fbm({side, side, 3, 3, 5, 0.5f, seed + 1});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float stone = grain.sample_uv(u, v) - 0.5f, patch = patches.sample_uv(u, v) - 0.5f;
    const float tone = wet ? 0.15f + 0.16f * stone + 0.07f * patch : 0.36f + 0.36f * stone + 0.16f * patch;
    return paint::Stop{0, Rgb{1.0f, 1.0f, 1.04f} * std::max(0.02f, tone),
                       wet ? std::clamp(0.44f + 0.5f * stone + 0.8f * patch, 0.2f, 0.85f) : 1.0f};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

/// Where the street stands clear of the water: alpha 0 in puddles, with a damp dark rim.
TexturePtr paint_dry_patches(float detail, uint64_t seed) {
  const int side = paint::tile_side(1024, detail);
  const Field shape = paint::fbm({side, side, 5, 7, 7, 0.52f, seed});
  const Field grain = paint::blurred(paint::speckle(side, side, seed + 2), 0.6f);
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float level = shape.sample_uv(u, v) + 0.10f * (grain.sample_uv(u, v) - 0.5f);
    const float dry = smoothstep(0.47f, 0.60f, level), rim = smoothstep(0.44f, 0.72f, level);
    const float tone = mix(0.12f, 0.34f, rim) + 0.26f * (grain.sample_uv(u, v) - 0.5f);
    return paint::Stop{0, Rgb{1.0f, 1.0f, 1.05f} * std::max(0.02f, tone), 0.86f * dry};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

TexturePtr paint_slabs(bool wet, float detail, uint64_t seed) {
  const int side = paint::tile_side(512, detail);
  const Field grime = paint::fbm({side, side, 4, 4, 6, 0.55f, seed});
  const Field grain = paint::speckle(side, side, seed + 3);
  Canvas canvas(side, side, true);
  Random random(seed);
  float tones[16];
  for (float& tone : tones) tone = random.uniform(0.86f, 1.12f);
  canvas.fill([&](float u, float v) {
    const float x = u * 4, y = v * 4;
    const float fx = x - std::floor(x), fy = y - std::floor(y);
    const float edge = std::min(std::min(fx, 1 - fx), std::min(fy, 1 - fy));
    const float joint = smoothstep(0.008f, 0.03f, edge);
    const float tone = (wet ? 0.36f : 0.56f) *
                       tones[(static_cast<int>(y) & 3) * 4 + (static_cast<int>(x) & 3)] *
                       (0.78f + 0.44f * grime.sample_uv(u, v) + 0.10f * (grain.sample_uv(u, v) - 0.5f));
    return paint::Stop{0, Rgb{1.0f, 0.985f, 0.96f} * (tone * mix(0.45f, 1.0f, joint)),
                       wet ? mix(0.9f, 0.55f, smoothstep(0.45f, 0.7f, grime.sample_uv(u, v))) : 1.0f};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

/// Worn road paint: a white picture whose alpha has cracks.
TexturePtr paint_marking(float detail, uint64_t seed) {
  const int side = paint::tile_side(256, detail);
  const Field wear = paint::fbm({side, side, 9, 9, 6, 0.62f, seed});
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    return paint::Stop{0, {0.78f, 0.78f, 0.74f}, 0.85f * smoothstep(0.30f, 0.46f, wear.sample_uv(u, v))};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

/// Ground from x0 to x1 in cells that are about square near by, lit at its corners; `fade(x, z)` is its
/// opacity.
Mesh lit_ground(float x0, float x1, float y, float tile, const LightAt& light,
                const std::function<float(float x, float z)>& fade) {
  Mesh mesh;
  const int columns = std::max(1, static_cast<int>((x1 - x0) / 1.1f));
  const auto add = [&](float z0, float z1, float cell) {
    paint::Patch patch{{x0, y, z1}, {x1 - x0, 0, 0}, {0, 0, z0 - z1},
                       {},          columns,         static_cast<int>((z1 - z0) / cell)};
    patch.uv = {x0 / tile, -z1 / tile, x1 / tile, -z0 / tile};
    paint::add_patch(mesh, patch, light);
  };
  add(kStreetBegin, 60, 1.7f);
  add(60, kGroundEnd, 6);
  for (Vertex& vertex : mesh.vertices) vertex.opacity = fade(vertex.position.x, vertex.position.z);
  return mesh;
}

Placed ground_item(Mesh mesh, TexturePtr texture) {
  Placed thing;
  thing.item.mesh = paint::share(std::move(mesh));
  thing.item.texture = std::move(texture);
  thing.item.layer = Layer::ground;
  return thing;
}

void add_stripe(Mesh& mesh, float x0, float x1, float z0, float z1, const LightAt& light) {
  paint::Patch patch{{x0, 0.004f, z1},
                     {x1 - x0, 0, 0},
                     {0, 0, z0 - z1},
                     {},
                     1,
                     std::max(1, static_cast<int>((z1 - z0) / 1.5f))};
  patch.uv = {x0 * 0.5f, -z1 * 0.5f, x1 * 0.5f, -z0 * 0.5f};
  paint::add_patch(mesh, patch, light);
}

Mesh markings(const LightAt& light) {
  Mesh mesh;
  for (float z = kStreetBegin; z < kStreetEnd; z += 6) {
    if (z > 19 && z < 27) continue;
    add_stripe(mesh, -0.07f, 0.07f, z, z + 3, light);
  }
  for (const float x : {-2.95f, 2.83f}) add_stripe(mesh, x, x + 0.12f, kStreetBegin, kStreetEnd, light);
  for (const float from : {21.5f, 78.0f}) {  // Zebra crossings.
    for (float x = -4.6f; x < 4.4f; x += 1.0f) add_stripe(mesh, x, x + 0.55f, from, from + 3.4f, light);
    add_stripe(mesh, -4.6f, 0, from - 1.6f, from - 1.25f, light);
  }
  return mesh;
}

void add_kerbs(const LightAt& light, const TexturePtr& stone, std::vector<Placed>& out) {
  Mesh mesh;
  for (const float side : {-1.0f, 1.0f}) {
    const float x = side * kKerb, begin = side < 0 ? kStreetBegin : kStreetEnd;
    const float run = side < 0 ? kStreetEnd - kStreetBegin : kStreetBegin - kStreetEnd;
    paint::add_patch(mesh, {{x, kPavement, begin}, {0, 0, run}, {0, -kPavement, 0}, {0, 0, 60, 0.06f}, 90, 1},
                     [&](Vec3 p, Vec3 n) { return light(p, n) * 0.8f; });
    const float top = std::min(x, x + side * 0.22f);
    paint::Patch cap{{top, kPavement + 0.003f, kStreetEnd},
                     {0.22f, 0, 0},
                     {0, 0, kStreetBegin - kStreetEnd},
                     {0, 0, 0.08f, 60},
                     1,
                     90};
    paint::add_patch(mesh, cap, [&](Vec3 p, Vec3 n) { return light(p, n) * 1.1f; });
  }
  out.push_back(ground_item(std::move(mesh), stone));
}

}  // namespace

void add_street_ground(const CityMood& mood, const paint::LightField& field, float detail, uint64_t seed,
                       std::vector<Placed>& out) {
  const LightAt light = [&](Vec3 p, Vec3 n) { return field.at(p, n); };
  const bool wet = mood.wet > 0;
  const auto whole = [](float, float) { return 1.0f; };
  out.push_back(ground_item(lit_ground(-kKerb, kKerb, 0, kAsphaltTile, light, whole),
                            paint_asphalt(wet, detail, derive_seed(seed, "asphalt"))));
  if (wet) {
    // The water's share changes slowly along the street, so that the puddles' tile does not show.
    const Field drift = paint::fbm({64, 64, 6, 6, 3, 0.5f, derive_seed(seed, "drift")});
    const float cover = 1.5f - 0.55f * mood.wet;
    const auto share = [&](float x, float z) {
      return clamp01(cover * (0.35f + 1.1f * drift.sample_uv(x / 40, z / 90)));
    };
    out.push_back(ground_item(lit_ground(-kKerb, kKerb, 0.002f, kPuddleTile, light, share),
                              paint_dry_patches(detail, derive_seed(seed, "puddles"))));
  }
  Placed lines = ground_item(markings(light), paint_marking(detail, derive_seed(seed, "paint")));
  lines.item.opacity = wet ? 0.62f : 0.9f;
  out.push_back(std::move(lines));
  const TexturePtr slabs = paint_slabs(wet, detail, derive_seed(seed, "slabs"));
  for (const float side : {-1.0f, 1.0f}) {
    const float x0 = side < 0 ? -12.0f : kKerb;
    out.push_back(ground_item(lit_ground(x0, x0 + 7.0f, kPavement, kSlabTile, light, whole), slabs));
  }
  add_kerbs(light, paint_asphalt(false, detail * 0.25f, 5), out);
}

}  // namespace troupe::stage
