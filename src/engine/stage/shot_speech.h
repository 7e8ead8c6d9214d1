// What is said in a shot, by whom and when.
#pragma once

#include <vector>

#include "base/cancel.h"
#include "engine/stage/shot_renderer.h"

namespace troupe::stage {

/// The lines of a shot one after the other, spoken by espeak-ng where it is installed, else by silent
/// syllables of about the right length. Subjects who talk without a line get silent syllables in turns. Lines
/// that the shot has no time for are cut at its end. `notes`: what could not be said. Errors: cancelled.
Result<std::vector<ActorSpeech>> speech_of(const ShotPlan& plan, double seconds, const CancelToken& cancel,
                                           std::vector<engine::Note>& notes);

}  // namespace troupe::stage
