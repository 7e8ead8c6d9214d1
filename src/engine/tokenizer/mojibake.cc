#include "engine/tokenizer/mojibake.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/utf8.h"
#include "engine/tokenizer/code_points.h"
#include "engine/tokenizer/windows_1252.h"

namespace troupe::tokenizer {
namespace {

constexpr int kLayersMax = 8;
constexpr char32_t kNoBreakSpace = 0xA0;
constexpr char32_t kLatinLetters = 0xC3;      // leads the letters of Latin-1, read as A with tilde
constexpr char32_t kLatinPunctuation = 0xC2;  // leads the symbols of Latin-1, read as A with circumflex

// Characters begin … begin + length - 1 of a text are the bytes of `value` in UTF-8.
struct Sequence {
  size_t begin = 0;
  size_t length = 0;
  char32_t value = 0;
};

bool is_c1_control(char32_t c) { return c >= 0x80 && c <= 0x9F; }
bool is_lower_ascii(char32_t c) { return c >= U'a' && c <= U'z'; }

std::optional<Sequence> sequence_at(std::u32string_view text, size_t at) {
  if (text[at] < 0xC2 || text[at] > 0xF4) return std::nullopt;
  std::string bytes;
  for (size_t i = at; i < text.size() && bytes.size() < 4; ++i) {
    const auto byte = to_windows_1252(text[i]);
    if (!byte) break;
    bytes += static_cast<char>(*byte);
  }
  const CodePoint point = code_point_at(bytes, 0);
  if (point.length == 1) return std::nullopt;
  const bool control = is_c1_control(point.value) && !is_c1_control(text[at + 1]);
  if (control || is_unassigned(point.value)) return std::nullopt;
  return Sequence{at, point.length, point.value};
}

std::vector<Sequence> sequences_in(std::u32string_view text) {
  std::vector<Sequence> sequences;
  for (size_t at = 0; at < text.size();) {
    const auto sequence = sequence_at(text, at);
    if (sequence) sequences.push_back(*sequence);
    at += sequence ? sequence->length : 1;
  }
  return sequences;
}

bool is_one_of(char32_t c, std::u32string_view set) { return set.find(c) != std::u32string_view::npos; }

// What may stand between a word and the next.
bool joins(char32_t c) {
  return is_one_of(c, U"\u00A0\u00AD\u00B7\u00B4\u00A8\u2018\u2019\u201C\u201D\u2013\u2014\u2026");
}

// What may follow a word.
bool trails(char32_t c) {
  return joins(c) ||
         is_one_of(c,
                   U"\u00A1\u00A9\u00AA\u00AB\u00AE\u00B0\u00B2\u00B3\u00B9\u00BA\u00BB\u00BF\u00B1"
                   U"\u201A\u201E\u2020\u2021\u2022\u2030\u2039\u203A\u2122\u0161\u017E\u0153");
}

class Evidence {
 public:
  Evidence(std::u32string_view text, const std::vector<Sequence>& sequences)
      : text_(text), sequences_(sequences) {}

  // Whether nobody would write what sequence `index` is as it stands.
  bool improbable(size_t index) const {
    const Sequence& sequence = sequences_[index];
    const std::u32string_view tail = text_.substr(sequence.begin + 1, sequence.length - 1);
    if (std::any_of(tail.begin(), tail.end(), is_c1_control)) return true;
    if (sequence.length > 2) return !std::all_of(tail.begin(), tail.end(), trails);
    const char32_t lead = text_[sequence.begin];
    if (lead == kLatinLetters) return latin_letter(sequence.begin);
    if (lead == kLatinPunctuation) return latin_punctuation(sequence.begin);
    return within_word(sequence.begin) || in_run(index);
  }

 private:
  char32_t at(size_t i) const { return i < text_.size() ? text_[i] : U' '; }
  char32_t before(size_t i, size_t by = 1) const { return i >= by ? text_[i - by] : U' '; }

