#include "engine/stage/prompt/cast.h"

#include <algorithm>

#include "engine/stage/prompt/actors.h"
#include "engine/stage/prompt/speech.h"

namespace troupe::stage::prompt {
namespace {

constexpr int kLookAhead = 24;  // tokens searched for a name that comes after what is said of it

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (std::count(list.begin(), list.end(), item) == 0) list.push_back(item);
}

class CastReader {
 public:
  CastReader(Reading& reading, std::span<const Role> roles, std::span<const int> everybody,
             CastMemory& memory, const Vocabulary& vocabulary)
      : reading_(reading),
        roles_(roles),
        memory_(memory),
        vocabulary_(vocabulary),
        actors_(reading, roles, memory, vocabulary) {
    for (const int reference : everybody) actors_.actor_for(reference);
    if (everybody.empty()) {
      actors_.carry();
    } else {
      actors_.bind_nouns();
    }
  }

  Cast run() {
    for (token_ = 0; token_ < reading_.size();) {
      enter_clause();
      token_ += visit();
    }
    std::vector<int> last;
    for (const Actor& actor : actors_.list) last.push_back(actor.reference);
    if (!last.empty()) memory_.last = last;
    cast_.actors = std::move(actors_.list);
    return std::move(cast_);
  }

 private:
  const Token& at(int token) const { return reading_.tokens[static_cast<size_t>(token)]; }
  bool is(int token, WordClass word_class) const { return reading_.is(token, word_class, vocabulary_); }
  // ---- clauses ----

  void enter_clause() {
    const int clause = reading_.clause[static_cast<size_t>(token_)];
    if (clause == clause_) return;
    const int sentence = reading_.sentence[static_cast<size_t>(token_)];
    if (sentence != sentence_) {
      inherited_ = {};
      listed_ = false;
    } else {
      inherit();
    }
    grammatical_ = current_ = placed_ = {};
    joins_ = verb_seen_ = relative_ = false;
    clause_ = clause;
    sentence_ = sentence;
  }

  /// What the clause that ends here leaves to the next one of its sentence.
  void inherit() {
    // "…, who catches it and runs": still about "who".
    if (relative_ && at(token_).kind == Token::Kind::word) grammatical_ = current_;
    if (grammatical_.kind == Who::Kind::nobody) return;
    // "@a on the left and @b on the right, talking": clauses without a verb list who the verb is about.
    const bool joint = listed_ && !verb_seen_ && grammatical_.kind == Who::Kind::actors;
    if (!joint) inherited_.actors.clear();
    inherited_.kind = grammatical_.kind;
    for (const int actor : grammatical_.actors) {
      if (std::count(inherited_.actors.begin(), inherited_.actors.end(), actor) == 0)
        inherited_.actors.push_back(actor);
    }
    listed_ = !verb_seen_ && grammatical_.kind == Who::Kind::actors;
  }

  /// Handles what stands at token_; returns how many tokens that was.
  int visit() {
    const Token& token = at(token_);
    if (token.kind == Token::Kind::quote) {
      quote();
      return 1;
    }
    if (actors_.is_subject(token_)) {
      meet({Who::Kind::actors, {actors_.actor_for(token.reference)}});
      return 1;
    }
    if (Hit* hit = hit_here()) {
      const int count = hit->count;
      if (!hit->negated) take(*hit);
      return count;
    }
    if (token.kind == Token::Kind::word) plain_word();
    return 1;
  }

  Hit* hit_here() {
    const int index = reading_.hit_at[static_cast<size_t>(token_)];
    return index < 0 ? nullptr : &reading_.hits[static_cast<size_t>(index)];
  }

  void plain_word() {
    const bool named = current_.kind == Who::Kind::actors || current_.kind == Who::Kind::stranger;
    if (is(token_, WordClass::relative) && named) {
      relative_ = true;
    } else if (is(token_, WordClass::pronouns_all)) {
      meet(actors_.everyone());
    } else if (is(token_, WordClass::pronouns_one)) {
      if (last_.kind == Who::Kind::actors) meet({Who::Kind::actors, {last_.actors.back()}});
      if (last_.kind == Who::Kind::nobody && !actors_.list.empty()) {
        meet({Who::Kind::actors, {static_cast<int>(actors_.list.size()) - 1}});
      }
    } else if (is(token_, WordClass::voice_off) && grammatical_.kind == Who::Kind::nobody) {
      meet({Who::Kind::stranger, {}});
    } else if (is(token_, WordClass::camera)) {
      meet({Who::Kind::camera, {}});
    } else if (at(token_).folded != "and" && !is(token_, WordClass::articles)) {
      joins_ = false;
    }
  }

