#include "engine/stage/subject/mesh_grid.h"

#include <algorithm>
#include <cmath>

namespace troupe::stage {
namespace {

constexpr uint8_t kVisible = 6;

/// Which cell every pixel lies in.
std::vector<int> cells_of(const std::vector<float>& lines, int pixels) {
  std::vector<int> cells(static_cast<size_t>(pixels));
  int cell = 0;
  const int last = static_cast<int>(lines.size()) - 2;
  for (int p = 0; p < pixels; ++p) {
    while (cell < last && static_cast<float>(p) + 0.5f >= lines[static_cast<size_t>(cell) + 1]) ++cell;
    cells[static_cast<size_t>(p)] = cell;
  }
  return cells;
}

std::vector<bool> used_cells(const Mask& coverage, const GridLines& lines) {
  const std::vector<int> column = cells_of(lines.columns, coverage.width),
                         row = cells_of(lines.rows, coverage.height);
  const size_t width = lines.columns.size() - 1;
  std::vector<bool> used(width * (lines.rows.size() - 1));
  for (int y = 0; y < coverage.height; ++y)
    for (int x = 0; x < coverage.width; ++x) {
      if (coverage.at(x, y) < kVisible) continue;
      // Neighbours too: bilinear sampling reaches half a pixel past the last visible one.
      for (int dy = -1; dy <= 1; dy += 2)
        for (int dx = -1; dx <= 1; dx += 2) {
          const auto cx =
              static_cast<size_t>(column[static_cast<size_t>(std::clamp(x + dx, 0, coverage.width - 1))]);
          const auto cy =
              static_cast<size_t>(row[static_cast<size_t>(std::clamp(y + dy, 0, coverage.height - 1))]);
          used[cy * width + cx] = true;
        }
    }
  return used;
}

}  // namespace

std::vector<float> even_lines(float begin, float end, int cells) {
  std::vector<float> lines;
  for (int i = 0; i <= cells; ++i)
    lines.push_back(begin + (end - begin) * static_cast<float>(i) / static_cast<float>(std::max(1, cells)));
  return lines;
}

void refine(std::vector<float>& lines, float begin, float end, int cells) {
  const float low = lines.front(), high = lines.back();
  for (const float line : even_lines(begin, end, cells))
    if (line > low && line < high) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  // Every cell must hold pixel centres, or it would be taken for an empty one.
  std::vector<float> kept = {lines.front()};
  for (const float line : lines)
    if (line - kept.back() > 2.0f) kept.push_back(line);
  if (kept.back() < high) kept.back() = high;
  lines = std::move(kept);
}

void fill_grid(LayerShape& layer, const Mask& coverage, const GridLines& lines, float origin_x,
               float ground_y, float scale) {
  const std::vector<bool> used = used_cells(coverage, lines);
  const size_t columns = lines.columns.size(), width = columns - 1;
  std::vector<int> index(columns * lines.rows.size(), -1);
  const auto vertex = [&](size_t column, size_t row) {
    int& slot = index[row * columns + column];
    if (slot < 0) {
      slot = static_cast<int>(layer.vertices.size());
      const float x = lines.columns[column], y = lines.rows[row];
      layer.vertices.push_back({{(x - origin_x) * scale, (ground_y - y) * scale},
                                x / static_cast<float>(coverage.width),
                                y / static_cast<float>(coverage.height)});
    }
    return static_cast<uint32_t>(slot);
  };
  for (size_t row = 0; row + 1 < lines.rows.size(); ++row)
    for (size_t column = 0; column < width; ++column) {
      if (!used[row * width + column]) continue;
      const uint32_t a = vertex(column, row), b = vertex(column + 1, row), c = vertex(column, row + 1),
                     d = vertex(column + 1, row + 1);
      layer.indices.insert(layer.indices.end(), {a, b, c, b, d, c});
    }
}

}  // namespace troupe::stage
