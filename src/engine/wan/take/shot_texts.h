// What a shot says to the model: its words, and which references it means.
#pragma once

#include <string>
#include <vector>

#include "core/generation_spec.h"
#include "core/tag.h"

namespace troupe::engine::wan {

struct ShotText {
  std::string prompt;  ///< tags written as the references' names: "the fox walks", for "the @fox walks"
  std::vector<int>
      references;  ///< indices into the spec's, each once, in the order in which the model gets them
};

/// One for each shot. A shot means the references that it mentions, in that order, then those that no shot
/// mentions at all. One that mentions none goes on with those of the shot before it.
std::vector<ShotText> shot_texts(const BoundPrompt& prompt, const std::vector<Reference>& references);

}  // namespace troupe::engine::wan
