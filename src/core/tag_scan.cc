#include "core/tag_scan.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "core/look_alike.h"
#include "core/ordinal_phrase.h"
#include "core/reference_name.h"
#include "core/short_text.h"

namespace troupe {
namespace {

using Token = std::optional<TagToken>;

// Spellings between angle brackets, "<IMAGE_1>" and "<<<image_1>>>"; Gemini's count from zero.
struct Bracketed {
  std::string_view spelled;
  TagWord word;
  int first;
};
constexpr std::array<Bracketed, 7> kBracketed = {{{"element_", TagWord::element, 1},
                                                  {"image_", TagWord::image, 1},
                                                  {"video_", TagWord::video, 1},
                                                  {"image_ref_", TagWord::image, 0},
                                                  {"video_ref_", TagWord::video, 0},
                                                  {"audio_", TagWord::audio, 0},
                                                  {"voice_", TagWord::audio, 1}}};
constexpr size_t kBracketedBytesMax = 40;

// Words that a glued number makes a tag, and that are rare enough to call their look-alikes misspelt.
constexpr std::array<std::string_view, 2> kGuardedWords = {"character", "element"};

class Scanner {
 public:
  Scanner(std::string_view prompt, const ReferenceTable& table) : prompt_(prompt), table_(table) {}

  std::vector<TagToken> run() {
    std::vector<TagToken> tokens;
    for (size_t at = 0; at < prompt_.size();) {
      const Token token = token_at(at);
      if (token) tokens.push_back(*token);
      at = token ? at + token->length : next_stop(at);
      if (token) token_end_ = at;
    }
    return tokens;
  }

 private:
  Token token_at(size_t at) const {
    if (prompt_[at] == '@') return sigil(at);
    if (prompt_[at] == '<') return bracketed(at);
    if (!ascii_alnum(prompt_[at]) || glued_before(at)) return std::nullopt;
    if (Token token = plain_number(at)) return token;
    if (Token token = phrase(at)) return token;
    return misspelt_plain(at);
  }

  // Past the character at `at`, or past the whole word that begins there: no tag begins inside a word.
  size_t next_stop(size_t at) const {
    if (!ascii_alnum(prompt_[at])) return at + code_point_at(prompt_, at).length;
    while (at < prompt_.size() && ascii_alnum(prompt_[at])) ++at;
    return at;
  }

  // True if a word that begins at `at` is only the rest of a longer one.
  bool glued_before(size_t at) const {
    if (at == 0) return false;
    size_t start = at - 1;
    while (start > 0 && at - start < 4 && (static_cast<unsigned char>(prompt_[start]) & 0xC0) == 0x80)
      --start;
    const char32_t c = code_point_at(prompt_, start).value;
    return c != '-' && is_name_char(c) && !is_unspaced(c);
  }

  // True if a tag may end at `end`: before anything that is no name character, before '-', before a script
  // without spaces, and before underscores that only emphasise ("_@fox_").
  bool may_end(size_t end) const {
    while (end < prompt_.size() && prompt_[end] == '_') ++end;
    if (end >= prompt_.size() || prompt_[end] == '-') return true;
    const bool underscored = end > 0 && prompt_[end - 1] == '_';
    const char32_t c = code_point_at(prompt_, end).value;
    return !is_name_char(c) || (is_unspaced(c) && !underscored);
  }

  // True if the bytes at `at` go on like a host name: "bob@fox.example".
  bool dotted(size_t at) const {
    return at + 1 < prompt_.size() && prompt_[at] == '.' && ascii_alnum(prompt_[at + 1]);
  }

  // "@fox", "@Element1", "@Image 1", or an '@' with a name that nobody carries.
  Token sigil(size_t at) const {
    const size_t name_at = at + 1;
    const size_t run = name_length(prompt_.substr(name_at));
    if (run == 0) return std::nullopt;
    Token token = known_name(at, run);
    const Token numbered = sigil_number(at);
    if (numbered && (!token || numbered->length > token->length)) token = numbered;
    if (token && token->length < run + 1 && meant_longer(prompt_.substr(name_at, run), token->length - 1))
      token.reset();
    if (!token) token = TagToken{at, 1 + run, std::nullopt, 0, false};
    if (after_word(at)) {
      // Most likely an address. A tag that lost its space is one only if it can be nothing else.
      const bool known = table_.by_name(prompt_.substr(name_at, token->length - 1)).has_value();
      if (dotted(at + token->length) || (!token->word && !known)) return std::nullopt;
    }
    return token;
  }

  // True if what stands before an '@' could be the first half of an address.
  bool after_word(size_t at) const {
    if (at == 0 || at == token_end_) return false;
    const char before = prompt_[at - 1];
    return ascii_alnum(before) || std::string_view("._%+-").find(before) != std::string_view::npos;
  }

