#include "engine/stage/subject/relight.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/ops.h"

namespace troupe::stage {
namespace {

constexpr float kInflation = 0.05f;  // of the height: radius of the rounded edge
constexpr float kRimWidth = 0.018f, kWrapWidth = 0.014f;

struct Plane {
  Plane(int w, int h) : width(w), height(h), values(static_cast<size_t>(w) * static_cast<size_t>(h)) {}
  float at(int x, int y) const {
    return values[static_cast<size_t>(std::clamp(y, 0, height - 1)) * static_cast<size_t>(width) +
                  static_cast<size_t>(std::clamp(x, 0, width - 1))];
  }
  int width, height;
  std::vector<float> values;
};

/// One pass of a box filter along rows (step 1) or columns (step = width); edges are replicated.
void box_pass(const float* from, float* to, int count, size_t step, int radius) {
  const auto at = [&](int i) { return from[static_cast<size_t>(std::clamp(i, 0, count - 1)) * step]; };
  float sum = 0;
  for (int i = -radius; i <= radius; ++i) sum += at(i);
  const float share = 1.0f / static_cast<float>(2 * radius + 1);
  for (int i = 0; i < count; ++i) {
    to[static_cast<size_t>(i) * step] = sum * share;
    sum += at(i + radius + 1) - at(i - radius);
  }
}

/// Two boxes each way: near enough to a Gaussian for a relief.
void smooth(Plane& plane, int radius) {
  if (radius < 1) return;
  std::vector<float> other(plane.values.size());
  const auto width = static_cast<size_t>(plane.width);
  for (int round = 0; round < 2; ++round) {
    for (int y = 0; y < plane.height; ++y)
      box_pass(&plane.values[static_cast<size_t>(y) * width], &other[static_cast<size_t>(y) * width],
               plane.width, 1, radius);
    for (size_t x = 0; x < width; ++x) box_pass(&other[x], &plane.values[x], plane.height, width, radius);
  }
}

float luma(Rgb c) { return 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z; }

Rgb color_at(const Image& picture, size_t pixel) {
  const uint8_t* p = &picture.rgba[4 * pixel];
  return Rgb{static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2])} * (1 / 255.0f);
}

std::vector<float> depth_inside(const Image& picture) {
  Mask mask(picture.width, picture.height);
  for (size_t i = 0; i < mask.values.size(); ++i) mask.values[i] = picture.rgba[4 * i + 3];
  return image::distance_inside(mask);
}

/// Height over the picture's plane in pixels: a pillow over the outline, plus the luma's relief.
Plane make_relief(const Image& picture, const std::vector<float>& depth, float size) {
  Plane relief(picture.width, picture.height), bumps(picture.width, picture.height);
  const float radius = std::max(2.0f, kInflation * size);
  for (size_t i = 0; i < depth.size(); ++i) {
    const float in = 1 - std::min(1.0f, depth[i] / radius);
    relief.values[i] = radius * std::sqrt(std::max(0.0f, 1 - in * in));
    bumps.values[i] = depth[i] > 0 ? luma(color_at(picture, i)) : 0.5f;
  }
  smooth(relief, std::max(1, static_cast<int>(0.006f * size)));
  smooth(bumps, std::max(1, static_cast<int>(0.004f * size)));
  for (size_t i = 0; i < depth.size(); ++i)
    relief.values[i] += 0.012f * size * bumps.values[i] * std::min(1.0f, depth[i] / radius);
  return relief;
}

/// Everything of the rig that does not change from pixel to pixel.
struct Lamps {
  Lamps(const LightRig& rig, const RelightOptions& options) : look(rig) {
    const float side = options.flip ? -1.0f : 1.0f;
    key = normalized({rig.key_direction.x * side, rig.key_direction.y, rig.key_direction.z});
    Vec3 from = rig.rim_direction.value_or(Vec3{-rig.key_direction.x, 0.6f, -rig.key_direction.z});
    from.x *= side;
    const float across = std::sqrt(from.x * from.x + from.y * from.y);
    rim = across > 1e-4f ? Vec3{from.x / across, from.y / across, 0} : Vec3{0, 1, 0};
    rim_width = std::clamp(kRimWidth * options.subject_pixels, 1.2f, std::max(1.2f, options.rim_pixels_max));
    wrap_width = std::max(1.5f, kWrapWidth * options.subject_pixels);
  }
  const LightRig& look;
  Vec3 key, rim;
  float rim_width, wrap_width;
};

