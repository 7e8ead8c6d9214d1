#include "engine/tokenizer/tokenizer.h"

#include <sentencepiece_processor.h>

#include "base/bytes.h"
#include "engine/tokenizer/clean_prompt.h"
#include "engine/tokenizer/model_proto.h"
#include "engine/tokenizer/tokenizer_json.h"

namespace troupe::tokenizer {
namespace {

constexpr uint64_t kFileBytesMax = 64 << 20;
constexpr size_t kPromptBytesMax = 1 << 20;

// What umT5's files say of themselves.
constexpr int32_t kUmt5Pad = 0, kUmt5Eos = 1, kUmt5Unknown = 2;

bool is_json(std::string_view bytes) {
  const size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{';
}

void warn_unless(std::vector<std::string>& warnings, std::string_view what, int32_t expected, int32_t found) {
  if (found == expected) return;
  warnings.push_back("the tokenizer's " + std::string(what) + " is " + std::to_string(found) +
                     ", umT5's is " + std::to_string(expected));
}

}  // namespace

struct Tokenizer::State {
  sentencepiece::SentencePieceProcessor processor;
  int32_t vocabulary_size = 0;
  int32_t eos = 0;
  int32_t pad = 0;
  int32_t unknown = 0;
  std::vector<std::string> warnings;

  Result<void> load(std::string_view model);
  Result<void> read_ids();
};

Result<void> Tokenizer::State::load(std::string_view model) {
  TROUPE_CHECK_OK(read_model_proto(model));
  try {
    const auto status = processor.LoadFromSerializedProto(model);
    if (!status.ok())
      return make_error(ErrorCode::corrupt_input, "SentencePiece refuses the model: " + status.ToString());
  } catch (const std::exception& error) {
    return make_error(ErrorCode::corrupt_input,
                      std::string("SentencePiece refuses the model: ") + error.what());
  }
  return read_ids();
}

Result<void> Tokenizer::State::read_ids() {
  vocabulary_size = processor.GetPieceSize();
  eos = processor.eos_id();
  pad = processor.pad_id();
  unknown = processor.unk_id();
  if (eos < 0 || pad < 0 || unknown < 0)
    return make_error(
        ErrorCode::unsupported,
        "the tokenizer has no \"</s>\", \"<pad>\" or \"<unk>\": it is not T5's; umT5's spiece.model or "
        "tokenizer.json is wanted");
  warn_unless(warnings, "number of pieces", kUmt5Pieces, vocabulary_size);
  warn_unless(warnings, "number for padding", kUmt5Pad, pad);
  warn_unless(warnings, "number for the end of the text", kUmt5Eos, eos);
  warn_unless(warnings, "number for what is unknown", kUmt5Unknown, unknown);
  return {};
}

Tokenizer::Tokenizer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& file) {
  TROUPE_TRY(const Bytes bytes, read_file(file, kFileBytesMax));
  Result<Tokenizer> tokenizer = read({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (tokenizer) return tokenizer;
  return make_error(tokenizer.error().code, file.string() + ": " + tokenizer.error().message);
}

Result<Tokenizer> Tokenizer::read(std::string_view bytes) {
  if (bytes.size() > kFileBytesMax)
    return make_error(ErrorCode::over_limit, "a tokenizer of more than 64 MiB");
  auto state = std::make_unique<State>();
  if (is_json(bytes)) {
    TROUPE_TRY(const std::string model, model_proto_of_json(bytes));
    TROUPE_CHECK_OK(state->load(model));
  } else {
    TROUPE_CHECK_OK(state->load(bytes));
  }
  return Tokenizer(std::move(state));
}

Result<std::vector<int32_t>> Tokenizer::encode(std::string_view prompt, int max_tokens) const {
  if (max_tokens < 1)
    return make_error(ErrorCode::invalid_argument, "max_tokens is below 1: the end of the text needs one");
  if (prompt.size() > kPromptBytesMax)
    return make_error(ErrorCode::over_limit, "the prompt has more than 1 MiB; shorten it", "/prompt");
  std::vector<int> ids;
  const auto status = state_->processor.Encode(clean_prompt(prompt), &ids);
  if (!status.ok()) return make_error(ErrorCode::internal, "SentencePiece: " + status.ToString());
  if (ids.size() >= static_cast<size_t>(max_tokens)) ids.resize(static_cast<size_t>(max_tokens) - 1);
  ids.push_back(state_->eos);
  return std::vector<int32_t>(ids.begin(), ids.end());
}

int32_t Tokenizer::vocabulary_size() const { return state_->vocabulary_size; }
int32_t Tokenizer::eos_id() const { return state_->eos; }
int32_t Tokenizer::pad_id() const { return state_->pad; }
int32_t Tokenizer::unknown_id() const { return state_->unknown; }
const std::vector<std::string>& Tokenizer::warnings() const { return state_->warnings; }

}  // namespace troupe::tokenizer