  void meet(Who who) {
    if (who.kind == Who::Kind::nobody) return;
    const bool both = who.kind == Who::Kind::actors && current_.kind == Who::Kind::actors;
    if (joins_ && both) {
      for (const int actor : who.actors) {
        if (std::count(current_.actors.begin(), current_.actors.end(), actor) == 0)
          current_.actors.push_back(actor);
      }
    } else {
      current_ = std::move(who);
    }
    const bool of_somebody = grammatical_.kind == Who::Kind::camera && current_.kind == Who::Kind::actors &&
                             reading_.governor[static_cast<size_t>(token_)] == Governor::camera && after_of();
    if (!verb_seen_ || grammatical_.kind == Who::Kind::nobody || of_somebody) grammatical_ = current_;
    placed_ = current_;
    if (current_.kind == Who::Kind::actors) last_ = current_;
    joins_ = true;
  }

  bool after_of() const {
    const std::string& before = reading_.word(token_ - 1);
    return before == "of" || before == "on" || is(token_ - 1, WordClass::articles);
  }

  // ---- what is said ----

  void take(Hit& hit) {
    if (hit.senses.empty()) return;
    if (is_name(hit)) noun(hit);
    scenery(hit);
    for (const Sense& sense : hit.senses) {
      if (sense.group == Group::action) act(hit, static_cast<Action>(sense.value));
      if (sense.group == Group::travel) go(hit, static_cast<Travel>(sense.value));
      if (sense.group == Group::heading)
        each(who_acts(hit), [&](Actor& a) { a.heading = static_cast<Heading>(sense.value); });
      if (sense.group == Group::view)
        each(who_acts(hit), [&](Actor& a) { a.view = static_cast<View>(sense.value); });
      if (sense.group == Group::placement) place(static_cast<Placement>(sense.value));
      if (sense.group == Group::gap) gap(hit, static_cast<Gap>(sense.value));
    }
    const bool verb = hit.has(Group::action) || hit.has(Group::travel);
    if (verb) verb_seen_ = true;
    if (!hit.has(Group::noun)) joins_ = false;
  }

  template <class Change>
  void each(const Who& who, Change change) {
    if (who.kind != Who::Kind::actors) return;
    for (const int actor : who.actors) change(actors_.list[static_cast<size_t>(actor)]);
  }

  /// Weather, light and places take what is said right after them: "leaves dancing", "a castle in the
  /// background".
  void scenery(const Hit& hit) {
    const bool is_scenery = hit.has(Group::environment) || hit.has(Group::weather) || hit.has(Group::light);
    if (!is_scenery || hit.has(Group::action) || hit.has(Group::noun)) return;
    if (is(hit.last() + 1, WordClass::relative)) current_ = {Who::Kind::stranger, {}};
    int before = hit.first - 1;
    while (is(before, WordClass::articles) ||
           (reading_.hit(before) && !reading_.is_stop(before) && !reading_.hit(before)->has(Group::action) &&
            hit.first - before < 4)) {
      --before;
    }
    if (is(before, WordClass::govern) || reading_.word(before) == "of") return;
    placed_ = {Who::Kind::stranger, {}};
    const bool first = grammatical_.kind == Who::Kind::nobody && !verb_seen_;
    const Hit* next = reading_.hit(hit.last() + 1);
    if (first) current_ = placed_;
    if (first && next && next->has(Group::action)) grammatical_ = placed_;
  }

  void noun(const Hit& hit) {
    if (actors_.is_place(hit)) return;
    // "A bottle of perfume" is one thing.
    const Hit* holder = reading_.word(hit.first - 1) == "of" ? reading_.hit(hit.first - 2) : nullptr;
    if (holder && is_name(*holder)) return;
    Who who = actors_.meant_by(hit, last_);
    if (who.kind == Who::Kind::stranger) add_once(cast_.props, hit.phrase);
    meet(std::move(who));
  }

  /// Whoever a verb at `hit` is about.
  Who who_acts(const Hit& hit) {
    const bool right_after = follows_name(hit.first);
    if (current_.kind != Who::Kind::nobody && current_.kind != Who::Kind::camera &&
        (relative_ || right_after)) {
      return current_;
    }
    for (const Who* who : {&grammatical_, &inherited_}) {
      if (who->kind == Who::Kind::actors || who->kind == Who::Kind::stranger) return *who;
      if (who->kind == Who::Kind::camera && current_.kind == Who::Kind::actors) return current_;
    }
    if (const Who next = named_later(hit); next.kind != Who::Kind::nobody) return next;
    return last_.kind == Who::Kind::actors ? last_ : actors_.everyone();
  }

