// Weather in front of the lens: rain, snow, leaves, dust. Screen space, seeded, cost by count.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/stage/raster/rasterizer.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage {

/// Draws `particles` over a finished picture. A pure function of its arguments: the same moment looks the
/// same whatever was drawn before. `amount` 0 … 1 thins everything (ramping in after an exact first frame).
/// The camera's turn carries the flakes along, so that weather stays in the world when the view pans.
void draw_particles(const std::vector<Particles>& particles, double seconds, const Camera& camera,
                    uint64_t seed, float amount, RenderTarget& target);

}  // namespace troupe::stage
