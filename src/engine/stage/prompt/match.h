// Finding the vocabulary's phrases in a prompt.
#pragma once

#include <string>
#include <vector>

#include "engine/stage/prompt/vocabulary.h"
#include "engine/stage/prompt/words.h"

namespace troupe::stage::prompt {

/// One phrase where it stands: tokens[first] … tokens[first + count - 1], all words.
struct Hit {
  int first = 0, count = 1;
  std::string phrase;
  const Meaning* meaning = nullptr;  ///< in the vocabulary; never null in a hit that scan() made
  std::vector<Sense> senses;         ///< what it means here
  bool negated = false;
  bool used = true;  ///< false: understood, but it changed nothing

  int last() const { return first + count - 1; }
  /// The value of its sense in `group`, or -1.
  int value(Group group) const;
  bool has(Group group) const { return value(group) >= 0; }
  /// True if it says something, and was not cancelled.
  bool live() const { return !senses.empty() && !negated; }
};

/// The longest phrases from left to right, each token in one at most. Marks, mentions and quotes end a
/// phrase. `vocabulary` must outlive the hits.
std::vector<Hit> scan(const std::vector<Token>& tokens, const Vocabulary& vocabulary);

}  // namespace troupe::stage::prompt
