// Other references under the same prompt.
#pragma once

#include <optional>
#include <vector>

#include "api/native/carrying.h"

namespace troupe::api::native {

/// Puts `next[i]` in place of each reference i, or drops it where that is none, and keeps every tag's
/// meaning: the user's own spelling where it still binds to the same reference, else "@name"; a dropped
/// reference's tags become plain words. REQUIRES as many entries as there are references.
void replace_references(Carrying& carrying, const std::vector<std::optional<Reference>>& next);

}  // namespace troupe::api::native
