#include "engine/stage/prompt/words.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"

namespace troupe::stage::prompt {
namespace {

enum class Class { letter, digit, space, separator, mark, apostrophe, nothing };

struct Char {
  Class what = Class::separator;
  char mark = 0;
};

Char classify_ascii(char32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return {Class::letter};
  if (c >= '0' && c <= '9') return {Class::digit};
  switch (c) {
    case '.':
    case '!':
    case '?':
      return {Class::mark, '.'};
    case ',':
    case '(':
    case ')':
    case '[':
    case ']':
      return {Class::mark, ','};
    case ';':
      return {Class::mark, ';'};
    case ':':
      return {Class::mark, ':'};
    case '\n':
    case '\r':
      return {Class::mark, '\n'};
    case '\'':
    case '`':
      return {Class::apostrophe};
    case ' ':
    case '\t':
      return {Class::space};
    default:
      return {Class::separator};
  }
}

Char classify_punctuation(char32_t c) {
  switch (c) {
    case 0x2026:
    case 0x3002:
    case 0xFF01:
    case 0xFF1F:
    case 0xFF0E:
    case 0x061F:
    case 0x06D4:
    case 0x0964:
      return {Class::mark, '.'};
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x3001:
    case 0xFF0C:
    case 0x060C:
      return {Class::mark, ','};
    case 0xFF1B:
    case 0x061B:
      return {Class::mark, ';'};
    case 0xFF1A:
      return {Class::mark, ':'};
    case 0x2028:
    case 0x2029:
    case 0x0085:
      return {Class::mark, '\n'};
    case 0x2018:
    case 0x2019:
    case 0x02BC:
    case 0x00B4:
      return {Class::apostrophe};
    default:
      return {Class::separator};
  }
}

bool in(char32_t c, char32_t low, char32_t high) { return c >= low && c <= high; }

Char classify(char32_t c) {
  if (c < 0x80) return classify_ascii(c);
  const Char punctuation = classify_punctuation(c);
  if (punctuation.what != Class::separator) return punctuation;
  // Joiners, direction marks and variation selectors never part a word.
  if (in(c, 0x200B, 0x200F) || in(c, 0x202A, 0x202E) || in(c, 0x2060, 0x206F) || in(c, 0xFE00, 0xFE0F) ||
      c == 0xFEFF || c == 0x00AD || in(c, 0x0300, 0x036F)) {
    return {Class::nothing};
  }
  if (in(c, 0x0080, 0x00BF) || c == 0x00D7 || c == 0x00F7 || in(c, 0x2000, 0x2BFF) || in(c, 0x3000, 0x303F) ||
      in(c, 0xFF00, 0xFF0F) || in(c, 0xFFF0, 0xFFFF) || in(c, 0x1F000, 0x1FAFF) || in(c, 0xE0000, 0xE0FFF)) {
    return {Class::separator};
  }
  return {Class::letter};
}

/// Letters of U+00C0 … U+017F without their marks, two characters where the letter is a ligature.
std::string_view plain_latin(char32_t c) {
  static constexpr std::string_view kLatin1 =
      "aaaaaaaceeeeiiiidnooooo*ouuuuyts";  // '*' stands at the signs × and ÷
  static constexpr std::string_view kExtended =
      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
      "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
  if (in(c, 0xC0, 0xFF)) {
    if (c == 0xFF) return "y";
    return kLatin1.substr((c - 0xC0) % 32, 1);
  }
  if (in(c, 0x100, 0x17F) && c - 0x100 < kExtended.size()) return kExtended.substr(c - 0x100, 1);
  return {};
}

void append_utf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

char32_t lower(char32_t c) {
  if (in(c, 'A', 'Z') || in(c, 0x0391, 0x03A9) || in(c, 0x0410, 0x042F)) return c + 32;
  if (in(c, 0x0400, 0x040F)) return c + 80;
  if (in(c, 0xFF21, 0xFF3A)) return c - 0xFF21 + 'a';
  return c;
}

bool is_capital(char32_t c) { return lower(c) != c || in(c, 0xC0, 0xDE); }

void strip_possessive(std::string& word) {
  if (word.ends_with("'s")) word.resize(word.size() - 2);
  while (word.ends_with('\'')) word.pop_back();
}

/// A stretch of the joined text with a meaning of its own: a mention, or a quote with its marks.
struct Span {
  size_t begin = 0, end = 0;
  size_t inner_begin = 0, inner_end = 0;
  int reference = -1;
};

class Tokenizer {
 public:
  Tokenizer(std::string_view text, std::vector<Span> spans) : text_(text), spans_(std::move(spans)) {}

