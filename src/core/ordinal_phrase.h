// "the first image": how English names a reference by its place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/reference_table.h"

namespace troupe {

struct OrdinalPhrase {
  TagWord word;
  int number;     ///< 1-based, or kLast for "the last image"
  size_t length;  ///< bytes from where it begins
  bool definite;  ///< begins with "the"
};

/// Reads one that begins at `at`, ASCII case ignored: "the", an ordinal ("first", "2nd", "last"), maybe
/// "reference", and one of image, picture, photo, photograph, reference, video, clip. Without "the" only
/// after a preposition ("the woman from first image"). None if a number follows: "the first image 2" is about
/// image 2.
std::optional<OrdinalPhrase> ordinal_phrase(std::string_view text, size_t at);

/// "first" … "tenth", "11th", "21st"; number >= 1.
std::string ordinal(int number);

}  // namespace troupe
