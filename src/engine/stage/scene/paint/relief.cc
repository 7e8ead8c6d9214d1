#include "engine/stage/scene/paint/relief.h"

#include <algorithm>

namespace troupe::stage::paint {

Field lambert(const Field& height, const Relief& relief) {
  Field out(height.width, height.height);
  const Vec3 light = normalized(relief.to_light);
  for (int y = 0; y < height.height; ++y) {
    const int up = y == 0 ? height.height - 1 : y - 1, down = y + 1 == height.height ? 0 : y + 1;
    for (int x = 0; x < height.width; ++x) {
      const int left = x == 0 ? height.width - 1 : x - 1, right = x + 1 == height.width ? 0 : x + 1;
      const float slope_x = (height.at(right, y) - height.at(left, y)) * 0.5f * relief.height;
      const float slope_y = (height.at(x, up) - height.at(x, down)) * 0.5f * relief.height;
      out.at(x, y) = clamp01(dot(normalized({-slope_x, -slope_y, 1}), light));
    }
  }
  return out;
}

Field openness(const Field& height, const Relief& relief) {
  const Field fine = blurred(height, relief.fine), coarse = blurred(height, relief.coarse);
  Field out(height.width, height.height);
  for (size_t i = 0; i < out.values.size(); ++i) {
    const float h = height.values[i];
    const float hollow = (fine.values[i] - h) * 2.0f + (coarse.values[i] - h) * 1.4f;
    out.values[i] = std::clamp(0.75f - relief.occlusion * hollow, 0.08f, 1.0f);
  }
  return out;
}

Canvas bake(const Field& height, const Relief& relief, const Atmosphere& air,
            const std::function<Rgb(float u, float v, float height)>& albedo) {
  const Field direct = lambert(height, relief), open = openness(height, relief);
  Canvas canvas(height.width, height.height, true);
  canvas.fill([&](float u, float v) {
    const int x = std::min(static_cast<int>(u * static_cast<float>(height.width)), height.width - 1);
    const int y = std::min(static_cast<int>(v * static_cast<float>(height.height)), height.height - 1);
    const float sky = open.at(x, y);
    return Stop{0, air.lit(albedo(u, v, height.at(x, y)), direct.at(x, y) * std::min(1.0f, sky * 1.5f), sky)};
  });
  return canvas;
}

}  // namespace troupe::stage::paint
