// What each reference is for: a subject, the place, or a style.
#pragma once

#include <span>
#include <vector>

#include "core/generation_spec.h"
#include "engine/stage/plan.h"
#include "engine/stage/prompt/reading.h"

namespace troupe::stage::prompt {

struct RoleChoice {
  std::vector<Role> roles;    ///< by reference
  std::vector<bool> guessed;  ///< by reference: neither its kind nor the prompt says it
};

/// An element is a subject and a scene is a place, always. Of a flat image the words around its mentions
/// decide; where they leave it open, the picture does; where that does too, the first flat image is a
/// subject, and the last one the place unless the prompt names a place or another reference is one.
/// `readings` are scanned, not yet read(). `hints` may be shorter than `references`.
RoleChoice choose_roles(const std::vector<Reference>& references, std::span<const Reading> readings,
                        std::span<const PictureHints> hints, const Vocabulary& vocabulary);

}  // namespace troupe::stage::prompt
