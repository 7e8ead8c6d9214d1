#include "engine/wan/take/text_book.h"

#include <algorithm>

namespace troupe::engine::wan {
namespace {

std::string key_of(const ModelFiles& model, const std::string& text, int max_tokens) {
  std::string key = std::to_string(max_tokens);
  for (const auto& file : model.text_encoder) key += "\n" + file.string();
  return key + "\n" + model.tokenizer.string() + "\n" + text;
}

Error strangers(const ModelFiles& model) {
  return make_error(ErrorCode::corrupt_input, "the tokenizer " + model.tokenizer.string() +
                                                  " and the text encoder do not belong together: it has "
                                                  "pieces that the encoder does not know");
}

Result<TextBook::Encoded> encoded(const T5Encoder& encoder, const ModelFiles& model, const std::string& text,
                                  int max_tokens, const EngineParts& parts) {
  // One more than is read tells whether there was more.
  TROUPE_TRY(std::vector<int32_t> whole, parts.tokens(model.tokenizer, text, max_tokens + 1));
  TextBook::Encoded result;
  result.cut_off = whole.size() > static_cast<size_t>(max_tokens);
  if (result.cut_off) {
    TROUPE_TRY(whole, parts.tokens(model.tokenizer, text, max_tokens));
  }
  if (whole.empty()) return strangers(model);
  const auto [least, most] = std::minmax_element(whole.begin(), whole.end());
  if (*least < 0 || *most >= encoder.vocabulary()) return strangers(model);
  result.states = encoder.encode(whole, static_cast<int64_t>(whole.size())).to(at::kCPU, at::kFloat);
  return result;
}

}  // namespace

const TextBook::Encoded* TextBook::find(const std::string& key) {
  const auto entry =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) { return one.key == key; });
  if (entry == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, entry);
  return &entries_.front().encoded;
}

void TextBook::remember(const std::string& key, Encoded encoded) {
  entries_.push_front({key, std::move(encoded)});
  if (entries_.size() > kRemembered) entries_.pop_back();
}

Result<std::vector<TextBook::Encoded>> TextBook::encode(const ModelFiles& model,
                                                        const std::vector<std::string>& texts, int max_tokens,
                                                        const EngineParts& parts, const Load& load) {
  std::optional<T5Encoder> encoder;
  std::vector<Encoded> all;
  for (const std::string& text : texts) {
    const std::string key = key_of(model, text, max_tokens);
    if (const Encoded* known = find(key)) {
      all.push_back(*known);
      continue;
    }
    if (!encoder) {
      TROUPE_TRY(encoder, load());
    }
    TROUPE_TRY(Encoded fresh, encoded(*encoder, model, text, max_tokens, parts));
    remember(key, fresh);
    all.push_back(std::move(fresh));
  }
  return all;
}

}  // namespace troupe::engine::wan
