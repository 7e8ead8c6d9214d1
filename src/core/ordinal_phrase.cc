#include "core/ordinal_phrase.h"

#include <algorithm>
#include <array>

#include "core/short_text.h"

namespace troupe {
namespace {

constexpr std::array<std::string_view, 10> kOrdinals = {"first", "second",  "third",  "fourth", "fifth",
                                                        "sixth", "seventh", "eighth", "ninth",  "tenth"};
struct Noun {
  std::string_view text;
  TagWord word;
};
constexpr std::array<Noun, 7> kNouns = {{{"image", TagWord::image},
                                         {"picture", TagWord::image},
                                         {"photo", TagWord::image},
                                         {"photograph", TagWord::image},
                                         {"video", TagWord::video},
                                         {"clip", TagWord::video},
                                         {"reference", TagWord::reference}}};
constexpr std::array<std::string_view, 9> kPrepositions = {"from", "in",   "of",      "on",  "with",
                                                           "into", "onto", "through", "like"};

// Reads words one by one; a phrase may run over a line's end.
class Words {
 public:
  Words(std::string_view text, size_t at) : text_(text), at_(at) {}

  size_t end() const { return at_; }
  /// The next word, without moving; "" if something else comes.
  std::string_view peek() const {
    const size_t begin = at_ + spaces();
    size_t end = begin;
    while (end < text_.size() && ascii_alnum(text_[end])) ++end;
    return text_.substr(begin, end - begin);
  }
  void take() { at_ += spaces() + peek().size(); }

 private:
  size_t spaces() const {
    size_t end = at_;
    while (end < text_.size() && ascii_space(text_[end])) ++end;
    return end - at_;
  }

  std::string_view text_;
  size_t at_;
};

std::string_view suffix(int number) {
  const bool teen = number % 100 >= 11 && number % 100 <= 13;
  if (teen) return "th";
  return number % 10 == 1 ? "st" : number % 10 == 2 ? "nd" : number % 10 == 3 ? "rd" : "th";
}

// "second", "2nd" or "last"; 0 for any other word.
int ordinal_value(std::string_view word) {
  if (equal_ignoring_case(word, "last")) return kLast;
  for (size_t i = 0; i < kOrdinals.size(); ++i) {
    if (equal_ignoring_case(word, kOrdinals[i])) return static_cast<int>(i) + 1;
  }
  if (word.size() < 3) return 0;
  const auto number = parse_decimal(word.substr(0, word.size() - 2), 0);
  if (!number) return 0;
  const auto value = static_cast<int>(*number);
  return equal_ignoring_case(word.substr(word.size() - 2), suffix(value)) ? value : 0;
}

std::optional<TagWord> noun(std::string_view word) {
  for (const Noun& known : kNouns) {
    if (equal_ignoring_case(word, known.text)) return known.word;
  }
  return std::nullopt;
}

bool after_preposition(std::string_view text, size_t at) {
  size_t end = at;
  while (end > 0 && ascii_space(text[end - 1])) --end;
  if (end == at) return false;
  size_t begin = end;
  while (begin > 0 && ascii_alnum(text[begin - 1])) --begin;
  const std::string_view word = text.substr(begin, end - begin);
  return std::any_of(kPrepositions.begin(), kPrepositions.end(),
                     [word](std::string_view known) { return equal_ignoring_case(word, known); });
}

}  // namespace

std::optional<OrdinalPhrase> ordinal_phrase(std::string_view text, size_t at) {
  Words words(text, at);
  const bool definite = equal_ignoring_case(words.peek(), "the");
  if (definite) words.take();
  const int number = ordinal_value(words.peek());
  if (number == 0) return std::nullopt;
  words.take();
  if (!definite && !after_preposition(text, at)) return std::nullopt;
  auto word = noun(words.peek());
  if (!word) return std::nullopt;
  words.take();
  // "the first reference image": the second noun says more.
  if (*word == TagWord::reference && noun(words.peek())) {
    word = noun(words.peek());
    words.take();
  }
  if (const auto next = words.peek(); !next.empty() && ascii_digit(next.front())) return std::nullopt;
  return OrdinalPhrase{*word, number, words.end() - at, definite};
}

std::string ordinal(int number) {
  if (number <= static_cast<int>(kOrdinals.size()))
    return std::string(kOrdinals[static_cast<size_t>(number) - 1]);
  return std::to_string(number) + std::string(suffix(number));
}

}  // namespace troupe
