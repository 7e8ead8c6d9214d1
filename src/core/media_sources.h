// Every picture and clip that a spec names.
#pragma once

#include <functional>
#include <string>

#include "core/generation_spec.h"

namespace troupe {

/// Calls `visit` for each source that is not empty, with its JSON Pointer into the spec
/// ("/references/0/angles/1", "/first_frame"), in the order of GenerationSpec.
void for_each_source(GenerationSpec& spec,
                     const std::function<void(MediaSource& source, const std::string& pointer)>& visit);

/// What follows "SCHEME:" in a source, where it has that scheme in whatever case; else "".
std::string_view source_rest(const MediaSource& source, std::string_view scheme);

}  // namespace troupe
