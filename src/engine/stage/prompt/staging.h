// From what is said of an actor to what a subject does on screen.
#pragma once

#include <vector>

#include "engine/stage/plan.h"
#include "engine/stage/prompt/camera_words.h"
#include "engine/stage/prompt/cast.h"

namespace troupe::stage::prompt {

struct StagedCast {
  std::vector<SubjectPlan> subjects;         ///< as cast.actors
  std::vector<std::vector<Action>> dropped;  ///< by subject: actions that a shot has no time for
};

/// Paths, sides, places and beats of every actor. Beats cover 0 … 1, two at most.
StagedCast stage_cast(const Cast& cast, const CameraChoice& camera, const CastMemory& memory);

/// Part `part` of `parts` of what a cast does, in order: for a shot that is shown in several sizes.
Cast slice_cast(const Cast& cast, int part, int parts);

/// True for moves that keep up with a subject.
bool is_tracking(CameraMove move);

/// True for actions that take a subject somewhere.
bool is_travelling(Action action);

}  // namespace troupe::stage::prompt
