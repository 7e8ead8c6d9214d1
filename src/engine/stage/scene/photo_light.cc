#include <algorithm>
#include <array>
#include <cmath>

#include "engine/stage/scene/photo_stage.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

struct Sums {
  Rgb color = {0, 0, 0};
  float count = 0;
  void add(const uint8_t* p) {
    color = color + Rgb{static_cast<float>(p[0]), static_cast<float>(p[1]), static_cast<float>(p[2])};
    ++count;
  }
  Rgb mean() const { return count > 0 ? color * (1 / (255 * count)) : Rgb{0.5f, 0.5f, 0.5f}; }
};

float luma(Rgb c) { return 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z; }

// A colour of luma 1, moved towards white by 1 - share: pictures are of coloured things, too, so only a part
// of their cast is the light's.
Rgb cast_of(Rgb mean, float share) {
  const float l = std::max(0.02f, luma(mean));
  const Rgb full = mean * (1 / l);
  const Rgb kept = mix(Rgb{1, 1, 1}, full, share);
  const auto bounded = [](float v) { return std::clamp(v, 0.62f, 1.45f); };
  return {bounded(kept.x), bounded(kept.y), bounded(kept.z)};
}

}  // namespace

LightRig light_of_picture(const Image& picture, float horizon) {
  const Image small = image::resize(picture, 64, 48);
  Sums all, left, right, seam;
  std::vector<std::pair<float, const uint8_t*>> by_luma;
  for (int y = 0; y < small.height; ++y) {
    const float row = (static_cast<float>(y) + 0.5f) / static_cast<float>(small.height);
    for (int x = 0; x < small.width; ++x) {
      const uint8_t* p = small.at(x, y);
      all.add(p);
      if (row < horizon + 0.1f) (x < small.width / 2 ? left : right).add(p);
      if (std::abs(row - horizon) < 0.05f) seam.add(p);
      by_luma.emplace_back(luma({float(p[0]), float(p[1]), float(p[2])}), p);
    }
  }
  const size_t top = by_luma.size() / 12;
  std::nth_element(by_luma.begin(), by_luma.begin() + static_cast<ptrdiff_t>(by_luma.size() - top),
                   by_luma.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  Sums bright;
  for (size_t i = by_luma.size() - top; i < by_luma.size(); ++i) bright.add(by_luma[i].second);

  LightRig light;
  const float level = luma(all.mean());
  light.gain = cast_of(all.mean(), 0.45f);
  light.exposure = std::clamp(0.5f + 0.95f * level, 0.5f, 1.02f);
  const float lean = luma(left.mean()) - luma(right.mean());
  light.key_direction = normalized({-std::clamp(lean * 6, -0.8f, 0.8f), 0.6f, -0.4f});
  light.key_color = cast_of(bright.mean(), 0.6f);
  light.key = std::clamp(0.35f + std::abs(lean) * 2, 0.35f, 0.75f);
  // What is bright behind a subject rims it.
  light.rim_color = cast_of(bright.mean(), 0.8f);
  light.rim = std::clamp(0.15f + 1.2f * (luma(bright.mean()) - level), 0.15f, 0.8f);
  light.haze_color = seam.mean();
  light.haze_density = 0.006f;
  light.black_lift = 0.03f;
  light.shadow = std::clamp(0.25f + 0.5f * level, 0.25f, 0.55f);
  light.saturation = 0.92f;
  light.luminance_cap = std::clamp(150 + 130 * level, 150.0f, 235.0f);
  return light;
}

}  // namespace troupe::stage
