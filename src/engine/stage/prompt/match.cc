#include "engine/stage/prompt/match.h"

namespace troupe::stage::prompt {
namespace {

/// The longest phrase that begins at tokens[first], or a hit of count 0.
Hit longest_at(const std::vector<Token>& tokens, size_t first, const Vocabulary& vocabulary) {
  Hit best;
  best.count = 0;
  const auto limit = vocabulary.longest.find(tokens[first].folded);
  if (limit == vocabulary.longest.end()) return best;
  std::string phrase;
  for (size_t i = first; i < tokens.size() && i < first + static_cast<size_t>(limit->second); ++i) {
    if (tokens[i].kind != Token::Kind::word) break;
    if (!phrase.empty()) phrase += ' ';
    phrase += tokens[i].folded;
    const Meaning* meaning = vocabulary.find(phrase);
    if (!meaning) continue;
    best.first = static_cast<int>(first);
    best.count = static_cast<int>(i - first) + 1;
    best.phrase = phrase;
    best.meaning = meaning;
  }
  if (best.meaning) best.senses = best.meaning->senses;
  return best;
}

}  // namespace

int Hit::value(Group group) const {
  for (const Sense& sense : senses) {
    if (sense.group == group) return sense.value;
  }
  return -1;
}

std::vector<Hit> scan(const std::vector<Token>& tokens, const Vocabulary& vocabulary) {
  std::vector<Hit> hits;
  for (size_t i = 0; i < tokens.size();) {
    if (tokens[i].kind != Token::Kind::word) {
      ++i;
      continue;
    }
    Hit hit = longest_at(tokens, i, vocabulary);
    i += static_cast<size_t>(hit.count > 0 ? hit.count : 1);
    if (hit.count > 0) hits.push_back(std::move(hit));
  }
  return hits;
}

}  // namespace troupe::stage::prompt
