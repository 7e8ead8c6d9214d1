// Sweets that stand about in a candy land.
#pragma once

#include "engine/stage/scene/paint/cards.h"

namespace troupe::stage {

/// Two lollipops and a heap of gum drops.
std::vector<paint::CardKind> paint_sweets(float detail, const paint::Atmosphere& air, uint64_t seed);

}  // namespace troupe::stage
