#include "engine/tokenizer/tokenizer_json.h"

#include <nlohmann/json.hpp>
#include <set>

#include "base/ids.h"
#include "engine/tokenizer/model_proto.h"

namespace troupe::tokenizer {
namespace {

using Json = nlohmann::json;

constexpr int kNormalizerDepthMax = 4;

Error corrupt(std::string what) {
  return make_error(ErrorCode::corrupt_input, "not a tokenizer.json of a unigram model: " + std::move(what));
}

// `object[key]`, or null.
const Json& member(const Json& object, const char* key) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

// The compiled rules in base 64, wherever they are in the sequence of steps; empty if there are none.
std::string find_charsmap(const Json& normalizer, int depth = 0) {
  const Json& map = member(normalizer, "precompiled_charsmap");
  if (map.is_string()) return map.get<std::string>();
  const Json& steps = member(normalizer, "normalizers");
  if (!steps.is_array() || depth == kNormalizerDepthMax) return {};
  for (const Json& step : steps) {
    std::string found = find_charsmap(step, depth + 1);
    if (!found.empty()) return found;
  }
  return {};
}

std::set<std::string> special_tokens(const Json& document) {
  std::set<std::string> specials;
  const Json& tokens = member(document, "added_tokens");
  if (!tokens.is_array()) return specials;
  for (const Json& token : tokens) {
    if (member(token, "special") == Json(true) && member(token, "content").is_string())
      specials.insert(token["content"].get<std::string>());
  }
  return specials;
}

bool is_byte_piece(std::string_view text) {
  return text.size() == 6 && text.starts_with("<0x") && text.ends_with(">");
}

Result<ModelParts> parts_of(const Json& document) {
  const Json& model = member(document, "model");
  const Json& vocabulary = member(model, "vocab");
  const Json& unknown = member(model, "unk_id");
  if (!vocabulary.is_array() || !unknown.is_number_unsigned()) return corrupt("it has no vocabulary");
  const std::set<std::string> specials = special_tokens(document);
  ModelParts parts;
  parts.byte_fallback = member(model, "byte_fallback") == Json(true);
  parts.pieces.reserve(vocabulary.size());
  for (const Json& entry : vocabulary) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number())
      return corrupt("its vocabulary is no list of pieces and scores");
    const std::string& text = entry[0].get_ref<const std::string&>();
    Piece piece{text, entry[1].get<float>(), PieceKind::normal};
    if (parts.pieces.size() == unknown.get<size_t>()) {
      piece.kind = PieceKind::unknown;
    } else if (specials.contains(text)) {
      piece.kind = PieceKind::control;
    } else if (parts.byte_fallback && is_byte_piece(text)) {
      piece.kind = PieceKind::byte;
    }
    parts.pieces.push_back(piece);
  }
  return parts;
}

}  // namespace

Result<std::string> model_proto_of_json(std::string_view json) {
  const Json document = Json::parse(json, nullptr, false);
  if (!document.is_object()) return corrupt("it is no JSON object");
  const Json& type = member(member(document, "model"), "type");
  if (type.is_string() && type != "Unigram")
    return make_error(ErrorCode::unsupported,
                      "a tokenizer of type " + type.get<std::string>() + "; umT5's is of type Unigram");
  TROUPE_TRY(ModelParts parts, parts_of(document));
  const auto charsmap = from_base64(find_charsmap(member(document, "normalizer")));
  if (!charsmap) return corrupt("its rules of normalisation are no base 64");
  const Bytes& map = charsmap.value();
  parts.charsmap = {reinterpret_cast<const char*>(map.data()), map.size()};
  return make_model_proto(parts);
}

}  // namespace troupe::tokenizer
