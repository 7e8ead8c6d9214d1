// Ambiguous phrases, settled by the words around them.
#include <algorithm>
#include <set>

#include "engine/stage/prompt/reading.h"

namespace troupe::stage::prompt {
namespace {

using WordSet = std::set<std::string, std::less<>>;

class Settler {
 public:
  Settler(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary)
      : reading_(reading), roles_(roles), vocabulary_(vocabulary) {}

  void run() {
    for (Hit& hit : reading_.hits) {
      const auto& rules = hit.meaning->rules;
      const auto rule =
          std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return holds(r, hit); });
      if (rule != rules.end()) hit.senses = rule->means;
    }
  }

 private:
  bool holds(const Rule& rule, const Hit& hit) const {
    if (!rule.after.empty() && !within(rule.after, hit.last() + 1, hit.last() + 2, hit)) return false;
    if (!rule.before.empty() && !within(rule.before, hit.first - reach_back(hit), hit.first - 1, hit))
      return false;
    if (!rule.near.empty() && !within(rule.near, hit.first - 5, hit.first - 1, hit) &&
        !within(rule.near, hit.last() + 1, hit.last() + 5, hit)) {
      return false;
    }
    if (rule.camera && *rule.camera != (governor(hit) == Governor::camera)) return false;
    if (rule.subject && *rule.subject != is_verb(hit)) return false;
    if (rule.direct && *rule.direct != somebody(hit.first - 1)) return false;
    if (rule.follows_action && *rule.follows_action != follows_action(hit)) return false;
    return true;
  }

  /// Two words, but not past a name: the article of "a dog plays" says nothing of "plays".
  int reach_back(const Hit& hit) const { return somebody(hit.first - 1) ? 1 : 2; }

  bool within(const WordSet& words, int from, int to, const Hit& hit) const {
    for (int token = std::max(from, 0); token <= std::min(to, reading_.size() - 1); ++token) {
      if (sentence(token) == sentence(hit.first) && words.contains(reading_.word(token))) return true;
    }
    return false;
  }

  int sentence(int token) const { return reading_.sentence[static_cast<size_t>(token)]; }

  Governor governor(const Hit& hit) const { return reading_.governor[static_cast<size_t>(hit.first)]; }

  bool somebody(int token) const { return names_somebody(reading_, token, roles_, vocabulary_); }

  bool clause_starts(int token) const {
    return token == 0 ||
           reading_.clause[static_cast<size_t>(token)] != reading_.clause[static_cast<size_t>(token) - 1];
  }

  /// True where a verb of the clause's subject can stand: after a name, an adverb or another verb, or first
  /// in a clause that goes on about somebody.
  bool is_verb(const Hit& hit) const {
    if (governor(hit) != Governor::somebody) return false;
    if (clause_starts(hit.first)) return true;
    const int before = hit.first - 1;
    if (somebody(before)) return true;
    const std::string& word = reading_.word(before);
    const bool adverb = word.ends_with("ly") || vocabulary_.is(WordClass::adverbs, word);
    const bool joint = vocabulary_.is(WordClass::clause_breaks, word) || word == "to" || word == "or";
    if (adverb || (joint && clause_starts(before))) return true;
    if (word == "to" || word == "is" || word == "are") return true;
    const Hit* previous = reading_.hit(before);
    return previous && previous->has(Group::action);
  }

  bool follows_action(const Hit& hit) const {
    for (int token = hit.first - 1; token >= hit.first - 3 && !reading_.is_stop(token); --token) {
      const Hit* before = reading_.hit(token);
      if (before && before->has(Group::action)) return true;
    }
    return false;
  }

  Reading& reading_;
  std::span<const Role> roles_;
  const Vocabulary& vocabulary_;
};

}  // namespace

void settle_ambiguous(Reading& reading, std::span<const Role> roles, const Vocabulary& vocabulary) {
  Settler(reading, roles, vocabulary).run();
}

}  // namespace troupe::stage::prompt