  std::vector<Token> run() {
    size_t at = 0, next_span = 0;
    while (at < text_.size()) {
      if (next_span < spans_.size() && at >= spans_[next_span].begin) {
        at = std::max(at, add_span(spans_[next_span]));
        ++next_span;
        continue;
      }
      const size_t limit = next_span < spans_.size() ? spans_[next_span].begin : text_.size();
      at = step(at, limit);
    }
    return std::move(tokens_);
  }

 private:
  size_t add_span(const Span& span) {
    Token token;
    token.kind = span.reference >= 0 ? Token::Kind::mention : Token::Kind::quote;
    token.reference = span.reference;
    token.text = text_.substr(span.inner_begin, span.inner_end - span.inner_begin);
    tokens_.push_back(std::move(token));
    return span.end;
  }

  /// Reads one word or mark that starts at `at`, or passes a separator; returns where it ends.
  size_t step(size_t at, size_t limit) {
    const CodePoint c = code_point_at(text_, at);
    const Char what = classify(c.value);
    if (what.what == Class::letter || what.what == Class::digit) return word(at, limit);
    if (what.what == Class::mark) add_mark(what.mark);
    if (c.value == '&') add_word("&", "and", false);
    if (c.value == '-' && at + 1 < limit && text_[at + 1] == '-') add_mark(',');
    return std::min(at + c.length, limit);
  }

  size_t word(size_t at, size_t limit) {
    const size_t begin = at;
    while (at < limit && goes_on(at, limit)) at += code_point_at(text_, at).length;
    at = std::min(at, limit);
    const std::string_view slice = text_.substr(begin, at - begin);
    std::string folded = fold(slice);
    strip_possessive(folded);
    if (!folded.empty()) add_word(slice, std::move(folded), is_capital(code_point_at(text_, begin).value));
    return at;
  }

  /// True if the character at `at` is part of a word that already began before it.
  bool goes_on(size_t at, size_t limit) const {
    const CodePoint c = code_point_at(text_, at);
    const Class what = classify(c.value).what;
    if (what == Class::letter || what == Class::digit || what == Class::nothing) return true;
    const size_t after = at + c.length;
    if (after >= limit) return false;
    const Class next = classify(code_point_at(text_, after).value).what;
    if (what == Class::apostrophe) return next == Class::letter;
    const bool digit_before = at > 0 && text_[at - 1] >= '0' && text_[at - 1] <= '9';
    return c.value == '.' && digit_before && next == Class::digit;
  }

  void add_word(std::string_view text, std::string folded, bool capital) {
    Token token;
    token.text = text;
    token.folded = std::move(folded);
    token.capital = capital;
    tokens_.push_back(std::move(token));
  }

  void add_mark(char mark) {
    Token token;
    token.kind = Token::Kind::mark;
    token.mark = mark;
    token.text = std::string(1, mark);
    tokens_.push_back(std::move(token));
  }

