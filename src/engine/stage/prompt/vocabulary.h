// The words that the stage engine understands: vocabulary.json as a value.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/stage/prompt/names.h"

namespace troupe::stage::prompt {

/// One thing that a phrase can say.
struct Sense {
  Group group = Group::move;
  int value = 0;          ///< the group's enumerator
  bool weak = false;      ///< never beats a sense of the same group that is not
  bool stand_in = false;  ///< an environment that is only the nearest to what the phrase names
  bool operator==(const Sense&) const = default;
};

/// Words that matter by themselves, not as phrases.
enum class WordClass {
  govern,
  far,
  articles,
  indefinite,
  negators,
  camera,
  pronouns_one,
  pronouns_all,
  clause_breaks,
  sequence,
  relative,
  signage,
  voice_off,
  place_words,
  style_words,
  subject_words,
  adverbs,
  stop
};
inline constexpr int kWordClasses = 18;

/// Decides what an ambiguous phrase means where it stands. All conditions that are set must hold.
struct Rule {
  std::set<std::string, std::less<>> after;   ///< one of the next two words is in the list
  std::set<std::string, std::less<>> before;  ///< one of the two words before is
  std::set<std::string, std::less<>> near;  ///< one of the five words to either side is, in the same sentence
  std::optional<bool> camera;               ///< whether the camera is the subject of the verb
  std::optional<bool> subject;              ///< whether it stands where somebody's verb does
  std::optional<bool> direct;               ///< whether somebody is named right before it
  std::optional<bool> follows_action;       ///< whether an action ends at most two words before
  std::vector<Sense> means;                 ///< empty: the phrase says nothing here
};

struct Meaning {
  std::vector<Sense> senses;  ///< where no rule holds
  std::vector<Rule> rules;    ///< the first that holds decides
  std::string noun;           ///< of a noun: its singular
  bool plural = false;
};

/// Immutable after loading; may be read from several threads.
struct Vocabulary {
  std::map<std::string, Meaning, std::less<>> phrases;  ///< keys as normalize_phrase() makes them
  std::map<std::string, int, std::less<>> longest;      ///< first word: words of the longest phrase it begins
  std::array<std::set<std::string, std::less<>>, kWordClasses> words;

  const Meaning* find(std::string_view phrase) const;
  bool is(WordClass word_class, std::string_view folded) const;
};

/// Reads a vocabulary. Errors: corrupt_input, naming the group, word or rule that is wrong.
Result<Vocabulary> parse_vocabulary(std::string_view json);

/// The vocabulary that is built in. Takes some milliseconds: keep the value.
Result<Vocabulary> load_vocabulary();

}  // namespace troupe::stage::prompt
