// The neural engine in a module that is opened at run time. Needs no libtorch.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/result.h"
#include "engine/engine.h"
#include "engine/wan/wan_engine.h"

namespace troupe::engine::wan {

inline constexpr const char* kModuleName = "troupe-wan.so";

/// Where the module lies: named by TROUPE_WAN_MODULE, else beside the program, else in ../lib/troupe from
/// there; none where it is in neither place: this build has no neural engine.
std::optional<std::filesystem::path> find_module();

/// An engine whose module is opened with the first render() or plan(), and stays open until the process ends.
/// Errors of those, beside make_wan_engine()'s: unavailable (the module can't be opened, or is of another
/// version of the program). parts.tokens may be empty: the tokenizer's module, beside the engine's, is opened
/// then. `module` as find_module() returned it. Thread-safety: as Engine.
std::unique_ptr<Engine> make_module_engine(std::filesystem::path module, EngineParts parts,
                                           EngineOptions options);

}  // namespace troupe::engine::wan
