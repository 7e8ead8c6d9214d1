#include "engine/stage/prompt/vocabulary.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/stage/prompt/words.h"

extern "C" const unsigned char troupe_stage_vocabulary[];
extern "C" const unsigned char troupe_stage_vocabulary_end[];

namespace troupe::stage::prompt {
namespace {

using nlohmann::json;

constexpr std::string_view kWordClassNames[] = {
    "govern",       "far",          "articles",      "indefinite",    "negators", "camera",
    "pronouns_one", "pronouns_all", "clause_breaks", "sequence",      "relative", "signage",
    "voice_off",    "place_words",  "style_words",   "subject_words", "adverbs",  "stop"};
static_assert(std::size(kWordClassNames) == kWordClasses);

Error bad(std::string message) {
  return make_error(ErrorCode::corrupt_input, "vocabulary: " + std::move(message));
}

class Reader {
 public:
  Result<Vocabulary> read(const json& root) {
    if (!root.is_object()) return bad("the top level is no object");
    TROUPE_CHECK_OK(read_groups(root.value("groups", json::object())));
    TROUPE_CHECK_OK(read_substitutes(root.value("substitutes", json::object())));
    TROUPE_CHECK_OK(read_nouns(root.value("nouns", json::object())));
    TROUPE_CHECK_OK(mark_weak(root.value("weak", json::object())));
    TROUPE_CHECK_OK(read_words(root.value("words", json::object())));
    TROUPE_CHECK_OK(read_rules(root.value("rules", json::array())));
    index();
    return std::move(vocabulary_);
  }

 private:
  static Result<std::vector<std::string>> phrases_of(const json& list, const std::string& where) {
    std::vector<std::string> phrases;
    if (!list.is_array()) return bad(where + " is no list");
    for (const json& item : list) {
      if (!item.is_string()) return bad(where + " holds something that is no string");
      phrases.push_back(normalize_phrase(item.get_ref<const std::string&>()));
      if (phrases.back().empty()) return bad(where + " holds a phrase without words");
    }
    return phrases;
  }

  Meaning& at(const std::string& phrase) { return vocabulary_.phrases[phrase]; }

  Result<void> add(const json& words, Group group, bool stand_in) {
    if (!words.is_object()) return bad(std::string(name(group)) + " is no object");
    for (const auto& [canonical, list] : words.items()) {
      const auto value = value_named(group, canonical);
      const std::string where = std::string(name(group)) + "." + canonical;
      if (!value) return bad(where + " is no word of that group");
      TROUPE_TRY(const auto phrases, phrases_of(list, where));
      for (const std::string& phrase : phrases) {
        auto& senses = at(phrase).senses;
        const bool known = std::any_of(senses.begin(), senses.end(), [&](const Sense& sense) {
          return sense.group == group && sense.value == *value;
        });
        if (!known) senses.push_back({group, *value, false, stand_in});
      }
    }
    return {};
  }

  Result<void> read_groups(const json& groups) {
    for (const auto& [group_name, words] : groups.items()) {
      const auto group = group_named(group_name);
      if (!group) return bad("there is no group " + group_name);
      TROUPE_CHECK_OK(add(words, *group, false));
    }
    return {};
  }

  Result<void> read_substitutes(const json& words) { return add(words, Group::environment, true); }

  void add_noun(const std::string& phrase, const std::string& singular, bool plural, int value) {
    Meaning& meaning = at(phrase);
    if (!meaning.noun.empty()) return;
    meaning.noun = singular;
    meaning.plural = plural;
    meaning.senses.push_back({Group::noun, value});
  }

  Result<void> read_nouns(const json& classes) {
    for (const auto& [class_name, list] : classes.items()) {
      const auto value = value_named(Group::noun, class_name);
      if (!value) return bad("there is no class of nouns " + class_name);
      if (!list.is_array()) return bad("nouns." + class_name + " is no list");
      for (const json& item : list) {
        if (!item.is_string()) return bad("nouns." + class_name + " holds something that is no string");
        const std::string both = item.get<std::string>();
        const size_t slash = both.find('/');
        const std::string singular = normalize_phrase(both.substr(0, slash));
        const bool regular = slash == std::string::npos;
        const std::string plural = regular ? singular + "s" : normalize_phrase(both.substr(slash + 1));
        if (singular.empty() || plural.empty()) return bad("nouns." + class_name + " holds an empty noun");
        add_noun(singular, singular, false, *value);
        add_noun(plural, singular, true, *value);
      }
    }
    return {};
  }

