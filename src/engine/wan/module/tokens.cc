#include <cstring>
#include <memory>

#include "engine/wan/module/entry.h"
#include "engine/wan/module/tokenizers.h"

extern "C" __attribute__((visibility("default"))) void troupe_wan_make_tokens(
    const char* build, decltype(troupe::engine::wan::EngineParts::tokens)* tokens) {
  if (std::strcmp(build, TROUPE_WAN_BUILD) != 0) return;
  try {
    const auto tokenizers = std::make_shared<troupe::engine::wan::Tokenizers>();
    *tokens = [tokenizers](const std::filesystem::path& file, const std::string& prompt, int max) {
      return tokenizers->tokens(file, prompt, max);
    };
  } catch (...) {
    *tokens = {};
  }
}
