// Prompts as numbers of the pieces that umT5's text encoder knows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe::tokenizer {

/// The longest text that Wan's models are given, with the end of the text.
constexpr int kPromptTokensMax = 512;

/// The rows of umT5-XXL's embedding. Its vocabulary has 256300 pieces; the rows after them are never used.
constexpr int kUmt5EmbeddingRows = 256384;
constexpr int kUmt5Pieces = 256300;

/// A SentencePiece unigram model as T5 uses it: no piece marks the beginning, "</s>" the end. Movable; a
/// moved-from one may only be assigned to or destroyed. All const members are thread-safe.
class Tokenizer {
 public:
  /// Reads umT5's `spiece.model`, or its `tokenizer.json` (told apart by what is in them), of at most 64 MiB.
  ///
  /// The two differ for characters outside of the vocabulary: spiece.model may spell them in bytes, while
  /// tokenizer.json does so only if it says `byte_fallback`. The official Python reads tokenizer.json.
  ///
  /// Errors: not_found, io, over_limit; corrupt_input if it is none of these or is cut off; unsupported if it
  /// holds another kind of model, or lacks "</s>", "<pad>" or an unknown piece.
  static Result<Tokenizer> load(const std::filesystem::path& file);
  /// The same of a file's bytes, which are not kept.
  static Result<Tokenizer> read(std::string_view bytes);

  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;
  ~Tokenizer();

  /// Cleans `prompt` (`clean_prompt`), cuts it into pieces, keeps the first `max_tokens` - 1 and ends with
  /// eos_id(). 1 … `max_tokens` ids, each in 0 … vocabulary_size() - 1; an empty prompt is eos_id() alone.
  /// Not padded. Errors: over_limit for more than 1 MiB of text; invalid_argument if `max_tokens` < 1.
  Result<std::vector<int32_t>> encode(std::string_view prompt, int max_tokens = kPromptTokensMax) const;

  int32_t vocabulary_size() const;
  int32_t eos_id() const;
  int32_t pad_id() const;
  int32_t unknown_id() const;

  /// Sentences for the operator: in what this is not umT5's vocabulary (number of pieces, numbers of "<pad>",
  /// "</s>", unknown). Empty if all of that fits, which doesn't prove that it is umT5's.
  const std::vector<std::string>& warnings() const;

 private:
  struct State;
  explicit Tokenizer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace troupe::tokenizer
