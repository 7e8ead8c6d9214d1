// Tags: how a prompt mentions a reference. One canonical form, "@name"; every vendor's spelling is read and
// can be written back. docs/tags.md says what is read, what each number counts, and what is left as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/generation_spec.h"

namespace troupe {

/// A vendor's way of writing a tag. Numbers are places in the list that such a vendor is sent, so that
/// written tags point at the right entry of it: by kind: elements, other pictures, and other clips are
/// counted apart; by medium: one list of all pictures, elements' included, and one of all clips; by place:
/// one list of everything.
enum class TagSpelling {
  canonical,     ///< @fox
  kling,         ///< @Element1, @Image1, @Video1                    by kind
  spaced,        ///< @Image 1, @Video 1                             by medium
  character,     ///< character1                                     by place
  wan27,         ///< Image 1, Video 1                               by medium
  kling_native,  ///< <<<element_1>>>, <<<image_1>>>, <<<video_1>>>  by kind
  xai,           ///< <IMAGE_1>, <VIDEO_1>                           by medium
  gemini,        ///< <IMAGE_REF_0>, <VIDEO_REF_0>                   by medium, from zero
  prose,         ///< the first image, the first video               by medium
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

/// The name of references[index]: its own, or "element2", "image1", "video1" (numbered by kind). REQUIRES a
/// valid index.
std::string default_name(const std::vector<Reference>& references, int index);

/// Splits "Shot 1 (5s): … Shot 2 (3s): …" (also "Scene 1:", "Shot 1, 5 seconds:") of one prompt into shots;
/// a prompt without such lines is one shot without a duration. Text before the first shot line is put in
/// front of every shot's prompt. At most kShotsMax: the last holds the rest.
std::vector<Shot> split_shots(std::string_view prompt);

inline constexpr size_t kBindErrorsMax = 64;  ///< errors that bind() reports before it stops collecting

struct BindResult {
  BoundPrompt prompt;  ///< complete only if errors is empty
  std::vector<Error> errors;
};
/// Finds every tag of every spelling in the spec's prompt or shots and binds it; splits shot lines of a
/// prompt. A tag is bound by name, or by number within the group that its word counts: "element" counts
/// elements; "image" the pictures that are no elements or, if there are none, all pictures; "video" likewise
/// clips; "character" all references. So a flat list is numbered by place whatever the spelling. Names win
/// over numbers. Reordering references changes no binding by name. Plain English that might not be meant as a
/// tag
/// ("video 4 minutes long") is text if nothing answers to it.
/// Errors, all of them at once, each with field ("/prompt", "/shots/1/prompt", "/references/2/name"), and in
/// the message the tag, its position (1-based character) and the fix: an unbound tag, a tag past the last
/// reference, two references of one name, a name that is no name (allowed: letters of any script, digits, '_'
/// and '-', first a letter, at most 64 bytes; ASCII case is ignored), a look-alike ("@Elemnt1": did you mean
/// "@Element1"?), a shot line's impossible duration, a prompt and shots together, a prompt that is no UTF-8
/// or longer than kPromptBytesMax, more than kShotsMax shots or kReferencesMax references.
BindResult bind(const GenerationSpec& spec);

/// Writes a bound shot with every mention in `spelling`. Text between mentions is kept; a space is put in
/// where a tag would run into its neighbour. The result binds to the same references again: canonical, kling,
/// kling_native and character in the same request, the others in the flat list that they number (every kind =
/// image), which is the same request unless it mixes elements with other references.
std::string print(const BoundShot& shot, const std::vector<Reference>& references, TagSpelling spelling);

}  // namespace troupe