  Result<void> mark_weak(const json& groups) {
    for (const auto& [group_name, list] : groups.items()) {
      const auto group = group_named(group_name);
      if (!group) return bad("weak: there is no group " + group_name);
      TROUPE_TRY(const auto phrases, phrases_of(list, "weak." + group_name));
      for (const std::string& phrase : phrases) {
        if (!vocabulary_.find(phrase)) return bad("weak: \"" + phrase + "\" is no phrase of any group");
        weak_.insert({*group, phrase});
        for (Sense& sense : at(phrase).senses) sense.weak |= sense.group == *group;
      }
    }
    return {};
  }

  Result<void> read_words(const json& classes) {
    for (const auto& [class_name, list] : classes.items()) {
      const auto found = std::find(std::begin(kWordClassNames), std::end(kWordClassNames), class_name);
      if (found == std::end(kWordClassNames)) return bad("there is no class of words " + class_name);
      TROUPE_TRY(const auto words, phrases_of(list, "words." + class_name));
      vocabulary_.words[static_cast<size_t>(found - std::begin(kWordClassNames))].insert(words.begin(),
                                                                                         words.end());
    }
    return {};
  }

  Result<Sense> sense_named(const std::string& both) {
    const size_t dot = both.find('.');
    const auto group = group_named(both.substr(0, dot));
    if (dot == std::string::npos || !group) return bad("rules: \"" + both + "\" names no group");
    const auto value = value_named(*group, both.substr(dot + 1));
    if (!value) return bad("rules: there is no " + both);
    return Sense{*group, *value};
  }

  static Result<void> read_list(const json& rule, const char* key, std::set<std::string, std::less<>>& into) {
    if (!rule.contains(key)) return {};
    TROUPE_TRY(const auto words, phrases_of(rule[key], std::string("rules: ") + key));
    into.insert(words.begin(), words.end());
    return {};
  }

  static std::optional<bool> read_flag(const json& rule, const char* key) {
    const auto found = rule.find(key);
    if (found == rule.end() || !found->is_boolean()) return std::nullopt;
    return found->get<bool>();
  }

  Result<Rule> read_rule(const json& item) {
    Rule rule;
    TROUPE_CHECK_OK(read_list(item, "after", rule.after));
    TROUPE_CHECK_OK(read_list(item, "before", rule.before));
    TROUPE_CHECK_OK(read_list(item, "near", rule.near));
    rule.camera = read_flag(item, "camera");
    rule.subject = read_flag(item, "subject");
    rule.direct = read_flag(item, "direct");
    rule.follows_action = read_flag(item, "follows_action");
    const auto means = item.find("means");
    if (means == item.end() || !means->is_array()) return bad("a rule lacks its list \"means\"");
    for (const json& sense : *means) {
      if (!sense.is_string()) return bad("rules: a sense is no string");
      TROUPE_TRY(const Sense read, sense_named(sense.get<std::string>()));
      rule.means.push_back(read);
    }
    return rule;
  }

  Result<void> read_rules(const json& rules) {
    if (!rules.is_array()) return bad("rules is no list");
    for (const json& item : rules) {
      if (!item.is_object() || !item.contains("phrases")) return bad("a rule lacks its phrases");
      TROUPE_TRY(const auto phrases, phrases_of(item["phrases"], "rules: phrases"));
      TROUPE_TRY(const Rule rule, read_rule(item));
      for (const std::string& phrase : phrases) {
        at(phrase).rules.push_back(rule);
        for (Sense& sense : at(phrase).rules.back().means) sense.weak = weak_.contains({sense.group, phrase});
      }
    }
    return {};
  }

  void index() {
    for (const auto& [phrase, meaning] : vocabulary_.phrases) {
      const int words = static_cast<int>(std::count(phrase.begin(), phrase.end(), ' ')) + 1;
      int& longest = vocabulary_.longest[phrase.substr(0, phrase.find(' '))];
      longest = std::max(longest, words);
    }
  }

  Vocabulary vocabulary_;
  std::set<std::pair<Group, std::string>> weak_;
};

}  // namespace

const Meaning* Vocabulary::find(std::string_view phrase) const {
  const auto found = phrases.find(phrase);
  return found == phrases.end() ? nullptr : &found->second;
}

bool Vocabulary::is(WordClass word_class, std::string_view folded) const {
  return words[static_cast<size_t>(word_class)].contains(folded);
}

Result<Vocabulary> parse_vocabulary(std::string_view text) {
  const json root = json::parse(text, nullptr, false);
  if (root.is_discarded()) return bad("this is no JSON");
  return Reader().read(root);
}

Result<Vocabulary> load_vocabulary() {
  const auto* begin = reinterpret_cast<const char*>(troupe_stage_vocabulary);
  const auto* end = reinterpret_cast<const char*>(troupe_stage_vocabulary_end);
  return parse_vocabulary({begin, static_cast<size_t>(end - begin)});
}

}  // namespace troupe::stage::prompt
