// The references that play in a shot, and which of them a noun means.
#pragma once

#include <span>
#include <vector>

#include "engine/stage/prompt/cast.h"

namespace troupe::stage::prompt {

/// Somebody a clause speaks of.
struct Who {
  enum class Kind { nobody, actors, stranger, camera };
  Kind kind = Kind::nobody;
  std::vector<int> actors;  ///< indices into Cast::actors
};

/// Refers to its arguments, which must outlive it.
class Actors {
 public:
  Actors(const Reading& reading, std::span<const Role> roles, CastMemory& memory,
         const Vocabulary& vocabulary)
      : reading_(reading), roles_(roles), memory_(memory), vocabulary_(vocabulary) {}

  /// The actor that plays a reference; added if it has none yet.
  int actor_for(int reference);

  /// Actors of the shot before stay if this shot mentions nobody, or speaks of "them" before it does.
  void carry();

  /// In a prompt without mentions the nouns name the references in order, things last.
  void bind_nouns();

  bool is_subject(int token) const;
  Who everyone() const;

  /// Everybody who is called `noun`; nobody if no one is.
  Who called(const std::string& noun) const;

  /// Whom the noun at `hit` means. `last`: the actors named before it. Gives a nameless actor its noun.
  Who meant_by(const Hit& hit, const Who& last);

  /// True if the noun only says what a place is: "in the spaceship".
  bool is_place(const Hit& noun) const;

  std::vector<Actor> list;

 private:
  std::string& noun_of(int actor);
  void name_actor(int actor, const Hit& noun);
  void bind_next(const Hit& noun);
  int mention_beside(const Hit& noun) const;
  int mention_after(const Hit& noun) const;
  int mention_before(const Hit& noun) const;
  bool is(int token, WordClass word_class) const { return reading_.is(token, word_class, vocabulary_); }
  bool is_joining_comma(int token, int clause_token) const;

  const Reading& reading_;
  std::span<const Role> roles_;
  CastMemory& memory_;
  const Vocabulary& vocabulary_;
};

/// False for a noun that is a verb here.
bool is_name(const Hit& hit);

}  // namespace troupe::stage::prompt
