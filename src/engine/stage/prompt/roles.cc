#include "engine/stage/prompt/roles.h"

#include <algorithm>
#include <optional>

namespace troupe::stage::prompt {
namespace {

/// How strongly the words speak for each role of one reference.
struct Votes {
  int subject = 0, place = 0, style = 0;

  std::optional<Role> winner() const {
    const int best = std::max({subject, place, style});
    if (best == 0) return std::nullopt;
    if (style == best) return Role::style;
    if (subject == place) return std::nullopt;
    return subject == best ? Role::subject : Role::place;
  }
};

constexpr int kClear = 3, kLikely = 2, kHint = 1;

/// Reads the neighbourhood of one mention.
class MentionReader {
 public:
  MentionReader(const Reading& reading, int token, const Vocabulary& vocabulary)
      : reading_(reading), token_(token), vocabulary_(vocabulary) {}

  void vote(Votes& votes) const {
    const int against = votes.place + votes.style;
    vote_before(votes);
    // "the field from @b, approaching": whoever approaches is not @b.
    if (votes.place + votes.style == against) vote_after(votes);
  }

 private:
  bool is(int token, WordClass word_class) const { return reading_.is(token, word_class, vocabulary_); }

  bool has(int token, Group group) const {
    const Hit* hit = reading_.hit(token);
    return hit && hit->has(group);
  }

  bool names_subject(int token) const {
    return has(token, Group::noun) || is(token, WordClass::subject_words);
  }
  bool names_place(int token) const {
    return has(token, Group::environment) || is(token, WordClass::place_words);
  }
  bool names_style(int token) const { return has(token, Group::style) || is(token, WordClass::style_words); }

  int before_article(int token) const {
    while (is(token, WordClass::articles)) --token;
    return token;
  }

  void vote_before(Votes& votes) const {
    const int before = before_article(token_ - 1);
    const std::string& word = reading_.word(before);
    const int head = before_article(before - 1);
    const bool links = word == "of" || word == "from" || word == "in" || word == "like";
    if (links && names_style(head)) {
      votes.style += kClear;
    } else if (links && names_subject(head) && !(word == "in" && names_place(head))) {
      votes.subject += kClear;
    } else if (links && names_place(head)) {
      votes.place += kClear;
    } else if (word == "near" || word == "beside" || word == "behind") {
      votes.subject += kHint;
    } else if (is(before, WordClass::govern) || word == "toward" || word == "towards" || word == "to") {
      vote_governed(votes, before);
    } else if (word == "with" || word == "of" || word == "by") {
      votes.subject += kHint;
    } else if (names_subject(before)) {
      votes.subject += kClear;
    } else if (has(before, Group::environment)) {
      votes.place += kClear;
    } else if (const Hit* hit = reading_.hit(before)) {
      vote_object(votes, *hit);
    } else if (word == "character") {
      votes.subject += kClear;
    }
  }

  /// "waves at @b" is about somebody, "stands at @b" about a place.
  void vote_governed(Votes& votes, int preposition) const {
    const Hit* verb = reading_.hit(preposition - 1);
    const std::string& word = reading_.word(preposition);
    const int action = verb ? verb->value(Group::action) : -1;
    const bool aimed =
        word == "at" || word == "to" || word == "toward" || word == "towards" || word == "over";
    const bool at_somebody =
        action >= 0 &&
        (action == static_cast<int>(Action::wave) || action == static_cast<int>(Action::look) ||
         action == static_cast<int>(Action::talk) || action == static_cast<int>(Action::laugh) ||
         action == static_cast<int>(Action::nod) || action == static_cast<int>(Action::turn));
    if (aimed && at_somebody) {
      votes.subject += kLikely;
    } else if (word == "to" || word == "by") {
      votes.subject += kHint;
    } else {
      votes.place += kLikely;
    }
  }

  void vote_object(Votes& votes, const Hit& verb) const {
    if (verb.value(Group::travel) == static_cast<int>(Travel::enter) || verb.phrase.starts_with("explor")) {
      votes.place += kLikely;
    } else if (verb.has(Group::action) || verb.value(Group::gap) == static_cast<int>(Gap::interaction)) {
      votes.subject += kLikely;
    }
  }

