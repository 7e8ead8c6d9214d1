// A run of pixels of one row. Private to raster/.
#pragma once

#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage {

/// Pixels of one triangle in one row, short enough that everything in it is linear.
struct Span {
  const Texture::Level* sharp;  ///< mip level sampled
  const Texture::Level* soft;   ///< the next one, or null when `blend` is 0
  float blend;                  ///< share of `soft`, 0 … 1
  bool repeat_u, repeat_v;
  bool add;
  bool solid;          ///< texture and opacity hide whatever was there; not with `add`
  float u, v, du, dv;  ///< texture position of the first pixel's centre, and its step
  float light[3], light_step[3];
  float haze, haze_step;
  float opacity, opacity_step;
  Rgb haze_color;   ///< 0 … 1
  uint8_t* pixels;  ///< premultiplied RGBA8; 16 pixels past the end may be read and rewritten as they were
  int count;        ///< at least 1
};

/// Draws it with the widest vectors of this machine (AVX-512, AVX2, SSE4, NEON …).
void draw_span(const Span& span);
/// The same in plain C++, one pixel at a time: what the fast one is checked against.
void draw_span_plain(const Span& span);

}  // namespace troupe::stage
