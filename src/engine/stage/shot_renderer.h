// One shot from plan to pictures.
#pragma once

#include <memory>
#include <vector>

#include "base/task_queue.h"
#include "engine/stage/plan.h"
#include "engine/stage/raster/rasterizer.h"
#include "engine/stage/scene/scene.h"
#include "engine/stage/sound/sound.h"
#include "engine/stage/staging/shot_staging.h"
#include "engine/stage/subject/puppet.h"

namespace troupe::stage {

/// A spoken line of a shot: whose mouth moves.
struct ActorSpeech {
  int actor = -1;       ///< index into ShotPlan::subjects
  SpokenLine line;      ///< its time is on the shot's clock
  bool audible = true;  ///< false: only the mouth moves
};

struct ShotInput {
  ShotPlan plan;
  std::vector<std::shared_ptr<const Puppet>> puppets;  ///< one for each of the plan's subjects
  std::shared_ptr<const Scene> scene;
  std::vector<ActorSpeech> speech;
  FrameSize size;
  FrameRate rate;
  uint64_t seed = 0;
  Anchor anchor = Anchor::free;
};

/// Draws any frame of a shot; subjects are lit once, when it is made (0.1 … 0.5 s).
/// Thread-safety: draw() may be called by one thread at a time.
class ShotRenderer {
 public:
  ShotRenderer(ShotInput input, TaskQueue& queue);
  ~ShotRenderer();

  const ShotStaging& staging() const;
  const SceneLook& look() const;

  /// The picture at `seconds` of the shot (past its end the move stands still), before the finish. `amount` 0
  /// … 1 ramps in weather after an exact first frame.
  void draw(double seconds, float amount, RenderTarget& target) const;

  /// When feet touch the ground, on the shot's clock, in order.
  std::vector<Footstep> footsteps() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace troupe::stage
