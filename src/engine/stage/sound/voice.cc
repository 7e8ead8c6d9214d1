#include "engine/stage/sound/voice.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/utf8.h"

namespace troupe::stage {
namespace {

enum class Kind { man, woman, old_man, old_woman, boy, girl, machine, spirit, giant, beast, critter };

struct NounKind {
  std::string_view word;
  Kind kind;
};

// Words as they stand alone or as one word of a longer noun. Earlier rows win: "old woman" is old first.
constexpr NounKind kNouns[] = {
    {"grandmother", Kind::old_woman},
    {"grandma", Kind::old_woman},
    {"witch", Kind::old_woman},
    {"grandfather", Kind::old_man},
    {"grandpa", Kind::old_man},
    {"wizard", Kind::old_man},
    {"robot", Kind::machine},
    {"android", Kind::machine},
    {"cyborg", Kind::machine},
    {"alien", Kind::machine},
    {"humanoid", Kind::machine},
    {"car", Kind::machine},
    {"spaceship", Kind::machine},
    {"computer", Kind::machine},
    {"ghost", Kind::spirit},
    {"vampire", Kind::spirit},
    {"skeleton", Kind::spirit},
    {"zombie", Kind::spirit},
    {"demon", Kind::giant},
    {"monster", Kind::giant},
    {"ogre", Kind::giant},
    {"troll", Kind::giant},
    {"orc", Kind::giant},
    {"dragon", Kind::giant},
    {"dinosaur", Kind::giant},
    {"elephant", Kind::giant},
    {"whale", Kind::giant},
    {"gorilla", Kind::giant},
    {"rex", Kind::giant},
    {"bear", Kind::beast},
    {"lion", Kind::beast},
    {"tiger", Kind::beast},
    {"wolf", Kind::beast},
    {"dog", Kind::beast},
    {"horse", Kind::beast},
    {"cow", Kind::beast},
    {"bull", Kind::beast},
    {"frog", Kind::beast},
    {"toad", Kind::beast},
    {"animal", Kind::beast},
    {"creature", Kind::beast},
    {"panda", Kind::beast},
    {"fox", Kind::critter},
    {"cat", Kind::critter},
    {"kitten", Kind::critter},
    {"puppy", Kind::critter},
    {"mouse", Kind::critter},
    {"rat", Kind::critter},
    {"hamster", Kind::critter},
    {"squirrel", Kind::critter},
    {"rabbit", Kind::critter},
    {"bunny", Kind::critter},
    {"bird", Kind::critter},
    {"parrot", Kind::critter},
    {"duck", Kind::critter},
    {"duckling", Kind::critter},
    {"penguin", Kind::critter},
    {"bee", Kind::critter},
    {"elf", Kind::critter},
    {"goblin", Kind::critter},
    {"mascot", Kind::critter},
    {"piglet", Kind::critter},
    {"fairy", Kind::girl},
    {"girl", Kind::girl},
    {"doll", Kind::girl},
    {"boy", Kind::boy},
    {"child", Kind::boy},
    {"kid", Kind::boy},
    {"baby", Kind::girl},
    {"toddler", Kind::girl},
    {"puppet", Kind::boy},
    {"woman", Kind::woman},
    {"lady", Kind::woman},
    {"princess", Kind::woman},
    {"queen", Kind::woman},
    {"ballerina", Kind::woman},
    {"actress", Kind::woman},
    {"cowgirl", Kind::woman},
    {"heroine", Kind::woman},
    {"mermaid", Kind::woman},
    {"businesswoman", Kind::woman},
    {"bride", Kind::woman},
    {"mother", Kind::woman},
    {"mom", Kind::woman},
    {"mum", Kind::woman},
    {"sister", Kind::woman},
    {"waitress", Kind::woman},
    {"nun", Kind::woman},
    {"nurse", Kind::woman},
    {"lioness", Kind::woman},
    {"man", Kind::man},
    {"gentleman", Kind::man},
    {"guy", Kind::man},
    {"prince", Kind::man},
    {"king", Kind::man},
    {"knight", Kind::man},
    {"cowboy", Kind::man},
    {"businessman", Kind::man},
    {"groom", Kind::man},
    {"father", Kind::man},
    {"dad", Kind::man},
    {"brother", Kind::man},
    {"fisherman", Kind::man},
    {"policeman", Kind::man},
    {"waiter", Kind::man},
    {"monk", Kind::man},
    {"priest", Kind::man},
    {"pirate", Kind::man},
    {"samurai", Kind::man},
    {"snowman", Kind::man},
    {"soldier", Kind::man},
};

// The voices of a kind: three variants, so that two of a kind differ.
struct KindVoices {
  std::array<std::string_view, 3> variants;
  int pitch, words_a_minute;
  bool machine;
};

KindVoices voices_of(Kind kind) {
  switch (kind) {
    case Kind::man:
      return {{"m3", "m7", "m2"}, 42, 158, false};
    case Kind::woman:
      return {{"f3", "f2", "f4"}, 52, 160, false};
    case Kind::old_man:
      return {{"m6", "m5", "m4"}, 30, 138, false};
    case Kind::old_woman:
      return {{"f5", "f1", "f4"}, 34, 140, false};
    case Kind::boy:
      return {{"f1", "f4", "f2"}, 80, 165, false};
    case Kind::girl:
      return {{"f2", "f3", "f4"}, 88, 168, false};
    case Kind::machine:
      return {{"m3", "m7", "f3"}, 28, 150, true};
    case Kind::spirit:
      return {{"m5", "f5", "m6"}, 22, 128, false};
    case Kind::giant:
      return {{"m7", "m6", "m4"}, 4, 125, false};
    case Kind::beast:
      return {{"m6", "m7", "m4"}, 24, 148, false};
    case Kind::critter:
      return {{"f4", "f2", "f1"}, 97, 178, false};
  }
  return {};
}

std::vector<std::string> words_of(std::string_view noun) {
  std::vector<std::string> words(1);
  for (const char c : noun) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower >= 'a' && lower <= 'z') {
      words.back() += lower;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Kind aged(Kind kind) {
  return kind == Kind::woman ? Kind::old_woman : kind == Kind::man ? Kind::old_man : kind;
}

Kind kind_of(std::string_view noun, unsigned index) {
  const std::vector<std::string> words = words_of(noun);
  const bool old = has_word(words, "old") || has_word(words, "elderly");
  for (const NounKind& row : kNouns) {
    if (has_word(words, row.word)) return old ? aged(row.kind) : row.kind;
  }
  const Kind either = index % 2 == 0 ? Kind::woman : Kind::man;
  return old ? aged(either) : either;
}

struct Range {
  char32_t first, last;
};

bool in_any(char32_t c, std::initializer_list<Range> ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range r) { return c >= r.first && c <= r.last; });
}

// Emoji, pictures, arrows, private use, joiners and what else has no sound.
bool is_picture(char32_t c) {
  return in_any(c, {{0x200b, 0x200f},
                    {0x2028, 0x202f},
                    {0x2060, 0x206f},
                    {0x20d0, 0x20ff},
                    {0x2190, 0x2bff},
                    {0xd800, 0xf8ff},
                    {0xfe00, 0xfe0f},
                    {0xfff0, 0xffff},
                    {0x1f000, 0x1faff},
                    {0xe0000, 0x10ffff}});
}

bool is_letter_or_digit(char32_t c) {
  if (c < 0x80) return in_any(c, {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}});
  if (is_picture(c) || c == 0xd7 || c == 0xf7) return false;
  const bool mark = in_any(c, {{0x80, 0xa9},
                               {0xab, 0xb4},
                               {0xb6, 0xb9},
                               {0xbb, 0xbf},
                               {0x2000, 0x206f},
                               {0x2e00, 0x2e7f},
                               {0x3000, 0x3004},
                               {0x3008, 0x3020},
                               {0x3030, 0x3030},
                               {0xfe10, 0xfe6f},
                               {0xff00, 0xff0f},
                               {0xff1a, 0xff20},
                               {0xff3b, 0xff40},
                               {0xff5b, 0xff65}});
  return !mark;
}

}  // namespace