  // The longest name of a reference that the run begins with and may end at.
  Token known_name(size_t at, size_t run) const {
    const std::string_view text = prompt_.substr(at + 1, run);
    for (size_t length = std::min(run, kNameBytesMax); length > 0; --length) {
      if (may_end(at + 1 + length) && table_.by_name(text.substr(0, length))) {
        return TagToken{at, 1 + length, std::nullopt, 0, false};
      }
    }
    return std::nullopt;
  }

  Token sigil_number(size_t at) const {
    const auto numbered = numbered_word(prompt_.substr(at + 1));
    if (!numbered || !may_end(at + 1 + numbered->length)) return std::nullopt;
    return TagToken{at, 1 + numbered->length, numbered->word, numbered->number, false};
  }

  // "@fox-cup" begins with @fox, but where an @fox-cub exists that one was meant: better ask than guess.
  bool meant_longer(std::string_view run, size_t matched) const {
    while (!run.empty() && (run.back() == '-' || run.back() == '_')) run.remove_suffix(1);
    const auto near = look_alike(run, table_.tags());
    return near && near->size() > matched;
  }

  // "<IMAGE_1>", "<IMAGE_REF_0>", "<<<element_1>>>".
  Token bracketed(size_t at) const {
    const bool triple = prompt_.substr(at).starts_with("<<<");
    const std::string_view closing = triple ? ">>>" : ">";
    const size_t begin = at + closing.size();
    const size_t end = prompt_.substr(0, begin + kBracketedBytesMax).find(closing, begin);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = prompt_.substr(begin, end - begin);
    const auto in_word = [](char c) { return ascii_alnum(c) || c == '_'; };
    if (!std::all_of(inside.begin(), inside.end(), in_word)) return std::nullopt;
    const size_t digits = inside.find_last_not_of("0123456789") + 1;
    if (digits == 0 || digits == inside.size()) return std::nullopt;
    const size_t length = end + closing.size() - at;
    std::vector<std::string> known;
    for (const Bracketed& spelling : kBracketed) {
      if (equal_ignoring_case(inside.substr(0, digits), spelling.spelled)) {
        return TagToken{at, length, spelling.word, bracket_number(inside.substr(digits), spelling.first),
                        false};
      }
      known.emplace_back(spelling.spelled);
    }
    if (!look_alike(inside.substr(0, digits), known)) return std::nullopt;
    return TagToken{at, length, std::nullopt, 0, false};
  }

  static int bracket_number(std::string_view digits, int first) {
    return static_cast<int>(parse_decimal(digits, 0).value_or(0)) + 1 - first;
  }

  // "character1", "Image 1". A number of its own after a small word ("video 4 minutes long") proves nothing.
  Token plain_number(size_t at) const {
    const auto numbered = numbered_word(prompt_.substr(at));
    if (!numbered || !plain_end(at + numbered->length)) return std::nullopt;
    if (numbered->word == TagWord::audio || numbered->word == TagWord::reference) return std::nullopt;
    const bool capital = prompt_[at] >= 'A' && prompt_[at] <= 'Z';
    const bool doubtful = numbered->spaced && (!capital || table_.empty());
    return TagToken{at, numbered->length, numbered->word, numbered->number, doubtful};
  }

  bool plain_end(size_t end) const {
    if (end >= prompt_.size()) return true;
    const char32_t c = code_point_at(prompt_, end).value;
    return c == '-' || !is_name_char(c) || is_unspaced(c);
  }

  // "the first image" and its kin.
  Token phrase(size_t at) const {
    const auto found = ordinal_phrase(prompt_, at);
    if (!found || !plain_end(at + found->length)) return std::nullopt;
    return TagToken{at, found->length, found->word, found->number, !found->definite || table_.empty()};
  }

  // "charcter1": not a word of any language, and so near to a tag that it was meant as one.
  Token misspelt_plain(size_t at) const {
    if (table_.empty()) return std::nullopt;
    size_t letters = at, end = at;
    while (letters < prompt_.size() && ascii_letter(prompt_[letters])) ++letters;
    for (end = letters; end < prompt_.size() && ascii_digit(prompt_[end]);) ++end;
    if (end == letters || letters == at || !plain_end(end)) return std::nullopt;
    const std::string_view word = prompt_.substr(at, letters - at);
    const bool near =
        std::any_of(kGuardedWords.begin(), kGuardedWords.end(),
                    [word](std::string_view guarded) { return edit_distance(word, guarded) == 1; });
    if (!near) return std::nullopt;
    return TagToken{at, end - at, std::nullopt, 0, false};
  }

  std::string_view prompt_;
  const ReferenceTable& table_;
  size_t token_end_ = 0;  // of the tag before
};

}  // namespace

std::vector<TagToken> scan_tags(std::string_view prompt, const ReferenceTable& table) {
  return Scanner(prompt, table).run();
}

}  // namespace troupe
