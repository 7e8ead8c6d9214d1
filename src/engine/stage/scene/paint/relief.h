// Painted stone, bark, snow and sand: a height field becomes a lit surface.
#pragma once

#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"
#include "engine/stage/scene/paint/noise.h"

namespace troupe::stage::paint {

struct Relief {
  float height = 12;                    ///< pixels that the field's 0 … 1 stands for: greater = steeper
  Vec3 to_light = {-0.5f, 0.6f, 0.6f};  ///< x right, y up the picture, z out of it; any length
  float fine = 3, coarse = 16;          ///< pixels, radii of the two occlusion scales
  float occlusion = 1;                  ///< darkness of hollows, 0 … 2
};

/// The share of direct light, 0 … 1, on each pixel of a surface with this (seamless) height.
Field lambert(const Field& height, const Relief& relief);
/// How open each pixel is to the sky, 0 … 1: 0.75 on the flat, less in hollows, more on crests, at two
/// scales.
Field openness(const Field& height, const Relief& relief);
/// The surface in the light of `air`. `albedo(u, v, height)` is its colour. Opaque; seamless if albedo is.
Canvas bake(const Field& height, const Relief& relief, const Atmosphere& air,
            const std::function<Rgb(float u, float v, float height)>& albedo);

}  // namespace troupe::stage::paint
