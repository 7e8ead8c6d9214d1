#include "engine/stage/prompt/actors.h"

#include <algorithm>

namespace troupe::stage::prompt {
namespace {

bool is_prop(const Hit& noun) { return noun.value(Group::noun) == static_cast<int>(NounClass::prop); }

}  // namespace

bool is_name(const Hit& hit) { return hit.has(Group::noun) && !hit.has(Group::action); }

bool Actors::is_subject(int token) const {
  if (token < 0 || token >= reading_.size()) return false;
  const Token& at = reading_.tokens[static_cast<size_t>(token)];
  return at.kind == Token::Kind::mention && roles_[static_cast<size_t>(at.reference)] == Role::subject;
}

int Actors::actor_for(int reference) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].reference == reference) return static_cast<int>(i);
  }
  Actor actor;
  actor.reference = reference;
  list.push_back(actor);
  return static_cast<int>(list.size()) - 1;
}

void Actors::carry() {
  bool stay = true;
  for (int token = 0; token < reading_.size(); ++token) {
    if (is_subject(token)) {
      stay = false;
      break;
    }
    if (reading_.tokens[static_cast<size_t>(token)].kind == Token::Kind::mention) stay = false;
    const bool pronoun = is(token, WordClass::pronouns_all) || is(token, WordClass::pronouns_one);
    if (pronoun && !reading_.hit(token)) {
      stay = true;
      break;
    }
  }
  if (!stay) return;
  for (const int reference : memory_.last) actor_for(reference);
}

std::string& Actors::noun_of(int actor) {
  return memory_.nouns[static_cast<size_t>(list[static_cast<size_t>(actor)].reference)];
}

void Actors::name_actor(int actor, const Hit& noun) {
  const auto reference = static_cast<size_t>(list[static_cast<size_t>(actor)].reference);
  memory_.nouns[reference] = noun.meaning->noun;
  memory_.classes[reference] = static_cast<NounClass>(noun.value(Group::noun));
}

void Actors::bind_nouns() {
  for (const bool props : {false, true}) {
    for (const Hit& hit : reading_.hits) {
      if (!hit.live() || !is_name(hit) || is_prop(hit) != props) continue;
      if (called(hit.meaning->noun).kind == Who::Kind::nobody && !is_place(hit)) bind_next(hit);
    }
  }
}

void Actors::bind_next(const Hit& noun) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (!noun_of(static_cast<int>(i)).empty()) continue;
    name_actor(static_cast<int>(i), noun);
    if (!noun.meaning->plural) return;
  }
}

Who Actors::everyone() const {
  Who who;
  for (size_t i = 0; i < list.size(); ++i) who.actors.push_back(static_cast<int>(i));
  if (!who.actors.empty()) who.kind = Who::Kind::actors;
  return who;
}

Who Actors::called(const std::string& noun) const {
  Who who;
  for (size_t i = 0; i < list.size(); ++i) {
    if (memory_.nouns[static_cast<size_t>(list[i].reference)] == noun)
      who.actors.push_back(static_cast<int>(i));
  }
  if (!who.actors.empty()) who.kind = Who::Kind::actors;
  return who;
}

bool Actors::is_place(const Hit& noun) const {
  if (!noun.has(Group::environment)) return false;
  int before = noun.first - 1;
  while (is(before, WordClass::articles)) --before;
  return is(before, WordClass::govern) && called(noun.meaning->noun).kind == Who::Kind::nobody;
}

/// True if the token is a comma that does not end the clause of `clause_token`.
bool Actors::is_joining_comma(int token, int clause_token) const {
  if (token < 0 || token >= reading_.size()) return false;
  const Token& at = reading_.tokens[static_cast<size_t>(token)];
  const auto clause = [&](int t) { return reading_.clause[static_cast<size_t>(t)]; };
  return at.kind == Token::Kind::mark && at.mark == ',' && clause(token) == clause(clause_token);
}

/// "the woman from @a", "the robot @a", "a robot, @a,".
int Actors::mention_after(const Hit& noun) const {
  int next = noun.last() + 1;
  const std::string& link = reading_.word(next);
  if (link == "from" || link == "in" || link == "of" || link == "called" || link == "named") ++next;
  if (is_subject(next)) return next;
  return is_joining_comma(next, noun.first) && is_subject(next + 1) ? next + 1 : -1;
}

/// "@a, a tall robot,", "@a is a robot", "@a the robot".
int Actors::mention_before(const Hit& noun) const {
  constexpr int kReach = 3;
  int before = noun.first - 1;
  for (int steps = 0; steps < kReach && reading_.is_word(before) && !reading_.hit(before); ++steps) {
    if (reading_.word(before) == "is" || reading_.word(before) == "as")
      return is_subject(before - 1) ? before - 1 : -1;
    if (is(before, WordClass::clause_breaks) || is(before, WordClass::govern)) return -1;
    --before;
  }
  if (is_joining_comma(before, noun.first) && is_subject(before - 1)) return before - 1;
  const bool with_article = is(noun.first - 1, WordClass::articles) && before == noun.first - 2;
  return is_subject(before) && (before == noun.first - 1 || with_article) ? before : -1;
}

int Actors::mention_beside(const Hit& noun) const {
  const int after = mention_after(noun);
  return after >= 0 ? after : mention_before(noun);
}

Who Actors::meant_by(const Hit& hit, const Who& last) {
  const int mention = mention_beside(hit);
  if (mention >= 0) {
    const int actor = actor_for(reading_.tokens[static_cast<size_t>(mention)].reference);
    name_actor(actor, hit);
    return {Who::Kind::actors, {actor}};
  }
  const Who same = called(hit.meaning->noun);
  if (same.kind == Who::Kind::actors) return same;
  const bool person = hit.value(Group::noun) == static_cast<int>(NounClass::person);
  const bool indefinite =
      is(hit.first - 1, WordClass::indefinite) || is(hit.first - 2, WordClass::indefinite);
  if (hit.meaning->plural && person && list.size() > 1 && !indefinite) return everyone();
  if (is_prop(hit) || indefinite || list.empty()) return {Who::Kind::stranger, {}};
  // "The hero turns": the only one there is, or whoever was spoken of last.
  if (list.size() == 1 && noun_of(0).empty()) {
    name_actor(0, hit);
    return {Who::Kind::actors, {0}};
  }
  if (!vocabulary_.is(WordClass::subject_words, hit.meaning->noun)) return {Who::Kind::stranger, {}};
  if (last.kind == Who::Kind::actors) return last;
  return list.size() == 1 ? everyone() : Who{Who::Kind::stranger, {}};
}

}  // namespace troupe::stage::prompt
