// A prompt as tokens: folded words, mentions of references, punctuation and quoted text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tag.h"

namespace troupe::stage::prompt {

struct Token {
  enum class Kind { word, mention, mark, quote };
  Kind kind = Kind::word;
  std::string text;      ///< as the user wrote it; of a quote, what stands between the marks
  std::string folded;    ///< of a word: lower case, without accents and possessive 's
  char mark = 0;         ///< of a mark: one of . , : ; and newline, whatever script it came from
  int reference = -1;    ///< of a mention
  bool capital = false;  ///< a word that starts with a capital letter
};

/// Lower case without accents ("Café" gives "cafe"); letters of scripts without case stay as they are.
std::string fold(std::string_view text);

/// The tokens of a bound shot. Hyphens and slashes separate words, so "close-up" and "close up" are alike.
/// Quotes of every style become one quote token each; an unclosed double quote ends with its sentence, and an
/// unclosed single one is an apostrophe. Mentions inside quotes are part of the quoted text.
/// Any bytes are allowed. Mentions of references outside 0 … reference_count - 1 are read as plain words.
std::vector<Token> tokenize(const BoundShot& shot, int reference_count);

/// The tokens of plain text, quotes included as words.
std::vector<Token> tokenize_plain(std::string_view text);

/// Joins the folded words of a phrase with single spaces, for looking it up.
std::string normalize_phrase(std::string_view phrase);

}  // namespace troupe::stage::prompt
