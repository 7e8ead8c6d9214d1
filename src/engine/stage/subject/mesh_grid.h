// A grid over the visible part of a layer.
#pragma once

#include "engine/stage/subject/body_shape.h"

namespace troupe::stage {

/// Lines of a grid in pixels, rising.
struct GridLines {
  std::vector<float> columns, rows;
};

/// Even cells over [begin, end), with the ends themselves as lines.
std::vector<float> even_lines(float begin, float end, int cells);
/// Adds `cells` even cells between two places inside the lines.
void refine(std::vector<float>& lines, float begin, float end, int cells);

/// Fills a layer's vertices and indices with the cells that hold visible pixels. `coverage`: alpha times
/// weight over the layer's crop. `origin_x`, `ground_y`: pixels of the crop where x = 0 and y = 0; `scale`:
/// metres a pixel.
void fill_grid(LayerShape& layer, const Mask& coverage, const GridLines& lines, float origin_x,
               float ground_y, float scale);

}  // namespace troupe::stage
