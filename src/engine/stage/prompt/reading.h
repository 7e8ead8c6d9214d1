// One shot's prompt, read: tokens, phrases, clauses, and who governs each word.
#pragma once

#include <span>
#include <vector>

#include "engine/stage/prompt/match.h"

namespace troupe::stage::prompt {

/// What a reference is for.
enum class Role { subject, place, style };

/// Who does the verb that stands at a token.
enum class Governor { none, somebody, camera };

struct Reading {
  std::vector<Token> tokens;
  std::vector<Hit> hits;      ///< ambiguous and negated ones settled by read()
  std::vector<int> hit_at;    ///< by token: index into hits, or -1
  std::vector<int> clause;    ///< by token: number of its clause
  std::vector<int> sentence;  ///< by token: number of its sentence
  std::vector<Governor>
      governor;  ///< by token: the nearest before it in its clause, else that of the clause before

  int size() const { return static_cast<int>(tokens.size()); }
  bool is_word(int token) const;
  /// The folded word at a token; empty for anything else and outside the range.
  const std::string& word(int token) const;
  bool is(int token, WordClass word_class, const Vocabulary& vocabulary) const;
  const Hit* hit(int token) const;
  /// True if the token is a mark, or lies outside.
  bool is_stop(int token) const;
};

/// Tokens and phrases only: enough to find the roles of references.
Reading scan_reading(std::vector<Token> tokens, const Vocabulary& vocabulary);

/// Finds clauses and governors, settles ambiguous phrases, cancels negated ones. `roles` has an entry for
/// each reference. Time is linear in the tokens.
void read(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary);

/// True if the token names somebody: a mention of a subject, a noun, a pronoun.
bool names_somebody(const Reading& reading, int token, std::span<const Role> roles,
                    const Vocabulary& vocabulary);

/// The steps of read(), apart for their tests.
void find_clauses(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary);
void settle_ambiguous(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary);
void cancel_negated(Reading& reading, const Vocabulary& vocabulary);

}  // namespace troupe::stage::prompt
