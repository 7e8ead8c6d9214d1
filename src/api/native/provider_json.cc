#include "api/body.h"
#include "api/native/printing.h"

namespace troupe::api::native {
namespace {

Json provider_json(const ProviderSummary& provider) {
  return {{"object", "provider"},
          {"name", provider.name},
          {"kind", provider.kind},
          {"base_url", provider.base_url},
          {"has_key", provider.has_key},
          {"key_hint", text_or_null(provider.key_hint)},
          {"created_at", time_json(provider.created)},
          {"updated_at", time_json(provider.updated)}};
}

/// A text; "" where it is null, none where it is not given. What was given isn't repeated: it may be a key.
std::optional<std::string> text_or_reset(SmallBody& body, std::string_view key, size_t size_bytes_max) {
  const bool reset = body.root.is_object() && body.root.contains(key) && body.root.at(key).is_null();
  auto text = bounded_text(body.fields, key, size_bytes_max);
  if (reset) return "";
  if (!text || !text->empty()) return text;
  body.fields.report(ErrorCode::invalid_argument, "is empty: write null for none, or leave it out to keep it",
                     key);
  return std::nullopt;
}

}  // namespace

Result<ProviderChange> parse_provider(std::string_view json, std::vector<Error>* all) {
  return read_small_body<ProviderChange>(json, all, [](SmallBody& body) {
    ProviderChange change;
    change.kind = text_or_reset(body, "kind", kProviderKindBytesMax);
    change.base_url = text_or_reset(body, "base_url", kUrlBytesMax);
    change.key = text_or_reset(body, "key", kProviderKeyBytesMax);
    return change;
  });
}

std::string print_provider(const ProviderSummary& provider) { return print_answer(provider_json(provider)); }

std::string print_providers(std::span<const ProviderSummary> providers) {
  return print_answer(Json{{"providers", all_of(providers, provider_json)}});
}

std::string print_provider_test(const ProviderTest& test) {
  Json json{{"ok", test.ok}};
  if (!test.failure.empty()) json["class"] = test.failure;
  json["message"] = test.message;
  return print_answer(json);
}

}  // namespace troupe::api::native