  std::string_view text_;
  std::vector<Span> spans_;
  std::vector<Token> tokens_;
};

/// What closes a quote that opens with `c`; 0 if it opens none. Straight single quotes are told apart from
/// apostrophes by what stands around them.
char32_t closing_quote(char32_t c) {
  switch (c) {
    case '"':
      return '"';
    case 0x201C:
      return 0x201D;
    case 0x201E:
      return 0x201C;
    case 0x00AB:
      return 0x00BB;
    case 0x300C:
      return 0x300D;
    case '\'':
      return '\'';
    case 0x2018:
      return 0x2019;
    default:
      return 0;
  }
}

bool is_single(char32_t closing) { return closing == '\'' || closing == 0x2019; }

bool is_letter_at(std::string_view text, size_t at) {
  if (at >= text.size()) return false;
  const Class what = classify(code_point_at(text, at).value).what;
  return what == Class::letter || what == Class::digit;
}

/// True if the byte before `at` ends a word.
bool letter_before(std::string_view text, size_t at) {
  if (at == 0) return false;
  const auto byte = static_cast<unsigned char>(text[at - 1]);
  return byte >= 0x80 || (byte < 0x80 && is_letter_at(text, at - 1));
}

struct Closing {
  size_t inner_end = 0, end = 0;
};

/// Longer quotes are taken as unclosed, which also keeps a prompt of nothing but opening quotes cheap.
constexpr size_t kQuoteBytesMax = 2000;

std::optional<Closing> find_closing(std::string_view text, size_t from, char32_t closing) {
  std::optional<size_t> sentence_end;
  for (size_t at = from; at < text.size() && at - from < kQuoteBytesMax;) {
    const CodePoint c = code_point_at(text, at);
    const bool also_straight = closing == 0x201D && c.value == '"';
    const bool closes = c.value == closing || also_straight || (closing == '"' && c.value == 0x201D);
    if (closes && !(is_single(closing) && is_letter_at(text, at + c.length)))
      return Closing{at, at + c.length};
    const Char what = classify(c.value);
    if (what.what == Class::mark && (what.mark == '.' || what.mark == '\n')) {
      if (!sentence_end) sentence_end = at + c.length;
      if (what.mark == '\n' && is_single(closing)) break;
    }
    at += c.length;
  }
  if (is_single(closing)) return std::nullopt;
  const size_t end = sentence_end.value_or(std::min(text.size(), from + kQuoteBytesMax));
  return Closing{end, end};
}

std::vector<Span> find_quotes(std::string_view text) {
  std::vector<Span> quotes;
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const char32_t closing = closing_quote(c.value);
    const size_t inner = at + c.length;
    at = inner;
    if (closing == 0) continue;
    if (is_single(closing) && (letter_before(text, inner - c.length) || !is_letter_at(text, inner))) continue;
    const auto end = find_closing(text, inner, closing);
    if (!end) continue;
    quotes.push_back({inner - c.length, end->end, inner, end->inner_end, -1});
    at = end->end;
  }
  return quotes;
}

std::vector<Span> merge(const std::vector<Span>& mentions, const std::vector<Span>& quotes) {
  std::vector<Span> all = quotes;
  size_t next = 0;
  for (const Span& mention : mentions) {
    while (next < quotes.size() && quotes[next].end <= mention.begin) ++next;
    const bool quoted = next < quotes.size() && mention.end > quotes[next].begin;
    if (!quoted) all.push_back(mention);
  }
  std::stable_sort(all.begin(), all.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  return all;
}

}  // namespace

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    at += c.length;
    const Class what = classify(c.value).what;
    if (what == Class::nothing) continue;
    if (what == Class::apostrophe) {
      out += '\'';
      continue;
    }
    const std::string_view plain = plain_latin(c.value);
    if (!plain.empty()) {
      out += plain;
    } else {
      append_utf8(lower(c.value), out);
    }
  }
  return out;
}

std::vector<Token> tokenize(const BoundShot& shot, int reference_count) {
  std::string text;
  std::vector<Span> mentions;
  for (const PromptPart& part : shot.parts) {
    const size_t begin = text.size();
    text += part.text;
    const int reference = part.reference.value_or(-1);
    if (reference < 0 || reference >= reference_count) continue;
    mentions.push_back({begin, text.size(), begin, text.size(), reference});
  }
  return Tokenizer(text, merge(mentions, find_quotes(text))).run();
}

std::vector<Token> tokenize_plain(std::string_view text) { return Tokenizer(text, {}).run(); }

std::string normalize_phrase(std::string_view phrase) {
  std::string out;
  for (const Token& token : tokenize_plain(phrase)) {
    if (token.kind != Token::Kind::word) continue;
    if (!out.empty()) out += ' ';
    out += token.folded;
  }
  return out;
}

}  // namespace troupe::stage::prompt
