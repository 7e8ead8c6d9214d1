#include "engine/stage/scene/paint/sky.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/noise.h"

namespace troupe::stage::paint {
namespace {

constexpr float kPi = 3.14159265f;
constexpr float kDegree = kPi / 180;
// The front of the dome gets most of the picture, what is behind the viewer the rest.
constexpr float kFront = 110 * kDegree, kFrontShare = 0.82f;
constexpr float kLowest = -12 * kDegree, kHighest = 90 * kDegree;
constexpr float kRadius = 3000;

// Rows crowd towards the horizon, where all the colour is.
float elevation_of(float v) { return kLowest + (kHighest - kLowest) * std::pow(1 - v, 1.5f); }
float v_of(float elevation) {
  return 1 - std::pow(clamp01((elevation - kLowest) / (kHighest - kLowest)), 1 / 1.5f);
}
float azimuth_of(float u) {
  const float s = u * 2 - 1, t = std::abs(s);
  const float a = t < kFrontShare ? t / kFrontShare * kFront
                                  : kFront + (t - kFrontShare) / (1 - kFrontShare) * (kPi - kFront);
  return std::copysign(a, s);
}
float u_of(float azimuth) {
  const float a = std::abs(azimuth);
  const float t =
      a < kFront ? a / kFront * kFrontShare : kFrontShare + (a - kFront) / (kPi - kFront) * (1 - kFrontShare);
  return 0.5f + 0.5f * std::copysign(t, azimuth);
}
Vec3 direction_of(float azimuth, float elevation) {
  return {std::sin(azimuth) * std::cos(elevation), std::sin(elevation),
          std::cos(azimuth) * std::cos(elevation)};
}

Rgb screened(Rgb a, Rgb b) {
  const auto one = [](float x, float y) { return 1 - (1 - clamp01(x)) * (1 - clamp01(y)); };
  return {one(a.x, b.x), one(a.y, b.y), one(a.z, b.z)};
}

// Low banks and high veils painted into the dome.
struct CloudFields {
  Field bank, veil;
  float cover;

