// Where clauses and sentences end, and who governs the words of each.
#include "engine/stage/prompt/reading.h"

namespace troupe::stage::prompt {
namespace {

class ClauseFinder {
 public:
  ClauseFinder(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary)
      : reading_(reading), roles_(roles), vocabulary_(vocabulary) {}

  void run() {
    const size_t count = reading_.tokens.size();
    reading_.clause.assign(count, 0);
    reading_.sentence.assign(count, 0);
    reading_.governor.assign(count, Governor::none);
    for (int token = 0; token < reading_.size(); ++token) {
      advance(token);
      reading_.clause[static_cast<size_t>(token)] = clause_;
      reading_.sentence[static_cast<size_t>(token)] = sentence_;
      reading_.governor[static_cast<size_t>(token)] = current_ != Governor::none ? current_ : inherited_;
      govern(token);
    }
  }

 private:
  bool somebody(int token) const { return names_somebody(reading_, token, roles_, vocabulary_); }

  /// True if the words after `token` name somebody, past an article and at most two adjectives.
  bool somebody_follows(int token) const {
    for (int next = token + 1; next <= token + 4; ++next) {
      if (reading_.is_stop(next)) return false;
      if (somebody(next)) return true;
      const Hit* hit = reading_.hit(next);
      if (hit && (hit->has(Group::action) || hit->has(Group::placement))) return false;
    }
    return false;
  }

  /// True if the token only joins two names: "@a and @b", "@a, a woman".
  bool joins_names(int token) const { return somebody(token - 1) && somebody_follows(token); }

  bool ends_sentence(int token) const {
    const Token& at = reading_.tokens[static_cast<size_t>(token)];
    if (at.kind == Token::Kind::mark) return at.mark == '.' || at.mark == '\n' || at.mark == ';';
    if (at.kind != Token::Kind::quote || at.text.empty()) return false;
    const bool closed = at.text.find_last_of(".!?") == at.text.size() - 1;
    if (!closed || token + 1 >= reading_.size()) return false;
    const Token& next = reading_.tokens[static_cast<size_t>(token) + 1];
    return next.capital || next.kind == Token::Kind::mention;
  }

  bool ends_clause(int token) const {
    const Token& at = reading_.tokens[static_cast<size_t>(token)];
    if (at.kind == Token::Kind::mark) return !(at.mark == ',' && joins_names(token));
    if (!reading_.is(token, WordClass::clause_breaks, vocabulary_)) return false;
    const Hit* hit = reading_.hit(token);
    if (hit && hit->count > 1) return false;
    return !(at.folded == "and" && joins_names(token));
  }

  /// Begins a new clause or sentence if `token` ends the one before.
  void advance(int token) {
    if (after_sentence_) {
      after_sentence_ = false;
      ++sentence_;
      ++clause_;
      inherited_ = current_ = grammatical_ = Governor::none;
    }
    if (ends_sentence(token)) {
      after_sentence_ = true;
    } else if (ends_clause(token)) {
      ++clause_;
      if (grammatical_ != Governor::none) inherited_ = grammatical_;
      current_ = grammatical_ = Governor::none;
    }
  }

  void govern(int token) {
    Governor who = Governor::none;
    if (somebody(token)) who = Governor::somebody;
    if (reading_.is(token, WordClass::camera, vocabulary_)) who = Governor::camera;
    if (const Hit* hit = reading_.hit(token); hit && hit->count > 1 && who == Governor::none) {
      const bool camera_phrase = hit->has(Group::size) || hit->has(Group::framing);
      if (camera_phrase) who = Governor::camera;
    }
    if (who == Governor::none) return;
    current_ = who;
    // "shot of a fox": the fox is the one that acts.
    const bool of_somebody = grammatical_ == Governor::camera && after_of(token);
    if (grammatical_ == Governor::none || of_somebody) grammatical_ = who;
  }

  bool after_of(int token) const {
    for (int before = token - 1; before >= token - 4 && !reading_.is_stop(before); --before) {
      if (reading_.word(before) == "of" || reading_.word(before) == "on") return true;
      const Hit* hit = reading_.hit(before);
      if (hit && hit->has(Group::move)) return false;
    }
    return false;
  }

  Reading& reading_;
  std::span<const Role> roles_;
  const Vocabulary& vocabulary_;
  int clause_ = 0, sentence_ = 0;
  bool after_sentence_ = false;
  Governor current_ = Governor::none;      ///< nearest name in this clause
  Governor grammatical_ = Governor::none;  ///< subject of this clause
  Governor inherited_ = Governor::none;    ///< subject of the clause before, in the same sentence
};

}  // namespace

void find_clauses(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary) {
  ClauseFinder(reading, roles, vocabulary).run();
}

}  // namespace troupe::stage::prompt
