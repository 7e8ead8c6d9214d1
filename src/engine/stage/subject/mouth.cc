#include "engine/stage/subject/mouth.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace troupe::stage {

float find_lips(const Image& picture, const image::Rect& face) {
  const int x0 = std::clamp(face.x + face.width * 36 / 100, 0, picture.width - 1);
  const int x1 = std::clamp(face.x + face.width * 64 / 100, x0 + 1, picture.width);
  const int y0 = std::clamp(face.y + face.height * 66 / 100, 0, picture.height - 1);
  const int y1 = std::clamp(face.y + face.height * 90 / 100, y0 + 1, picture.height);
  std::vector<float> dark;
  for (int y = y0; y < y1; ++y) {
    float sum = 0;
    for (int x = x0; x < x1; ++x) {
      const uint8_t* p = picture.at(x, y);
      sum += 0.30f * p[0] + 0.59f * p[1] + 0.11f * p[2];
    }
    dark.push_back(-sum / static_cast<float>(x1 - x0));
  }
  // A band is dark against the rows a twentieth of the face above and below it: shadows under chin and nose
  // are not.
  const int reach = std::max(1, face.height / 20), rows = static_cast<int>(dark.size());
  const auto at = [&](int i) { return dark[static_cast<size_t>(std::clamp(i, 0, rows - 1))]; };
  float best = 0, where = static_cast<float>(face.y) + 0.78f * static_cast<float>(face.height);
  for (int i = 0; i < rows; ++i) {
    const float contrast = at(i) - 0.5f * (at(i - reach) + at(i + reach));
    const float share = static_cast<float>(i) / static_cast<float>(rows);
    const float likely = contrast * (1 - 0.35f * std::abs(2 * share - 0.9f));
    if (likely <= best) continue;
    best = likely;
    where = static_cast<float>(y0 + i) + 0.5f;
  }
  return where;
}

TexturePtr mouth_texture(Rgb tint) {
  constexpr int kWidth = 96, kHeight = 48;
  Image lens(kWidth, kHeight);
  const auto byte = [](float v) { return static_cast<uint8_t>(std::lround(255 * clamp01(v))); };
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      const float u = (static_cast<float>(x) + 0.5f) / kWidth * 2 - 1,
                  v = (static_cast<float>(y) + 0.5f) / kHeight * 2 - 1;
      const float open = std::pow(std::max(0.0f, 1 - u * u), 0.62f);  // half the lens' height at u
      const float inside = open > 0 ? 1 - smoothstep(0.55f, 0.98f, std::abs(v) / open) : 0;
      const float tongue = smoothstep(0.0f, 0.8f, v) * (1 - u * u);
      const Rgb c = Rgb{0.13f + 0.22f * tongue, 0.05f + 0.07f * tongue, 0.06f + 0.07f * tongue} * tint;
      uint8_t* p = lens.at(x, y);
      p[0] = byte(c.x);
      p[1] = byte(c.y);
      p[2] = byte(c.z);
      p[3] = byte(0.93f * inside);
    }
  return Texture::make(lens);
}

}  // namespace troupe::stage
