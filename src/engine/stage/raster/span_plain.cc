#include <algorithm>
#include <cmath>

#include "engine/stage/raster/span.h"

namespace troupe::stage {
namespace {

int wrapped(int i, int size, bool repeat) { return repeat ? (i & (size - 1)) : std::clamp(i, 0, size - 1); }

struct Texel {
  float c[4];
};

Texel sample(const Texture::Level& level, float u, float v, const Span& span) {
  const float x = u * static_cast<float>(level.width) - 0.5f;
  const float y = v * static_cast<float>(level.height) - 0.5f;
  const float fx = std::floor(x), fy = std::floor(y);
  const int ix = static_cast<int>(fx), iy = static_cast<int>(fy);
  const auto at = [&](int px, int py) {
    const int wx = wrapped(px, level.width, span.repeat_u), wy = wrapped(py, level.height, span.repeat_v);
    return level.at(wx, wy);
  };
  const uint8_t *a = at(ix, iy), *b = at(ix + 1, iy), *c = at(ix, iy + 1), *d = at(ix + 1, iy + 1);
  Texel out;
  for (int k = 0; k < 4; ++k) {
    const float top = mix(static_cast<float>(a[k]), static_cast<float>(b[k]), x - fx);
    const float bottom = mix(static_cast<float>(c[k]), static_cast<float>(d[k]), x - fx);
    out.c[k] = mix(top, bottom, y - fy);
  }
  return out;
}

}  // namespace

void draw_span_plain(const Span& span) {
  const float haze_color[3] = {span.haze_color.x, span.haze_color.y, span.haze_color.z};
  for (int i = 0; i < span.count; ++i) {
    const auto t = static_cast<float>(i);
    const float u = span.u + span.du * t, v = span.v + span.dv * t;
    Texel texel = sample(*span.sharp, u, v, span);
    if (span.soft) {
      const Texel soft = sample(*span.soft, u, v, span);
      for (int k = 0; k < 4; ++k) texel.c[k] = mix(texel.c[k], soft.c[k], span.blend);
    }
    uint8_t* pixel = span.pixels + i * 4;
    const float alpha = span.add ? 0 : texel.c[3] * (span.opacity + span.opacity_step * t);
    const float keep = 1 - alpha / 255;
    for (int k = 0; k < 3; ++k) {
      float color = texel.c[k] * (span.light[k] + span.light_step[k] * t);
      if (!span.add) color += texel.c[3] * haze_color[k] * (span.haze + span.haze_step * t);
      pixel[k] = static_cast<uint8_t>(std::clamp(color + pixel[k] * keep + 0.5f, 0.0f, 255.0f));
    }
    pixel[3] = static_cast<uint8_t>(std::clamp(alpha + pixel[3] * keep + 0.5f, 0.0f, 255.0f));
  }
}

}  // namespace troupe::stage
