// Tags: how a prompt mentions a reference. One canonical form, "@name"; every vendor's spelling is read and
// can be written back. docs: facts of each spelling are in docs/tags.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/generation_spec.h"

namespace troupe {

/// A vendor's way of writing a tag.
enum class TagSpelling {
  canonical,     ///< @fox                       by name
  kling,         ///< @Element1, @Image1         by number within the kind
  spaced,        ///< @Image 1                   all references together
  character,     ///< character1                 all references together, in order
  wan27,         ///< Image 1, Video 1           per kind of medium
  kling_native,  ///< <<<element_1>>>, <<<image_1>>>
  xai,           ///< <IMAGE_1>                  all together, 1-based
  gemini,        ///< <IMAGE_REF_0>              all together, 0-based
  prose,         ///< the first image            all together
};

/// A stretch of prompt: plain text, or a mention of a reference.
struct PromptPart {
  std::string text;              ///< plain text; for a mention the words that stood in the prompt
  std::optional<int> reference;  ///< index into GenerationSpec::references
  size_t offset = 0;             ///< byte offset in the shot's prompt as the user wrote it
  bool operator==(const PromptPart&) const = default;
};

/// A shot whose mentions are bound. Joining the texts of `parts` gives the user's prompt back, byte for byte.
struct BoundShot {
  std::vector<PromptPart> parts;
  std::optional<MediaTime> duration;
  bool operator==(const BoundShot&) const = default;
};

struct BoundPrompt {
  std::vector<BoundShot> shots;  ///< at least one
  /// True if no shot mentioned any reference, so all are meant, in order (BoundShot::parts carry no mention).
  bool binds_all = false;
  bool operator==(const BoundPrompt&) const = default;
};

/// The name of references[index]: its own, or "element2" / "image1" (numbered within elements, and within
/// scenes and flat images together).
std::string default_name(const std::vector<Reference>& references, int index);

/// Splits "Shot 1 (5s): … Shot 2 (3s): …" (also "Scene 1:", "Shot 1, 5 seconds:") of one prompt into shots;
/// a prompt without such lines is one shot without a duration. Text before the first shot line is put in
/// front of every shot's prompt.
std::vector<Shot> split_shots(std::string_view prompt);

/// Finds every tag of every spelling in the spec's prompt or shots and binds it.
/// Errors, all of them at once, each with field ("/prompt", "/shots/1/prompt", "/references/2/name"), and in
/// the message the tag, its position (1-based character) and the fix: an unbound tag, a tag past the last
/// reference, two references of one name, a name that is no name (allowed: letters, digits, '_' and '-',
/// first a letter, at most 64 bytes), a look-alike ("@Elemnt1": did you mean "@Element1"?). Reordering
/// references changes no binding of a tag by name.
struct BindResult {
  BoundPrompt prompt;  ///< complete only if errors is empty
  std::vector<Error> errors;
};
BindResult bind(const GenerationSpec& spec);

/// Writes a bound shot with every mention in `spelling`. Canonical text parses back to the same binding.
std::string print(const BoundShot& shot, const std::vector<Reference>& references, TagSpelling spelling);

}  // namespace troupe
