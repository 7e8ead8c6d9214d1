// The request as JSON: what the native API, the command line and the job store read and write.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/generation_spec.h"

namespace troupe {

inline constexpr size_t kSpecJsonBytesMax = 1024 * 1024;
inline constexpr int kSpecJsonDepthMax = 16;
inline constexpr size_t kSpecErrorsMax = 64;  ///< violations reported before parse_spec() stops collecting

struct ParsedSpec {
  GenerationSpec spec;        ///< what could be read; complete only if errors is empty
  std::vector<Error> errors;  ///< all violations, each with its field as a JSON Pointer into the text
};

/// Reads one request. Fields, all optional:
///
///     model, prompt, negative_prompt   text
///     fallback_models                  [text], at most kFallbackModelsMax
///     shots                            [{prompt, duration}]
///     references                       [{kind, name, source, angles: [source], clip, box: [x, y, w, h]}]
///     elements                         [{name, frontal, angles, clip, box}]
///     scenes, images                   [source, or {name, source, box}]
///     first_frame, last_frame, extend  source: a path, "data:…", "https://…" or "upload:ID"
///     duration                         seconds: 5, 3.5, "5s"
///     aspect_ratio                     "16:9"
///     resolution                       "720p" or "1280x720"
///     fps                              24, 23.976 or "30000/1001"
///     audio                            true or false
///     seed                             0 … 2^53, as text any 64-bit number
///     count                            1 … kCountMax
///     shot_type                        "single" or "multi"
///
/// `elements`, `scenes` and `images` are put after `references`, in this order. A null field counts as
/// absent. Errors: corrupt_input (no JSON), over_limit (size, depth, list lengths), invalid_argument (wrong
/// type or value, a field given twice, an unknown field with the one that was probably meant). Tags are not
/// looked at: bind(). Any bytes may be given.
ParsedSpec parse_spec(std::string_view json, size_t size_bytes_max = kSpecJsonBytesMax);

/// The canonical JSON: one line, keys in the order of GenerationSpec, references as one list, nothing that
/// equals its default but the model. parse_spec(print_spec(s)) gives `s` back if `s` is valid (one that
/// parse_spec can return). Bytes that are no UTF-8 are replaced.
std::string print_spec(const GenerationSpec& spec);

/// Lower-case hex SHA-256 of print_spec(spec): equal for equal requests however they were written.
std::string spec_hash(const GenerationSpec& spec);

}  // namespace troupe
