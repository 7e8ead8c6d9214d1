#include "engine/tokenizer/model_proto.h"

#include <bit>
#include <cmath>

#include "base/utf8.h"
#include "engine/tokenizer/double_array.h"
#include "engine/tokenizer/wire_format.h"

namespace troupe::tokenizer {
namespace {

// Field numbers of sentencepiece_model.proto.
constexpr uint32_t kModelPieces = 1, kModelTrainer = 2, kModelNormalizer = 3, kModelDenormalizer = 5;
constexpr uint32_t kPieceText = 1, kPieceScore = 2, kPieceKind = 3;
constexpr uint32_t kTrainerModelType = 3, kTrainerByteFallback = 35;
constexpr uint32_t kNormalizerCharsmap = 2;
constexpr uint64_t kUnigram = 1;

constexpr size_t kPieceBytesMax = 4096;
constexpr size_t kPiecesMax = 4'000'000;
constexpr size_t kCharsmapBytesMax = 4 << 20;

// How many results the library has room for: of one look-up in the rules, and of one for user-defined pieces,
// which finds at most one of each length.
constexpr int kMatchesMax = 32;
constexpr size_t kUserDefinedBytesMax = 64;

Error corrupt(std::string what) {
  return make_error(ErrorCode::corrupt_input, "not a SentencePiece model: " + std::move(what));
}

Result<void> read_piece(std::string_view message, Piece& piece) {
  WireReader fields(message);
  while (const auto field = fields.next()) {
    if (field->number == kPieceText && field->type == WireType::bytes) piece.text = field->bytes;
    if (field->number == kPieceScore && field->type == WireType::fixed32)
      piece.score = std::bit_cast<float>(static_cast<uint32_t>(field->value));
    if (field->number == kPieceKind && field->type == WireType::varint) {
      if (field->value < 1 || field->value > 6) return corrupt("a piece of an unknown kind");
      piece.kind = static_cast<PieceKind>(field->value);
    }
  }
  if (fields.is_broken()) return corrupt("a piece is cut off");
  const std::string_view text = piece.text;
  if (text.empty() || text.size() > kPieceBytesMax || text.find('\0') != text.npos || !is_utf8(text))
    return corrupt("a piece is no text");
  if (piece.kind == PieceKind::user_defined && text.size() > kUserDefinedBytesMax)
    return corrupt("a user-defined piece is too long");
  if (!std::isfinite(piece.score)) return corrupt("a piece's score is no number");
  return {};
}

uint32_t word_at(std::string_view bytes, size_t offset) {
  uint32_t word = 0;
  for (size_t i = 0; i < 4; ++i) word |= uint32_t{static_cast<unsigned char>(bytes[offset + i])} << (8 * i);
  return word;
}

// A map is the size of its trie in 4 bytes, the trie, and the texts that its leaves point to, each ended by
// NUL.
Result<void> check_charsmap(std::string_view map) {
  if (map.empty()) return {};
  if (map.size() > kCharsmapBytesMax)
    return make_error(ErrorCode::over_limit,
                      "a SentencePiece model with more than 4 MiB of rules of normalisation");
  if (map.size() < 8) return corrupt("its rules of normalisation are cut off");
  const size_t trie_size = word_at(map, 0);
  if (trie_size % 4 != 0 || trie_size == 0 || trie_size >= map.size() - 4)
    return corrupt("its rules of normalisation are cut off");
  const std::string_view texts = map.substr(4 + trie_size);
  if (texts.back() != '\0' || !is_safe_double_array(map.substr(4, trie_size), texts.size(), kMatchesMax))
    return corrupt("its rules of normalisation point outside of themselves");
  for (size_t begin = 0; begin < texts.size(); begin = texts.find('\0', begin) + 1) {
    if (!is_utf8(texts.substr(begin, texts.find('\0', begin) - begin)))
      return corrupt("its rules of normalisation make no text");
  }
  return {};
}

Result<void> read_trainer(std::string_view message, ModelParts& parts) {
  WireReader fields(message);
  while (const auto field = fields.next()) {
    if (field->type != WireType::varint) continue;
    if (field->number == kTrainerByteFallback) parts.byte_fallback = field->value != 0;
    if (field->number == kTrainerModelType && field->value != kUnigram)
      return make_error(ErrorCode::unsupported, "only unigram models of SentencePiece can be used");
  }
  if (fields.is_broken()) return corrupt("its settings are cut off");
  return {};
}

Result<std::string_view> read_charsmap(std::string_view message) {
  std::string_view map;
  WireReader fields(message);
  while (const auto field = fields.next()) {
    if (field->number != kNormalizerCharsmap || field->type != WireType::bytes) continue;
    TROUPE_CHECK_OK(check_charsmap(field->bytes));
    map = field->bytes;
  }
  if (fields.is_broken()) return corrupt("its rules of normalisation are cut off");
  return map;
}

Result<void> read_field(const WireField& field, ModelParts& parts) {
  if (field.type != WireType::bytes) return {};
  if (field.number == kModelPieces) {
    if (parts.pieces.size() == kPiecesMax)
      return make_error(ErrorCode::over_limit, "a SentencePiece model of more than 4 million pieces");
    return read_piece(field.bytes, parts.pieces.emplace_back());
  }
  if (field.number == kModelTrainer) return read_trainer(field.bytes, parts);
  if (field.number == kModelNormalizer) {
    TROUPE_TRY(parts.charsmap, read_charsmap(field.bytes));
  } else if (field.number == kModelDenormalizer) {
    TROUPE_CHECK_OK(read_charsmap(field.bytes));
  }
  return {};
}

void append_piece(std::string& out, const Piece& piece) {
  std::string message;
  append_bytes_field(message, kPieceText, piece.text);
  append_float_field(message, kPieceScore, piece.score);
  append_varint_field(message, kPieceKind, static_cast<uint64_t>(piece.kind));
  append_bytes_field(out, kModelPieces, message);
}

}  // namespace

Result<ModelParts> read_model_proto(std::string_view bytes) {
  ModelParts parts;
  WireReader fields(bytes);
  bool has_trainer = false, has_normalizer = false;
  while (const auto field = fields.next()) {
    TROUPE_CHECK_OK(read_field(*field, parts));
    has_trainer = has_trainer || field->number == kModelTrainer;
    has_normalizer = has_normalizer || field->number == kModelNormalizer;
  }
  if (fields.is_broken()) return corrupt("it is cut off, or another kind of file");
  if (parts.pieces.empty()) return corrupt("it has no pieces");
  // They come last: a file that is cut off between two pieces would be a smaller vocabulary, and seem whole.
  if (!has_trainer || !has_normalizer) return corrupt("its end is missing");
  return parts;
}

std::string make_model_proto(const ModelParts& parts) {
  std::string out;
  for (const Piece& piece : parts.pieces) append_piece(out, piece);
  std::string trainer;
  append_varint_field(trainer, kTrainerModelType, kUnigram);
  append_varint_field(trainer, kTrainerByteFallback, parts.byte_fallback ? 1 : 0);
  append_bytes_field(out, kModelTrainer, trainer);
  std::string normalizer;
  append_bytes_field(normalizer, kNormalizerCharsmap, parts.charsmap);
  append_bytes_field(out, kModelNormalizer, normalizer);
  return out;
}

}  // namespace troupe::tokenizer
