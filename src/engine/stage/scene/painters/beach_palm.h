// Palms for the beach.
#pragma once

#include "engine/stage/scene/paint/canvas.h"
#include "engine/stage/scene/paint/light_table.h"

namespace troupe::stage {

/// A palm on a leaning trunk, its foot in the middle of the lower edge; 2 : 3.
paint::Canvas paint_palm(int height, const paint::Atmosphere& air, uint64_t seed);

}  // namespace troupe::stage
