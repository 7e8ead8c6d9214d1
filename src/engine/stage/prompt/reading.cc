#include "engine/stage/prompt/reading.h"

#include <string>

namespace troupe::stage::prompt {

bool Reading::is_word(int token) const {
  return token >= 0 && token < size() && tokens[static_cast<size_t>(token)].kind == Token::Kind::word;
}

const std::string& Reading::word(int token) const {
  static const std::string kNone;
  return is_word(token) ? tokens[static_cast<size_t>(token)].folded : kNone;
}

bool Reading::is(int token, WordClass word_class, const Vocabulary& vocabulary) const {
  return is_word(token) && vocabulary.is(word_class, tokens[static_cast<size_t>(token)].folded);
}

const Hit* Reading::hit(int token) const {
  if (token < 0 || token >= size()) return nullptr;
  const int index = hit_at[static_cast<size_t>(token)];
  return index < 0 ? nullptr : &hits[static_cast<size_t>(index)];
}

bool Reading::is_stop(int token) const {
  return token < 0 || token >= size() || tokens[static_cast<size_t>(token)].kind == Token::Kind::mark;
}

Reading scan_reading(std::vector<Token> tokens, const Vocabulary& vocabulary) {
  Reading reading;
  reading.tokens = std::move(tokens);
  reading.hits = scan(reading.tokens, vocabulary);
  reading.hit_at.assign(reading.tokens.size(), -1);
  for (size_t i = 0; i < reading.hits.size(); ++i) {
    for (int token = reading.hits[i].first; token <= reading.hits[i].last(); ++token) {
      reading.hit_at[static_cast<size_t>(token)] = static_cast<int>(i);
    }
  }
  return reading;
}

bool names_somebody(const Reading& reading, int token, std::span<const Role> roles,
                    const Vocabulary& vocabulary) {
  if (token < 0 || token >= reading.size()) return false;
  const Token& at = reading.tokens[static_cast<size_t>(token)];
  if (at.kind == Token::Kind::mention) return roles[static_cast<size_t>(at.reference)] == Role::subject;
  if (at.kind != Token::Kind::word) return false;
  if (const Hit* hit = reading.hit(token))
    return hit->has(Group::noun) || hit->value(Group::gap) == static_cast<int>(Gap::crowd);
  return vocabulary.is(WordClass::pronouns_one, at.folded) ||
         vocabulary.is(WordClass::pronouns_all, at.folded);
}

void read(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary) {
  find_clauses(reading, roles, vocabulary);
  settle_ambiguous(reading, roles, vocabulary);
  cancel_negated(reading, vocabulary);
}

}  // namespace troupe::stage::prompt