  struct Sample {
    float thickness, density;  // 0 … 1; the density goes on rising inside the cloud
  };
  Sample at(float azimuth, float elevation) const {
    const float e = std::max(elevation, 0.0f), up = std::sin(e), flat = std::cos(e);
    // A bank stands on the horizon and breaks into heaps above it.
    const float low = bank.sample_uv(azimuth / (2 * kPi) + 0.5f, e * 1.9f);
    const float floor = mix(0.66f, 0.28f, cover) + 0.9f * std::abs(e - 0.13f) * (1 - 0.8f * cover);
    const float heaps = smoothstep(floor, floor + 0.11f, low) * smoothstep(0.0f, 0.03f, e);
    const float far = 1 / (up + 0.16f);
    const float high =
        veil.sample_uv(std::sin(azimuth) * flat * far * 0.16f, std::cos(azimuth) * flat * far * 0.10f);
    const float veils = 0.5f * smoothstep(mix(0.60f, 0.3f, cover), 0.95f, high) * smoothstep(0.0f, 0.25f, e);
    return {std::max(heaps * 0.95f, veils), (low * heaps + high * veils) / std::max(heaps + veils, 1e-3f)};
  }
};

Rgb dome_color(const SkyColors& sky, const CloudFields& clouds, float azimuth, float elevation) {
  const Vec3 d = direction_of(azimuth, elevation);
  Rgb color = sky_color(sky, d);
  const CloudFields::Sample cloud = clouds.at(azimuth, elevation);
  const float here = cloud.thickness;
  if (here > 0) {
    const float sun_azimuth = std::atan2(sky.sun_direction.x, sky.sun_direction.z);
    const float sun_elevation = std::asin(std::clamp(sky.sun_direction.y, -1.0f, 1.0f));
    const float ax = sun_azimuth - azimuth, ey = std::max(sun_elevation, 0.05f) - elevation;
    const float step = 0.022f / std::max(std::hypot(ax, ey), 0.02f);
    const float toward = clouds.at(azimuth + ax * step, elevation + ey * step).density;
    const float lit =
        clamp01(0.62f + 4.2f * (cloud.density - toward) - 0.35f * smoothstep(0.62f, 0.85f, cloud.density));
    Rgb paint = mix(sky.cloud_shade, sky.cloud_lit, lit);
    // Far cloud takes the colour of the air before it.
    paint = mix(paint, color, 0.42f * (1 - smoothstep(0.0f, 0.22f, elevation)) + 0.04f);
    color = mix(color, paint, here);
  }
  return color;
}

void scatter_stars(Canvas& canvas, const SkyColors& sky, float detail, uint64_t seed) {
  Random random(seed);
  for (int i = 0; i < 1500; ++i) {
    const float azimuth = random.uniform(-kFront, kFront);
    const float elevation = std::asin(random.uniform(0.02f, 1.0f));
    const float size = std::pow(random.uniform(), 9.0f), tone = random.uniform();
    const float radius = (0.55f + 0.95f * size) * std::max(detail, 0.5f);
    const float alpha =
        sky.stars * (0.25f + 0.75f * size + 0.35f * random.uniform()) * smoothstep(0.02f, 0.3f, elevation);
    canvas.dab({.centre = {u_of(azimuth) * static_cast<float>(canvas.width()),
                           v_of(elevation) * static_cast<float>(canvas.height())},
                .rx = std::min(radius / std::max(std::cos(elevation), 0.15f), 6.0f),
                .ry = radius,
                .color = mix(Rgb{1.0f, 0.90f, 0.80f}, Rgb{0.80f, 0.88f, 1.0f}, tone),
                .alpha = std::min(alpha, 1.0f),
                .softness = 0.6f});
  }
}

TexturePtr paint_dome(const SkyColors& sky, float detail, uint64_t seed) {
  const int side = tile_side(512, detail);
  const CloudFields clouds{fbm({.width = side * 2,
                                .height = side,
                                .cells_x = 13,
                                .cells_y = 6,
                                .octaves = 7,
                                .gain = 0.53f,
                                .seed = derive_seed(seed, "bank")}),
                           fbm({.width = side,
                                .height = side,
                                .cells_x = 3,
                                .cells_y = 8,
                                .octaves = 6,
                                .seed = derive_seed(seed, "veil")}),
                           sky.cover};
  Canvas canvas(scaled(2048, detail), scaled(800, detail));
  canvas.fill([&](float u, float v) {
    return Stop{0, dome_color(sky, clouds, azimuth_of(u), elevation_of(v))};
  });
  if (sky.stars > 0) scatter_stars(canvas, sky, detail, derive_seed(seed, "stars"));
  return canvas.to_texture();
}

MeshPtr make_dome() {
  constexpr int kColumns = 72, kRows = 30;
  Mesh mesh;
  for (int row = 0; row <= kRows; ++row) {
    const float t = static_cast<float>(row) / kRows;
    // From the zenith to straight below: the last rows reach under the painted part.
    const float elevation = row < kRows - 2 ? elevation_of(t * kRows / (kRows - 3))
                            : row == kRows  ? -kHighest
                                            : -0.9f;
    for (int column = 0; column <= kColumns; ++column) {
      const float azimuth = (static_cast<float>(column) / kColumns * 2 - 1) * kPi;
      mesh.vertices.push_back(
          {direction_of(azimuth, elevation) * kRadius, u_of(azimuth), v_of(elevation), {1, 1, 1}, 1});
    }
  }
  for (uint32_t row = 0; row < kRows; ++row) {
    for (uint32_t column = 0; column < kColumns; ++column) {
      const uint32_t a = row * (kColumns + 1) + column, b = a + kColumns + 1;
      mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
    }
  }
  return std::make_shared<const Mesh>(std::move(mesh));
}

TexturePtr paint_moon(const SkyColors& sky, float detail, uint64_t seed) {
  const int side = scaled(256, detail);
  const Field seas = fbm(
      {.width = 128, .height = 128, .cells_x = 5, .cells_y = 5, .octaves = 5, .gain = 0.6f, .seed = seed});
  Canvas canvas(side, side);
  canvas.fill([&](float u, float v) {
    const float x = u * 2 - 1, y = v * 2 - 1, r = std::hypot(x, y) / 0.42f;
    const float limb = std::sqrt(std::max(0.0f, 1 - r * r));
    const float sea = 1 - 0.18f * smoothstep(0.44f, 0.68f, seas.sample_uv(u, v));
    const Rgb face = mix(sky.sun, Rgb{1, 1, 1}, 0.4f) * (sea * (0.72f + 0.28f * limb));
    const float cover = 1 - smoothstep(0.97f, 1.01f, r);
    const float halo = 0.30f * std::pow(clamp01(1 - std::hypot(x, y)), 2.4f);
    return Stop{0, mix(sky.sun, face, cover), std::max(cover, halo)};
  });
  canvas.clear_rim();
  return canvas.to_texture();
}

// Light that shines through what cloud is before it: a small white core in a wide glow.
TexturePtr paint_sun(const SkyColors& sky, float detail) {
  const int side = scaled(256, detail);
  Canvas canvas(side, side);
  canvas.fill([&](float u, float v) {
    const float r = std::hypot(u * 2 - 1, v * 2 - 1);
    const float core = 1 - smoothstep(0.11f, 0.16f, r), glow = std::pow(clamp01(1 - r), 3.0f);
    return Stop{0, mix(sky.sun, Rgb{1, 1, 1}, core), std::max(core, 0.55f * glow)};
  });
  canvas.clear_rim();
  return canvas.to_texture();
}

// A square in the sky, `radius` degrees from its middle to its sides.
MeshPtr make_disc(Vec3 direction, float radius) {
  const Vec3 centre = direction * (kRadius * 0.9f);
  const Vec3 right = normalized(cross({0, 1, 0}, direction)), up = cross(direction, right);
  const float half = kRadius * 0.9f * std::tan(radius * kDegree);
  return std::make_shared<const Mesh>(
      patch(centre - right * half + up * half, right * (2 * half), up * (-2 * half), 2, 2));
}

}  // namespace

Rgb sky_color(const SkyColors& sky, Vec3 d) {
  const float height = std::max(d.y, 0.0f);
  const float low = smoothstep(0.0f, 0.22f, height), high = smoothstep(0.12f, 0.85f, height);
  Rgb color = mix(mix(sky.horizon, sky.middle, low), sky.zenith, high);
  const float c = std::max(0.0f, dot(d, sky.sun_direction));
  // A wide and a narrow lobe, flattened along the horizon where the sun is low.
  const float wide = std::pow(c, 6.0f) * 0.38f, narrow = std::pow(c, 90.0f) * 0.55f;
  const float band = std::pow(c, 3.0f) * 0.30f * (1 - smoothstep(0.0f, 0.3f, height)) *
                     (1 - smoothstep(0.1f, 0.5f, sky.sun_direction.y));
  return screened(color, sky.sun * (sky.glow * (wide + narrow + band)));
}

TexturePtr paint_clouds(const SkyColors& sky, int side, uint64_t seed) {
  const NoiseSpec spec{
      .width = side, .height = side, .cells_x = 4, .cells_y = 4, .octaves = 7, .gain = 0.54f, .seed = seed};
  const Field by =
      fbm({.width = side, .height = side, .cells_x = 5, .cells_y = 5, .octaves = 4, .seed = seed + 1});
  const Field density = warp(fbm(spec), by, by, 0.03f * static_cast<float>(side));
  const float floor = mix(0.74f, 0.24f, sky.cover), soft = mix(0.20f, 0.42f, sky.cover);
  const float reach = 0.02f * static_cast<float>(side);
  const float toward = 1 / std::max(std::hypot(sky.sun_direction.x, sky.sun_direction.z), 0.1f);
  const float sx = sky.sun_direction.x * toward * reach, sy = -sky.sun_direction.z * toward * reach;
  Canvas canvas(side, side, true);
  canvas.fill([&](float u, float v) {
    const float x = u * static_cast<float>(side) - 0.5f, y = v * static_cast<float>(side) - 0.5f;
    const float n = density.sample(x, y), toward_sun = density.sample(x + sx, y + sy);
    const float lit = clamp01(0.52f + 2.6f * (n - toward_sun) - 0.5f * std::max(0.0f, n - 0.55f));
    return Stop{0, mix(sky.cloud_shade, sky.cloud_lit, lit), smoothstep(floor, floor + soft, n)};
  });
  return canvas.to_texture(Wrap::repeat, Wrap::repeat);
}

Sky::Sky(const SceneRequest& request, const Atmosphere& air) : colors_(air.sky) {
  const bool has_disc = colors_.disc > 0.1f;
  dome_mesh_ = make_dome();
  if (has_disc) disc_mesh_ = make_disc(colors_.sun_direction, colors_.moon ? 3.6f : 9);
  const auto paint = [sky = colors_, detail = request.detail, seed = request.seed, has_disc] {
    Pictures pictures;
    pictures.dome = paint_dome(sky, detail, derive_seed(seed, "sky"));
    pictures.clouds = paint_clouds(sky, tile_side(1024, detail), derive_seed(seed, "clouds"));
    if (has_disc)
      pictures.disc = sky.moon ? paint_moon(sky, detail, derive_seed(seed, "moon")) : paint_sun(sky, detail);
    return pictures;
  };
  pictures_ = std::async(std::launch::async, paint).share();
}

void Sky::emit(const Camera& camera, double seconds, DrawList& list) const {
  const Pictures& pictures = pictures_.get();
  list.push_back({.mesh = dome_mesh_, .texture = pictures.dome, .layer = Layer::sky, .haze = 0});
  DrawItem disc{
      .mesh = disc_mesh_, .texture = pictures.disc, .layer = Layer::sky, .haze = 0, .opacity = colors_.disc};
  if (disc.texture && colors_.moon) list.push_back(disc);
  list.push_back(
      {.mesh = cloud_mesh(camera, seconds), .texture = pictures.clouds, .layer = Layer::sky, .haze = 0});
  disc.blend = Blend::add;
  if (disc.texture && !colors_.moon) list.push_back(disc);
}

MeshPtr Sky::cloud_mesh(const Camera& camera, double seconds) const {
  // Rings about the viewer in a plane 130 m up: perspective and drift sell the depth of the sky.
  constexpr int kSectors = 40, kRings = 16;
  constexpr float kAltitude = 130, kTile = 1100, kFarthest = 2600;
  const auto drift = static_cast<float>(std::fmod(seconds * colors_.cloud_speed, static_cast<double>(kTile)));
  Mesh mesh;
  for (int ring = 0; ring <= kRings; ++ring) {
    const float t = static_cast<float>(ring) / kRings, radius = kFarthest * t * t * t;
    for (int sector = 0; sector <= kSectors; ++sector) {
      const float azimuth = 2 * kPi * static_cast<float>(sector) / kSectors;
      const Vec3 away = {std::sin(azimuth) * radius, kAltitude, std::cos(azimuth) * radius};
      const float toward_sun = std::max(0.0f, dot(normalized(away), colors_.sun_direction));
      const float bright = 1 + 0.5f * colors_.glow * toward_sun * toward_sun * toward_sun;
      mesh.vertices.push_back({{camera.position.x + away.x, kAltitude, camera.position.z + away.z},
                               (camera.position.x + away.x + drift) / kTile,
                               -(camera.position.z + away.z) / kTile,
                               {bright, bright, bright},
                               1 - smoothstep(0.45f, 1.0f, radius / kFarthest)});
    }
  }
  for (uint32_t ring = 0; ring < kRings; ++ring) {
    for (uint32_t sector = 0; sector < kSectors; ++sector) {
      const uint32_t a = ring * (kSectors + 1) + sector, b = a + kSectors + 1;
      mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
    }
  }
  return std::make_shared<const Mesh>(std::move(mesh));
}

}  // namespace troupe::stage::paint
