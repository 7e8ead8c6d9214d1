// Hugging Face's tokenizer.json.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace troupe::tokenizer {

/// The same unigram model as the bytes of a SentencePiece model file, unchecked (`read_model_proto` does
/// that). Reads `model` (vocabulary, unk_id, byte_fallback), the "Precompiled" step of `normalizer` and which
/// `added_tokens` are special; what else the file says of white space is taken to be T5's.
/// Errors: corrupt_input if it is no such JSON; unsupported for other kinds of models.
Result<std::string> model_proto_of_json(std::string_view json);

}  // namespace troupe::tokenizer
