// What program and module agree on. Private to module/.
#pragma once

#include "engine/wan/wan_engine.h"

namespace troupe::engine::wan {

inline constexpr const char* kEntryName = "troupe_wan_make_engine";

/// A new engine, or null if `build` is not what the module itself was compiled from (TROUPE_WAN_BUILD of
/// CMakeLists.txt): types would not be the same on both sides. Never throws.
using Entry = Engine* (*)(const char* build, EngineParts* parts, const EngineOptions* options);

inline constexpr const char* kTokensEntryName = "troupe_wan_make_tokens";

/// EngineParts::tokens, or an empty function where `build` is not the tokenizer module's own. Never throws.
using TokensEntry = void (*)(const char* build, decltype(EngineParts::tokens)* tokens);

}  // namespace troupe::engine::wan
