// Any bytes as a tokenizer's file: they are read or give an error, and what is read gives ids of its
// vocabulary for any prompt. Lines after a '#' are pieces of a model that holds together: a kind, a score,
// the text.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/tokenizer/model_proto.h"
#include "engine/tokenizer/tokenizer.h"

namespace {

using namespace troupe::tokenizer;

constexpr size_t kPromptBytesMax = 300;
constexpr std::string_view kPrompts[] = {"", "A fox walks.  Two  foxes?",
                                         "\xe6\x97\xa5\xe6\x9c\xac \xef\xac\x81 \xf0\x9f\xa6\x8a",
                                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

void check(std::string_view file, std::string_view input) {
  const auto tokenizer = Tokenizer::read(file);
  if (!tokenizer) return;
  const auto encode = [&](std::string_view prompt) {
    const auto ids = tokenizer->encode(prompt);
    if (!ids || ids->empty() || ids->size() > kPromptTokensMax || ids->back() != tokenizer->eos_id())
      std::abort();
    for (const int32_t id : *ids) {
      if (id < 0 || id >= tokenizer->vocabulary_size()) std::abort();
    }
  };
  for (const std::string_view prompt : kPrompts) encode(prompt);
  encode(input.substr(input.size() - std::min(input.size(), kPromptBytesMax)));
}

// "3 -1.5 text": a control piece. What is no number is 0.
Piece read_piece(std::string_view line) {
  Piece piece;
  if (line.size() > 2 && line[0] >= '1' && line[0] <= '6') piece.kind = static_cast<PieceKind>(line[0] - '0');
  line.remove_prefix(std::min<size_t>(line.size(), 2));
  const size_t space = line.find(' ');
  std::from_chars(line.data(), line.data() + std::min(space, line.size()), piece.score);
  piece.text = space == std::string_view::npos ? line : line.substr(space + 1);
  return piece;
}

std::string model_of_lines(std::string_view text) {
  ModelParts parts;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    parts.pieces.push_back(read_piece(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  parts.byte_fallback = parts.pieces.size() % 2 == 1;
  return make_model_proto(parts);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.starts_with('#'))
    check(model_of_lines(input.substr(1)), input);
  else
    check(input, input);
  return 0;
}