Rgb graded(Rgb c, const LightRig& look) {
  c = c * look.gain * look.exposure;
  const float grey = luma(c);
  c = Rgb{grey, grey, grey} + (c - Rgb{grey, grey, grey}) * look.saturation;
  const float pivot = 0.42f * std::max(0.1f, look.exposure);
  return Rgb{pivot, pivot, pivot} + (c - Rgb{pivot, pivot, pivot}) * look.contrast;
}

Rgb lit(Rgb c, const Lamps& light, Vec3 normal, float depth) {
  const LightRig& look = light.look;
  c = graded(c, look);
  const float lambert = std::max(0.0f, dot(normal, light.key));
  const Rgb shade = Rgb{0.62f, 0.62f, 0.62f} + look.key_color * (0.62f * lambert);
  c = c * mix(Rgb{1, 1, 1}, shade, clamp01(look.key));
  const float wrap = 0.2f * (1 - smoothstep(0, light.wrap_width, depth));
  c = mix(c, look.haze_color, wrap * std::min(1.0f, 0.35f + 0.5f * luma(look.haze_color)));
  // The rim sits where the outline turns away towards the light behind.
  const float facing = normal.x * light.rim.x + normal.y * light.rim.y;
  const float edge = 1 - smoothstep(0.25f * light.rim_width, light.rim_width, depth);
  const float amount = look.rim * edge * smoothstep(0.05f, 0.75f, facing);
  const float carried = 0.35f + 0.65f * std::min(1.0f, luma(c) * 1.6f);  // black cloth shines less than skin
  c = c + look.rim_color * (0.62f * amount * carried);
  const float lift = look.black_lift;
  return c + (look.haze_color - c) * (lift * (1 - std::min(1.0f, std::max(0.0f, luma(c)))));
}

/// Compresses what lies over the knee so that the 95th percentile of luma comes to the cap at most.
void cap_highlights(std::vector<Rgb>& colors, const Image& picture, float cap) {
  std::array<int, 1024> histogram{};
  const auto bin = [](float y) { return static_cast<size_t>(std::clamp(y * 511.5f, 0.0f, 1023.0f)); };
  int count = 0;
  for (size_t i = 0; i < colors.size(); ++i) {
    if (picture.rgba[4 * i + 3] < 128) continue;
    ++histogram[bin(luma(colors[i]))];
    ++count;
  }
  int below = 0;
  size_t at = 0;
  while (at + 1 < histogram.size() && (below += histogram[at]) * 20 < count * 19) ++at;
  const float p95 = static_cast<float>(at + 1) / 511.5f,
              limit = std::clamp(cap, 1.0f, 255.0f) / 255.0f - 0.004f;
  if (count == 0 || p95 <= limit) return;
  const float knee = 0.55f * limit, slope = (limit - knee) / (p95 - knee);
  for (Rgb& c : colors) {
    const float y = luma(c);
    if (y > knee) c = c * ((knee + (y - knee) * slope) / y);
  }
}

}  // namespace

Image relight(const Image& picture, const LightRig& rig, const RelightOptions& options) {
  const Lamps light(rig, options);
  const std::vector<float> depth = depth_inside(picture);
  const Plane relief = make_relief(picture, depth, options.subject_pixels);
  std::vector<Rgb> colors(depth.size());
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const size_t i = static_cast<size_t>(y) * static_cast<size_t>(picture.width) + static_cast<size_t>(x);
      if (picture.rgba[4 * i + 3] == 0) continue;
      const float slope_x = 0.5f * (relief.at(x + 1, y) - relief.at(x - 1, y));
      const float slope_y = 0.5f * (relief.at(x, y + 1) - relief.at(x, y - 1));
      colors[i] = lit(color_at(picture, i), light, normalized({-slope_x, slope_y, -1}), depth[i]);
    }
  cap_highlights(colors, picture, rig.luminance_cap);
  Image result = picture;
  const auto byte = [](float v) { return static_cast<uint8_t>(std::lround(255 * clamp01(v))); };
  for (size_t i = 0; i < colors.size(); ++i) {
    if (result.rgba[4 * i + 3] == 0) continue;
    result.rgba[4 * i] = byte(colors[i].x);
    result.rgba[4 * i + 1] = byte(colors[i].y);
    result.rgba[4 * i + 2] = byte(colors[i].z);
  }
  return result;
}

}  // namespace troupe::stage