  void vote_after(Votes& votes) const {
    int next = token_ + 1;
    if (reading_.word(next) == "as" || reading_.word(next) == "is") {
      const int head = skip_articles(next + 1);
      if (is(head, WordClass::place_words)) votes.place += kClear;
      if (is(head, WordClass::style_words)) votes.style += kClear;
      if (names_subject(head)) votes.subject += kClear;
    }
    const bool governed = is(token_ - 1, WordClass::govern) || reading_.word(token_ - 1) == "of";
    if (governed) return;
    if (acts_after()) votes.subject += kClear;
    if (reading_.is_stop(token_ - 1) && reading_.is_word(next)) votes.subject += kHint;
  }

  int skip_articles(int token) const {
    while (is(token, WordClass::articles)) ++token;
    return token;
  }

  /// True if an action follows, past adverbs and further names: "@a and @b slowly walk".
  bool acts_after() const {
    int words = 0;
    for (int token = token_ + 1; token < reading_.size() && words < 5; ++token) {
      const Token& at = reading_.tokens[static_cast<size_t>(token)];
      if (at.kind == Token::Kind::quote) return true;
      if (at.kind == Token::Kind::mark && at.mark != ',') return false;
      if (has(token, Group::action) || has(token, Group::travel)) return true;
      if (is(token, WordClass::govern) || reading_.word(token) == "of") return false;
      words += at.kind == Token::Kind::word ? 1 : 0;
    }
    return false;
  }

  const Reading& reading_;
  int token_;
  const Vocabulary& vocabulary_;
};

std::optional<Role> role_by_picture(const PictureHints& hints) {
  if (!hints.known) return std::nullopt;
  const bool cut_out = hints.subject_confidence > 1.0f && hints.subject_area < 0.6f;
  if (hints.has_alpha || hints.has_person || hints.plain_backdrop || cut_out) return Role::subject;
  if (hints.landscape) return Role::place;
  return std::nullopt;
}

bool place_is_named(std::span<const Reading> readings) {
  return std::any_of(readings.begin(), readings.end(), [](const Reading& reading) {
    return std::any_of(reading.hits.begin(), reading.hits.end(),
                       [](const Hit& hit) { return hit.has(Group::environment); });
  });
}

/// Fills what words and pictures left open.
void decide_by_order(RoleChoice& choice, std::vector<std::optional<Role>>& decided, bool place_known) {
  std::vector<size_t> open;
  for (size_t i = 0; i < decided.size(); ++i) {
    if (!decided[i]) open.push_back(i);
  }
  const bool subject_known =
      std::any_of(decided.begin(), decided.end(), [](auto role) { return role == Role::subject; });
  const bool last_is_place = !place_known && !open.empty() && (subject_known || open.size() > 1);
  for (const size_t i : open) {
    decided[i] = last_is_place && i == open.back() ? Role::place : Role::subject;
    choice.guessed[i] = true;
  }
}

}  // namespace

RoleChoice choose_roles(const std::vector<Reference>& references, std::span<const Reading> readings,
                        std::span<const PictureHints> hints, const Vocabulary& vocabulary) {
  std::vector<Votes> votes(references.size());
  for (const Reading& reading : readings) {
    for (int token = 0; token < reading.size(); ++token) {
      const Token& at = reading.tokens[static_cast<size_t>(token)];
      if (at.kind != Token::Kind::mention) continue;
      MentionReader(reading, token, vocabulary).vote(votes[static_cast<size_t>(at.reference)]);
    }
  }
  RoleChoice choice;
  choice.guessed.assign(references.size(), false);
  std::vector<std::optional<Role>> decided(references.size());
  for (size_t i = 0; i < references.size(); ++i) {
    if (references[i].kind == ReferenceKind::element) decided[i] = Role::subject;
    if (references[i].kind == ReferenceKind::scene) decided[i] = Role::place;
    if (!decided[i]) decided[i] = votes[i].winner();
    if (!decided[i] && i < hints.size()) {
      decided[i] = role_by_picture(hints[i]);
      choice.guessed[i] = decided[i].has_value();
    }
  }
  const bool place_known =
      place_is_named(readings) ||
      std::any_of(decided.begin(), decided.end(), [](auto role) { return role == Role::place; });
  decide_by_order(choice, decided, place_known);
  for (const auto& role : decided) choice.roles.push_back(role.value_or(Role::subject));
  return choice;
}

}  // namespace troupe::stage::prompt
