// A back for a subject of which only the front is known.
#pragma once

#include <optional>

#include "core/image.h"
#include "engine/stage/subject/rig.h"

namespace troupe::stage {

/// The mirrored picture with the head repainted in strands of its own hair colour (sampled over the face;
/// where that is skin, from the darkest part of the head's edge) and, under short hair, a nape in the colour
/// of the skin. `picture`: the tight box with its rim of kRim pixels; `face` in it. Below the neck nothing
/// but the mirroring changes; without a head nothing else does at all.
Image make_rear_view(const Image& picture, const Rig& rig, const std::optional<image::Rect>& face);

}  // namespace troupe::stage