  /// True if the token stands right behind a name, past adverbs and auxiliaries.
  bool follows_name(int token) const {
    for (int before = token - 1; before >= token - 4; --before) {
      if (names_somebody(reading_, before, roles_, vocabulary_)) return true;
      const std::string& word = reading_.word(before);
      const bool passes = word == "is" || word == "are" || word == "s" || word.ends_with("ly") ||
                          is(before, WordClass::adverbs) || is(before, WordClass::relative);
      const Hit* hit = reading_.hit(before);
      if (!passes && !(hit && hit->has(Group::speed))) return false;
    }
    return false;
  }

  /// "Walking in the rain, @a …": the name comes later in the sentence.
  Who named_later(const Hit& hit) {
    const int sentence = reading_.sentence[static_cast<size_t>(hit.first)];
    for (int token = hit.last() + 1; token < std::min(reading_.size(), hit.last() + kLookAhead); ++token) {
      if (reading_.sentence[static_cast<size_t>(token)] != sentence) break;
      if (actors_.is_subject(token)) return {Who::Kind::actors, {actors_.actor_for(at(token).reference)}};
    }
    return {};
  }

  void act(const Hit& hit, Action action) {
    Doing doing;
    doing.action = action;
    doing.token = hit.first;
    const std::string& word = reading_.word(hit.first);
    doing.participle = word.ends_with("ing");
    each(who_acts(hit), [&](Actor& actor) {
      const bool again = !actor.doings.empty() && actor.doings.back().action == action;
      if (!again) actor.doings.push_back(doing);
    });
    if (hit.phrase.starts_with("chas")) chase(hit, doing);
  }

  /// Who is chased runs too, and both run across.
  void chase(const Hit& hit, const Doing& doing) {
    const int prey = aim_after(hit);
    if (prey < 0) return;
    each(who_acts(hit), [](Actor& actor) { actor.goings.push_back({Travel::across, -1}); });
    Actor& runner = actors_.list[static_cast<size_t>(prey)];
    runner.doings.push_back(doing);
    runner.goings.push_back({Travel::across, -1});
  }

  void go(const Hit& hit, Travel travel) {
    Going going{travel, -1};
    const bool to_camera = hit.phrase.find("camera") != std::string::npos || hit.phrase.ends_with(" us");
    if (travel == Travel::toward || (travel == Travel::approach && !to_camera)) {
      const int target = aim_after(hit);
      const bool somewhere = target == kSomewhere;
      if (target >= 0) going = {Travel::toward, target};
      if (somewhere || (travel == Travel::toward && target < 0)) going.travel = Travel::away;
    }
    each(who_acts(hit), [&](Actor& actor) { actor.goings.push_back(going); });
  }

  static constexpr int kNowhere = -1, kSomewhere = -2;

  /// What "towards" aims at: an actor, a place or thing (kSomewhere), or nothing named (kNowhere).
  int aim_after(const Hit& hit) {
    for (int token = hit.last() + 1; token <= hit.last() + 5 && !reading_.is_stop(token); ++token) {
      if (actors_.is_subject(token)) return actors_.actor_for(at(token).reference);
      if (is(token, WordClass::camera) || reading_.word(token) == "us" || reading_.word(token) == "viewer")
        return kNowhere;
      const Hit* next = reading_.hit(token);
      if (next && next->has(Group::noun)) {
        const Who who = actors_.called(next->meaning->noun);
        return who.kind == Who::Kind::actors ? who.actors.front() : kSomewhere;
      }
      if (next && next->has(Group::environment)) return kSomewhere;
      if ((next && next->has(Group::action)) || is(token, WordClass::govern)) break;
    }
    return is(hit.last() + 1, WordClass::articles) ? kSomewhere : kNowhere;
  }

  void place(Placement placement) {
    Who who = placed_.kind != Who::Kind::nobody ? placed_ : current_;
    const bool relation = placement == Placement::behind_rel || placement == Placement::front_rel;
    if (relation && grammatical_.kind == Who::Kind::actors) who = grammatical_;
    if (who.kind == Who::Kind::nobody || who.kind == Who::Kind::camera) {
      const Hit* hit = reading_.hit(token_);
      who = hit ? named_later(*hit) : Who{};
      if (who.kind == Who::Kind::nobody)
        who = inherited_.kind == Who::Kind::actors ? inherited_ : actors_.everyone();
    }
    if (relation && !relates_to_actor()) return;
    each(who, [&](Actor& actor) {
      if (std::count(actor.placements.begin(), actor.placements.end(), placement) == 0)
        actor.placements.push_back(placement);
    });
  }

  /// "behind @b" places an actor, "behind the tree" does not.
  bool relates_to_actor() const {
    const Hit* hit = reading_.hit(token_);
    const int from = hit ? hit->last() + 1 : token_ + 1;
    for (int token = from; token <= from + 2 && !reading_.is_stop(token); ++token) {
      if (actors_.is_subject(token) || is(token, WordClass::pronouns_one) ||
          is(token, WordClass::pronouns_all))
        return true;
      const Hit* next = reading_.hit(token);
      if (next && next->has(Group::noun))
        return actors_.called(next->meaning->noun).kind == Who::Kind::actors;
    }
    return false;
  }

