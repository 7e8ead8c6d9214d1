// Where one bound shot becomes several: "cut to", and multi-shot requests with one prompt.
#pragma once

#include <cstdint>
#include <vector>

#include "core/media_time.h"
#include "engine/engine.h"
#include "engine/stage/prompt/vocabulary.h"
#include "engine/stage/prompt/words.h"

namespace troupe::stage::prompt {

/// A stretch of prompt with its share of the frames.
struct Segment {
  std::vector<Token> tokens;
  std::vector<int64_t> frames;  ///< of the plan's shots made from it: one, or several of falling size
};

/// Splits every bound shot of the request. The frames of each bound shot's segments add up to its own
/// exactly; every entry is at least 1. Cuts that would leave less than half a second are not made.
std::vector<Segment> split_request(const engine::RenderRequest& request, const Vocabulary& vocabulary);

/// `frames` in `parts` near-equal parts, each at least 1. REQUIRES 1 <= parts <= frames.
std::vector<int64_t> share_frames(int64_t frames, int64_t parts);

}  // namespace troupe::stage::prompt