  bool latin_letter(size_t begin) const {
    const char32_t tail = text_[begin + 1];
    const char32_t previous = before(begin);
    const bool next_lower = is_lower_ascii(at(begin + 2));
    if (tail == kNoBreakSpace) {
      const bool early = is_letter(previous) && !is_letter(before(begin, 2));
      return next_lower && (is_lower_letter(previous) || early);
    }
    if (is_one_of(tail, U"\u2026\u2018\u2019\u201C\u201D\u2013\u2014\u00BB\u2122\u00AE\u00AA\u00BA"))
      return is_lower_letter(previous) || (next_lower && !is_letter(previous));
    return true;
  }

  bool latin_punctuation(size_t begin) const {
    const char32_t tail = text_[begin + 1];
    const char32_t previous = before(begin);
    const bool after_ascii = previous > U' ' && previous < 0x7F && !(previous >= U'A' && previous <= U'Z');
    if (tail == kNoBreakSpace) return after_ascii && previous != U'\'' && previous != U'"';
    if (joins(tail) || trails(tail)) return after_ascii || is_space(previous) || is_lower_letter(previous);
    return true;
  }

  // A symbol between letters. Not after the multiplication sign or the sharp s, which a letter may follow.
  bool within_word(size_t begin) const {
    const char32_t lead = text_[begin];
    const char32_t tail = text_[begin + 1];
    if (lead == 0xD7 || lead == 0xDF || joins(tail)) return false;
    const char32_t next = at(begin + 2);
    if (is_lower_letter(before(begin))) return is_letter(next);
    return !trails(tail) && is_lower_ascii(next);
  }

  // One of several in a row, as in every word of an alphabet other than Latin.
  bool in_run(size_t index) const {
    size_t first = index;
    while (first > 0 && index - first < 2 && touches(first - 1)) --first;
    size_t last = index;
    while (last + 1 < sequences_.size() && last - first < 2 && touches(last)) ++last;
    return last - first >= 2;
  }

  // Whether sequence `index` and the next one are neighbours of two characters each.
  bool touches(size_t index) const {
    const Sequence& next = sequences_[index + 1];
    return sequences_[index].length == 2 && next.length == 2 && sequences_[index].begin + 2 == next.begin;
  }

  std::u32string_view text_;
  const std::vector<Sequence>& sequences_;
};

// Whether all that is past ASCII is part of a sequence.
bool is_consistent(std::u32string_view text, const std::vector<Sequence>& sequences) {
  size_t in_sequences = 0;
  for (const Sequence& sequence : sequences) in_sequences += sequence.length;
  const auto past_ascii = std::count_if(text.begin(), text.end(), [](char32_t c) { return c >= 0x80; });
  return in_sequences == static_cast<size_t>(past_ascii);
}

std::u32string fix_one_layer(std::u32string_view text) {
  const std::vector<Sequence> sequences = sequences_in(text);
  const Evidence evidence(text, sequences);
  std::vector<bool> improbable(sequences.size());
  for (size_t i = 0; i < sequences.size(); ++i) improbable[i] = evidence.improbable(i);
  const bool any = std::find(improbable.begin(), improbable.end(), true) != improbable.end();
  const bool all = any && is_consistent(text, sequences);
  std::u32string out;
  out.reserve(text.size());
  size_t done = 0;
  for (size_t i = 0; i < sequences.size(); ++i) {
    if (!all && !improbable[i]) continue;
    out += text.substr(done, sequences[i].begin - done);
    out += sequences[i].value;
    done = sequences[i].begin + sequences[i].length;
  }
  out += text.substr(done);
  return out;
}

}  // namespace

std::u32string fix_mojibake(std::u32string_view text) {
  std::u32string fixed(text);
  for (int layer = 0; layer < kLayersMax; ++layer) {
    std::u32string next = fix_one_layer(fixed);
    if (next == fixed) break;
    fixed = std::move(next);
  }
  return fixed;
}

}  // namespace troupe::tokenizer
