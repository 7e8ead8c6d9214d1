#include "engine/wan/take/pass_plan.h"

#include <algorithm>
#include <string>

namespace troupe::engine::wan {
namespace {

// Each pass has noise of its own; the first one has the seed that the user knows.
uint64_t seed_of(uint64_t seed, size_t pass) {
  if (pass == 0) return seed;
  uint64_t z = seed + 0x9e3779b97f4a7c15ULL * static_cast<uint64_t>(pass);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// The least that the model makes with so many frames in it.
int64_t rounded(int64_t frames) { return (frames + 2) / 4 * 4 + 1; }

Error too_long(const RenderRequest& request, size_t shot, int64_t frames_max) {
  const double seconds = static_cast<double>(frames_max - 1) / request.rate.per_second();
  std::string text = std::to_string(seconds);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  const bool several = request.spec.shots.size() > 1;
  return make_error(
      ErrorCode::invalid_argument,
      "a shot of this model takes at most " + text + " s: make it shorter, or several shots of it",
      several ? "/shots/" + std::to_string(shot) + "/duration" : "/duration");
}

}  // namespace

int64_t frames_before(int64_t frames_max) {
  return std::min<int64_t>(kFramesBefore - 1, (frames_max - 1) / 4) / 4 * 4 + 1;
}

Result<std::vector<Pass>> plan_passes(Family family, const RenderRequest& request, int64_t frames_max) {
  const bool can_go_on = family == Family::vace;
  if (!request.before.empty() && !can_go_on)
    return make_error(ErrorCode::invalid_argument, "this model can't go on with a clip; VACE models do",
                      "/extend");
  std::vector<Pass> passes;
  for (size_t shot = 0; shot < request.shot_frames.size(); ++shot) {
    int64_t left = request.shot_frames[shot];
    // The last frame of a clip is made again, and counted.
    const auto clip =
        std::min<int64_t>(static_cast<int64_t>(request.before.size()), frames_before(frames_max));
    const int64_t given = shot == 0 && clip > 0 ? clip - 1 : 0;
    if (given + left > frames_max && !can_go_on) return too_long(request, shot, frames_max);
    for (bool begins = true; left > 0; begins = false) {
      Pass pass;
      pass.shot = shot;
      pass.goes_on = !begins;
      pass.given = begins ? given : frames_before(frames_max);
      pass.shown = std::min(left, frames_max - pass.given);
      pass.frames = rounded(pass.given + pass.shown);
      pass.seed = seed_of(request.seed, passes.size());
      left -= pass.shown;
      passes.push_back(pass);
    }
  }
  if (request.last_frame && !passes.empty()) passes.back().last_frame = true;
  return passes;
}

}  // namespace troupe::engine::wan
