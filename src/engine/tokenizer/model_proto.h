// SentencePiece's model files, read far enough to know that the library can be let loose on them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe::tokenizer {

/// As in the file.
enum class PieceKind { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };

struct Piece {
  std::string_view text;  ///< UTF-8, not empty, without NUL
  float score = 0;        ///< logarithm of its probability; finite
  PieceKind kind = PieceKind::normal;
};

/// A unigram model. Views point into what it was read from.
struct ModelParts {
  std::vector<Piece> pieces;  ///< in the order of their ids
  std::string_view charsmap;  ///< the compiled rules of normalisation; empty: none
  bool byte_fallback = false;
};

/// Reads a ModelProto. The library trusts what it loads: tries are walked without bounds, texts end at NUL.
/// So this refuses, with corrupt_input, files that are cut off, pieces that no text can have, and rules of
/// normalisation that point outside of themselves; with unsupported, models other than unigram.
Result<ModelParts> read_model_proto(std::string_view bytes);

/// A ModelProto of `parts` with SentencePiece's defaults: a space before the first word, no double spaces,
/// and the pieces "<unk>", "</s>" and "<pad>" under these names.
std::string make_model_proto(const ModelParts& parts);

}  // namespace troupe::tokenizer
