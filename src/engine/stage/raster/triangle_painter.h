// Screen triangles to pixels. Private to raster/.
#pragma once

#include <span>

#include "engine/stage/raster/coverage.h"
#include "engine/stage/raster/triangle.h"

namespace troupe::stage {

/// The pixels of row `y` whose centres lie in the triangle, in a target `width` pixels wide. Two triangles
/// that share an edge leave neither gap nor overlap.
PixelRun run_of(const ScreenTriangle& triangle, int y, int width);

/// Draws the triangle where `runs` say, which are parts of its own. Rows are the target's.
void paint_runs(const ScreenTriangle& triangle, std::span<const PixelRun> runs, Rgb haze_color,
                RenderTarget& target);

}  // namespace troupe::stage
