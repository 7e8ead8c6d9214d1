#include "engine/stage/subject/plate.h"

#include <cmath>

#include "engine/stage/subject/mesh_grid.h"

namespace troupe::stage {
namespace {

constexpr int kBodyColumns = 26, kBodyRows = 44;

/// The smallest box of what a layer shows, with its rim.
image::Rect visible_box(const Plate& plate, const Mask& weights) {
  int x0 = weights.width, x1 = -1, y0 = weights.height, y1 = -1;
  for (int y = 0; y < weights.height; ++y)
    for (int x = 0; x < weights.width; ++x) {
      if (weights.at(x, y) == 0 || plate.alpha.at(x, y) == 0) continue;
      x0 = std::min(x0, x);
      x1 = std::max(x1, x);
      y0 = std::min(y0, y);
      y1 = std::max(y1, y);
    }
  if (x1 < 0) return {};
  x0 = std::max(0, x0 - kRim);
  y0 = std::max(0, y0 - kRim);
  x1 = std::min(weights.width, x1 + 1 + kRim);
  y1 = std::min(weights.height, y1 + 1 + kRim);
  return {x0, y0, x1 - x0, y1 - y0};
}

/// Lowest opaque pixels, one for each sixteenth of the layer's width, in metres.
std::vector<Vec2> find_soles(const Plate& plate, const LayerShape& layer) {
  constexpr int kPoints = 16;
  std::vector<Vec2> soles;
  for (int i = 0; i < kPoints; ++i) {
    const int from = layer.crop.width * i / kPoints,
              to = std::max(from + 1, layer.crop.width * (i + 1) / kPoints);
    int lowest = -1, at = from;
    for (int x = from; x < std::min(to, layer.crop.width); ++x)
      for (int y = layer.crop.height - 1; y > lowest; --y) {
        if (layer.weights.at(x, y) < 128 || plate.alpha.at(x + layer.crop.x, y + layer.crop.y) < 128)
          continue;
        lowest = y;
        at = x;
        break;
      }
    if (lowest < 0) continue;
    soles.push_back(plate.metres(static_cast<float>(at + layer.crop.x - kRim) + 0.5f,
                                 static_cast<float>(lowest + layer.crop.y - kRim) + 1.0f));
  }
  return soles;
}

/// About square cells over the picture as a whole, finer where lips and chin move.
GridLines grid_lines(const Plate& plate, const LayerShape& layer, const std::optional<image::Rect>& face) {
  const float cell_x = plate.width / kBodyColumns, cell_y = plate.height / kBodyRows;
  // A cell is two pixels wide at the least.
  const auto cells = [](int pixels, float cell, int least, int most) {
    const int wanted = static_cast<int>(std::lround(static_cast<float>(pixels) / std::max(1.0f, cell)));
    return std::clamp(std::clamp(wanted, least, most), 1, std::max(1, pixels / 2));
  };
  const int least = layer.part == Part::body ? 4 : 6;
  GridLines lines{even_lines(0, static_cast<float>(layer.crop.width),
                             cells(layer.crop.width, cell_x, least, kBodyColumns)),
                  even_lines(0, static_cast<float>(layer.crop.height),
                             cells(layer.crop.height, cell_y, least, kBodyRows))};
  if (face && layer.part == Part::body) {
    const auto fx = static_cast<float>(face->x - layer.crop.x),
               fy = static_cast<float>(face->y - layer.crop.y);
    const auto fw = static_cast<float>(face->width), fh = static_cast<float>(face->height);
    refine(lines.columns, fx + 0.1f * fw, fx + 0.9f * fw, 10);
    refine(lines.rows, fy + 0.62f * fh, fy + 1.3f * fh, 18);
  }
  return lines;
}

}  // namespace

void grow_into_soft_edges(const Plate& plate, Mask& weights) {
  for (int round = 0; round < 2; ++round) {
    const Mask before = weights;
    for (int y = 0; y < weights.height; ++y)
      for (int x = 0; x < weights.width; ++x) {
        const uint8_t alpha = plate.alpha.at(x, y);
        if (before.at(x, y) > 0 || alpha == 0 || alpha >= 128) continue;
        uint8_t most = 0;
        for (const auto& [dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, 1}}) {
          const int nx = std::clamp(x + dx, 0, weights.width - 1),
                    ny = std::clamp(y + dy, 0, weights.height - 1);
          most = std::max(most, before.at(nx, ny));
        }
        weights.at(x, y) = most;
      }
  }
}

bool finish_layer(const Plate& plate, const Draft& draft, const std::optional<image::Rect>& face,
                  LayerShape& layer) {
  layer.crop = visible_box(plate, draft.weights);
  if (layer.crop.width == 0) return false;
  layer.weights = Mask(layer.crop.width, layer.crop.height);
  Mask coverage = layer.weights;
  for (int y = 0; y < layer.crop.height; ++y)
    for (int x = 0; x < layer.crop.width; ++x) {
      const uint8_t weight = draft.weights.at(x + layer.crop.x, y + layer.crop.y);
      layer.weights.at(x, y) = weight;
      coverage.at(x, y) =
          static_cast<uint8_t>(weight * plate.alpha.at(x + layer.crop.x, y + layer.crop.y) / 255);
    }
  const GridLines lines = grid_lines(plate, layer, face);
  fill_grid(layer, coverage, lines, plate.origin + static_cast<float>(kRim - layer.crop.x),
            plate.height + static_cast<float>(kRim - layer.crop.y), plate.scale);
  if (layer.part != Part::arm) layer.soles = find_soles(plate, layer);
  return !layer.indices.empty();
}

}  // namespace troupe::stage
