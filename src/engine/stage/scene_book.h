// Which place each shot plays in, painted once and kept for the shots that share it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/engine.h"
#include "engine/stage/plan.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage {

/// Paints or folds the scenes of one request. Thread-safety: one call at a time.
class SceneBook {
 public:
  explicit SceneBook(const engine::RenderRequest& request) : request_(request) {}

  /// The scene of `shot`: the picture it names as its place, or a painter's. `tallest` (metres) sets the
  /// scale of a picture's world. The last scene is kept and given again if the next shot asks for the same.
  std::shared_ptr<const Scene> scene_for(const ShotPlan& shot, float tallest);

  /// A scene folded from any picture (a first or last frame).
  std::shared_ptr<const Scene> scene_of(const Image& picture, const ShotPlan& shot, float tallest);

  /// Pictures whose horizon was only guessed so far.
  const std::vector<engine::Note>& notes() const { return notes_; }

 private:
  SceneRequest request_of(const ShotPlan& shot) const;

  const engine::RenderRequest& request_;
  std::shared_ptr<const Scene> last_;
  std::optional<ShotPlan> last_key_;
  std::vector<engine::Note> notes_;
};

}  // namespace troupe::stage
