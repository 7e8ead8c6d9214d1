// Requests and plans as short lines, for the tests of this folder.
#pragma once

#include <string>
#include <vector>

#include "engine/stage/prompt/planner.h"

namespace troupe::stage::prompt {

/// The built-in vocabulary, loaded once for the whole test program.
const Vocabulary& test_vocabulary();

/// References by letters: E element, S scene, I flat image; named element1, image1 … as users tag them.
std::vector<Reference> references_for_test(std::string_view kinds);

/// A request whose prompt is bound as the product binds it; five seconds at 24 a shot. Several prompts are
/// shots.
engine::RenderRequest request_for_test(std::string_view kinds, const std::vector<std::string>& prompts);

Plan plan_for_test(std::string_view kinds, const std::vector<std::string>& prompts);

/// One line: place, time, what was asked of camera and look, then each subject. A place that was not asked
/// for stands in brackets. "park day push_in | @element1 walk approach".
std::string describe(const ShotPlan& shot, const std::vector<Reference>& references);

/// The shots' lines, joined by newlines.
std::string describe(const Plan& plan, std::string_view kinds);

/// The codes of the notes in order, joined by spaces.
std::string codes(const Plan& plan);

/// The note of that code, or an empty one.
engine::Note note_of(const Plan& plan, std::string_view code);

}  // namespace troupe::stage::prompt