Voice choose_voice(int voice_index, std::string_view noun) {
  const auto index = static_cast<unsigned>(voice_index) + 1u;
  const Kind kind = kind_of(noun, index);
  const KindVoices voices = voices_of(kind);
  // Without a noun women and men alternate: each of the two kinds counts its own speakers.
  const unsigned turn = noun.empty() ? index / 2 : index;
  Voice voice;
  voice.variant = voices.variants[turn % voices.variants.size()];
  voice.pitch = std::clamp(voices.pitch + 3 * static_cast<int>(turn % 3) - 3, 0, 99);
  voice.words_a_minute = voices.words_a_minute;
  voice.machine = voices.machine;
  return voice;
}

std::string speakable(std::string_view text) {
  std::string spoken;
  bool sayable = false;
  bool cut = false;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    cut = spoken.size() + point.length + 1 > kSpokenBytesMax;
    if (cut) break;
    const bool blank = point.value <= 0x20 || point.value == 0x7f || point.value == 0xfffd ||
                       (point.value >= 0x80 && point.value <= 0xa0) || is_picture(point.value);
    if (!blank) spoken += text.substr(at, point.length);
    if (blank && !spoken.empty() && spoken.back() != ' ') spoken += ' ';
    // "[[" would start phoneme names.
    if (point.value == '[') spoken += ' ';
    sayable = sayable || is_letter_or_digit(point.value);
    at += point.length;
  }
  if (!sayable) return {};
  if (cut) {
    if (const size_t space = spoken.rfind(' '); space != std::string::npos) spoken.resize(space);
  }
  return spoken;
}

std::string_view language_of(std::string_view text) {
  struct Script {
    Range range;
    std::string_view language;
  };
  // Kana before Han: Japanese has both.
  static constexpr Script kScripts[] = {
      {{0x3040, 0x30ff}, "ja"},  {{0xac00, 0xd7af}, "ko"}, {{0x1100, 0x11ff}, "ko"},
      {{0x4e00, 0x9fff}, "cmn"}, {{0x0400, 0x04ff}, "ru"}, {{0x0370, 0x03ff}, "el"},
      {{0x0590, 0x05ff}, "he"},  {{0x0600, 0x06ff}, "ar"}, {{0x0900, 0x097f}, "hi"},
  };
  std::array<size_t, std::size(kScripts)> counts{};
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    for (size_t i = 0; i < counts.size(); ++i) {
      if (point.value >= kScripts[i].range.first && point.value <= kScripts[i].range.last) ++counts[i];
    }
    at += point.length;
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) return kScripts[i].language;
  }
  return "en-us";
}

}  // namespace troupe::stage
