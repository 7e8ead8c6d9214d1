// The references of one request as its tags see them: by name, and by number within a group.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/generation_spec.h"

namespace troupe {

/// The word of a numbered tag. What each counts is in docs/tags.md.
enum class TagWord {
  element,    ///< elements
  image,      ///< pictures that are no elements; if there are none, all pictures
  video,      ///< clips that are no elements; if there are none, all clips
  character,  ///< all references
  reference,  ///< all references
  audio,      ///< nothing: a request has no audio references, but other systems' prompts name them
};
std::string_view name(TagWord word);  ///< "element" …

/// Number of a tag that says "the last …".
inline constexpr int kLast = -1;

/// A view of the references: they must outlive it unchanged. Thread-safety: as a const value.
class ReferenceTable {
 public:
  explicit ReferenceTable(const std::vector<Reference>& references);

  bool empty() const { return references_.empty(); }
  /// The reference that carries this name (ASCII case ignored). Default names are not looked up.
  std::optional<int> by_name(std::string_view name) const;
  /// Indices that `word` counts, in order.
  const std::vector<int>& group(TagWord word) const;
  /// group(word)[number - 1], or the last of them for kLast.
  std::optional<int> by_number(TagWord word, int number) const;
  /// Every tag that is sure to be understood, without '@': names, and "Element1" … of the groups.
  const std::vector<std::string>& tags() const { return tags_; }
  /// Violations among the names, each with its field: no name, reserved, or one that two references answer
  /// to.
  std::vector<Error> check_names() const;

 private:
  std::optional<Error> check_name_of(int index) const;

  const std::vector<Reference>& references_;
  std::vector<int> all_, elements_, images_, videos_, none_;
  std::vector<std::string> tags_;
};

/// True if the medium of a reference is a clip rather than a picture.
inline bool is_clip(const Reference& reference) { return reference.clip.has_value(); }

/// A word and a number as they stand in "element1", "Image 12" or "video-3".
struct NumberedWord {
  TagWord word;
  int number;
  size_t length;  ///< bytes that it takes
  bool spaced;    ///< something stood between the two
};
/// Reads one at the beginning of `text`, ASCII case ignored; between word and number may stand one of the
/// characters ' ', U+00A0, '_' and '-'. What follows the number is not looked at. Numbers past 10^9 read as
/// that.
std::optional<NumberedWord> numbered_word(std::string_view text);

}  // namespace troupe
