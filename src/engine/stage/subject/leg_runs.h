// Which pixels of each row belong to which leg.
#pragma once

#include <vector>

#include "engine/stage/subject/rig.h"
#include "engine/stage/subject/silhouette.h"

namespace troupe::stage {

struct LegRuns {
  int top = 0;                         ///< row of the crotch
  std::vector<std::vector<Run>> legs;  ///< [leg][row - top], empty runs where a leg has no pixels
  bool four = false;                   ///< of an animal seen from the side
  float apart = 0;                     ///< share of rows in which the legs are runs of their own
};

/// Index of the leg that an opaque pixel below the crotch belongs to, or -1. What lies close beside a leg,
/// everything at the feet, and everything between the legs of an animal is part of the nearest one.
int leg_of(const LegRuns& runs, int x, int y, int height);

/// Follows every leg from its foot up to the crotch, a row's own run at a time: hands, bags and coat tails
/// beside a leg are not part of it. REQUIRES a rig with legs.
LegRuns find_leg_runs(const Silhouette& shape, const Rig& rig);

}  // namespace troupe::stage
