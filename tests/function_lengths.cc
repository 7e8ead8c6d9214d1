#include "tests/function_lengths.h"

#include <algorithm>
#include <cctype>
#include <regex>

namespace troupe::tests {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Blanks text[from, to) but for its line ends.
void blank(std::string& text, size_t from, size_t to) {
  for (size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

size_t end_of(const std::string& text, std::string_view mark, size_t from) {
  const size_t at = text.find(mark, from);
  return at == std::string::npos ? text.size() : at + mark.size();
}

// Past the closing quote of the literal that opens at `at`.
size_t literal_end(const std::string& text, size_t at) {
  size_t i = at + 1;
  while (i < text.size() && text[i] != text[at]) i += text[i] == '\\' ? 2 : 1;
  return i + 1;
}

size_t raw_literal_end(const std::string& text, size_t quote) {
  const std::string mark = text.substr(quote + 1, text.find('(', quote) - quote - 1);
  return end_of(text, ")" + mark + "\"", quote);
}

// Past a line that may go on after a backslash.
size_t directive_end(const std::string& text, size_t at) {
  size_t end = end_of(text, "\n", at);
  while (end < text.size() && end >= 2 && text[end - 2] == '\\') end = end_of(text, "\n", end);
  return end;
}

bool starts_line(const std::string& text, size_t at) {
  const size_t before = text.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
  return at == 0 || before == std::string::npos || text[before] == '\n';
}

// A quote inside a number (1'000) opens nothing.
bool parts_digits(const std::string& text, size_t at) {
  size_t word = at;
  while (word > 0 && (is_word(text[word - 1]) || text[word - 1] == '\'')) --word;
  return word < at && std::isdigit(static_cast<unsigned char>(text[word]));
}

// Where what opens at `at` ends, if a comment, a literal or a directive does; else `at`.
size_t unread_end(const std::string& text, size_t at) {
  const std::string_view here = std::string_view(text).substr(at);
  if (here.starts_with("//")) return end_of(text, "\n", at);
  if (here.starts_with("/*")) return end_of(text, "*/", at + 2);
  if (here.starts_with("#") && starts_line(text, at)) return directive_end(text, at);
  if (here.starts_with("\"")) {
    const bool raw = at > 0 && text[at - 1] == 'R';
    return raw ? raw_literal_end(text, at) : literal_end(text, at);
  }
  if (here.starts_with("'") && !parts_digits(text, at)) return literal_end(text, at);
  return at;
}

std::string squeezed(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c));
    if (!space) result += c;
    if (space && !result.empty() && result.back() != ' ') result += ' ';
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

enum class BlockKind { scope, function, other };

struct Block {
  BlockKind kind;
  std::string head;
  int line;
};

BlockKind kind_of(const std::string& head, const std::vector<Block>& around) {
  static const std::regex kScope(
      R"(^(inline )?namespace\b|^extern$|^(template <.*> ?)?(class|struct|union) [^()=]*$)");
  const auto is_scope = [](const Block& block) { return block.kind == BlockKind::scope; };
  if (!std::all_of(around.begin(), around.end(), is_scope)) return BlockKind::other;
  if (std::regex_search(head, kScope)) return BlockKind::scope;
  return head.find(')') == std::string::npos ? BlockKind::other : BlockKind::function;
}

}  // namespace

std::string without_comments_and_literals(std::string_view original) {
  std::string text(original);
  for (size_t i = 0; i < text.size();) {
    const size_t end = unread_end(text, i);
    blank(text, i, end);
    i = std::max(end, i + 1);
  }
  return text;
}

std::vector<FunctionLength> function_lengths(std::string_view original) {
  std::vector<FunctionLength> functions;
  std::vector<Block> blocks;
  std::string head;
  int line = 1, head_line = 1;
  for (const char c : without_comments_and_literals(original)) {
    if (c == '{') {
      const std::string words = squeezed(head);
      blocks.push_back({kind_of(words, blocks), words, head_line});
    } else if (c == '}' && !blocks.empty()) {
      const Block& block = blocks.back();
      if (block.kind == BlockKind::function)
        functions.push_back({block.head, block.line, line - block.line + 1});
      blocks.pop_back();
    }
    if (c == '{' || c == '}' || c == ';') {
      head.clear();
    } else {
      const bool space = std::isspace(static_cast<unsigned char>(c));
      if (head.empty() && !space) head_line = line;
      if (!head.empty() || !space) head += c;
    }
    if (c == '\n') ++line;
  }
  return functions;
}

}  // namespace troupe::tests
