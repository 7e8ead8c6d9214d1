// The flags that describe a request, shared by generate, check and quote.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/generation_spec.h"

namespace CLI {
class App;
}

namespace troupe::cli {

/// The flags' raw texts, filled by CLI11.
struct SpecFlags {
  std::string spec_file;
  std::string model, prompt, negative_prompt;
  std::vector<std::string> fallback_models;
  std::vector<std::string> elements, scenes, images, shots, boxes;
  std::string first_frame, last_frame, extend;
  std::string duration, aspect_ratio, resolution, fps, seed, shot_type;
  bool audio = false, no_audio = false;
  int count = 0;
};

/// Registers the flags on a subcommand. `flags` outlives `command`.
void add_spec_flags(CLI::App& command, SpecFlags& flags);

/// The request that the flags say: --spec's file first, then every flag over it. A relative path inside the
/// file is taken from the file's folder.
struct SpecFromFlags {
  GenerationSpec spec;
  std::vector<Error> errors;  ///< all of them; a field is a flag's name ("--duration") or a JSON Pointer
};
SpecFromFlags spec_from_flags(const SpecFlags& flags);

/// What a person typed for a field of `spec`: "/references/1/source" is "--image lake.jpg". A field that no
/// flag stands for is returned as it is.
std::string flag_of(const GenerationSpec& spec, const std::string& field);

}  // namespace troupe::cli