  void gap(const Hit& hit, Gap what) {
    switch (what) {
      case Gap::interaction:
        add_once(cast_.interactions, hit.phrase);
        break;
      case Gap::expression:
        add_once(cast_.expressions, hit.phrase);
        break;
      case Gap::morph:
        add_once(cast_.morphs, hit.phrase);
        break;
      case Gap::wearing:
        add_once(cast_.clothes, hit.phrase);
        break;
      case Gap::crowd:
        add_once(cast_.props, hit.phrase);
        meet({Who::Kind::stranger, {}});
        break;
      case Gap::painted:
        break;
    }
  }

  // ---- speech ----

  void quote() {
    if (quote_use(reading_.tokens, static_cast<size_t>(token_), vocabulary_) == QuoteUse::sign) {
      cast_.signs.push_back(at(token_).text);
      return;
    }
    const int actor = speaker();
    cast_.lines.push_back({at(token_).text, actor});
    if (actor < 0) return;
    auto& doings = actors_.list[static_cast<size_t>(actor)].doings;
    const bool talks =
        std::any_of(doings.begin(), doings.end(), [](const Doing& d) { return d.action == Action::talk; });
    if (!talks) doings.push_back({Action::talk, token_, false});
  }

  /// Who says the quote at token_: whoever "says" it right behind it, else whoever the sentence is about.
  int speaker() {
    if (const int after = speaker_after(); after >= 0) return after;
    if (voice_off()) return -1;
    for (const Who* who : {&grammatical_, &inherited_, &current_, &last_}) {
      if (who->kind == Who::Kind::actors) return who->actors.front();
      if (who->kind == Who::Kind::stranger) return -1;
    }
    return actors_.list.size() == 1 ? 0 : -1;
  }

  int speaker_after() {
    bool speaks = false;
    int actor = -1;
    for (int token = token_ + 1; token <= token_ + 5 && token < reading_.size(); ++token) {
      const Token& next = at(token);
      if (next.kind == Token::Kind::quote || (next.kind == Token::Kind::mark && next.mark != ',')) break;
      if (is_speaking(next, vocabulary_)) speaks = true;
      if (actors_.is_subject(token)) actor = actors_.actor_for(next.reference);
      const Hit* hit = reading_.hit(token);
      if (hit && hit->has(Group::noun) && actors_.called(hit->meaning->noun).kind == Who::Kind::actors)
        actor = actors_.called(hit->meaning->noun).actors.front();
      if (speaks && actor >= 0) return actor;
      if (is(token, WordClass::clause_breaks)) break;
    }
    return -1;
  }

  bool voice_off() const {
    for (int token = token_ - 1; token >= token_ - 6 && token >= 0; --token) {
      if (reading_.sentence[static_cast<size_t>(token)] != sentence_) break;
      if (is(token, WordClass::voice_off)) return true;
    }
    return false;
  }

  Reading& reading_;
  std::span<const Role> roles_;
  CastMemory& memory_;
  const Vocabulary& vocabulary_;
  Actors actors_;
  Cast cast_;
  int token_ = 0, clause_ = -1, sentence_ = -1;
  Who grammatical_;     ///< subject of this clause
  Who inherited_;       ///< subject of the clause before, in this sentence
  Who current_;         ///< named last in this clause
  Who placed_;          ///< what a placement here is about
  Who last_;            ///< actors named last, in any sentence
  bool joins_ = false;  ///< only "and" stands since current_
  bool verb_seen_ = false;
  bool listed_ = false;    ///< inherited_ comes from clauses without a verb
  bool relative_ = false;  ///< behind "who": about current_ until the clause ends
};

}  // namespace

CastMemory start_memory(std::span<const std::string> reference_names, const Vocabulary& vocabulary) {
  CastMemory memory;
  memory.nouns.resize(reference_names.size());
  memory.classes.resize(reference_names.size());
  for (size_t i = 0; i < reference_names.size(); ++i) {
    std::string spaced = reference_names[i];
    std::replace(spaced.begin(), spaced.end(), '_', ' ');
    for (const Hit& hit : scan(tokenize_plain(spaced), vocabulary)) {
      if (!hit.has(Group::noun)) continue;
      memory.nouns[i] = hit.meaning->noun;
      memory.classes[i] = static_cast<NounClass>(hit.value(Group::noun));
    }
  }
  return memory;
}

Cast read_cast(Reading& reading, std::span<const Role> roles, std::span<const int> everybody,
               CastMemory& memory, const Vocabulary& vocabulary) {
  return CastReader(reading, roles, everybody, memory, vocabulary).run();
}

}  // namespace troupe::stage::prompt
