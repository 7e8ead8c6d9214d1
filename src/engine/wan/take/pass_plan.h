// A take cut into passes of the model: each is one continuous video of a length that the model can make.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/wan/pipeline/denoiser.h"
#include "engine/wan/wan_engine.h"

namespace troupe::engine::wan {

/// How many frames of what was there a pass goes on from, for a model that makes so many at once: a quarter,
/// 1 + 4 n, at most kFramesBefore.
int64_t frames_before(int64_t frames_max);

struct Pass {
  size_t shot = 0;
  int64_t frames = 1;  ///< that the model makes: 4 n + 1
  int64_t given = 0;   ///< frames in front that are there already and are not shown again
  int64_t shown =
      1;  ///< frames behind them that become part of the video; what the model makes more is dropped
  bool goes_on = false;     ///< `given` are the last frames that were shown; else of the request
  bool last_frame = false;  ///< ends on the request's last frame
  uint64_t seed = 0;
  bool operator==(const Pass&) const = default;
};

/// The passes of a request, in order. `frames_max`: the most that the model makes at once, 4 n + 1. Errors:
/// invalid_argument with the field: a shot that is too long and can't be gone on with ("/shots/1/duration" or
/// "/duration"), a clip to extend ("/extend") for a family that can't.
Result<std::vector<Pass>> plan_passes(Family family, const RenderRequest& request, int64_t frames_max);

}  // namespace troupe::engine::wan
