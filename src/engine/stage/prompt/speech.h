// Quoted text: what is said, what is written on things, and what is quoted only for emphasis.
#pragma once

#include <vector>

#include "engine/stage/prompt/vocabulary.h"
#include "engine/stage/prompt/words.h"

namespace troupe::stage::prompt {

enum class QuoteUse {
  spoken,
  sign,  ///< a sign that reads "OPEN"
  words  ///< "golden hour" light
};

/// REQUIRES tokens[index] to be a quote.
QuoteUse quote_use(const std::vector<Token>& tokens, size_t index, const Vocabulary& vocabulary);

/// Turns quotes of mere emphasis back into their words, and what follows "says:" without quotes into a quote.
std::vector<Token> lift_speech(std::vector<Token> tokens, const Vocabulary& vocabulary);

/// True for "says", "whispers" …
bool is_speaking(const Token& token, const Vocabulary& vocabulary);

}  // namespace troupe::stage::prompt
