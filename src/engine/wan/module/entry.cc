#include "engine/wan/module/entry.h"

#include <cstring>

extern "C" __attribute__((visibility("default"))) troupe::engine::Engine* troupe_wan_make_engine(
    const char* build, troupe::engine::wan::EngineParts* parts,
    const troupe::engine::wan::EngineOptions* options) {
  using namespace troupe::engine::wan;
  if (std::strcmp(build, TROUPE_WAN_BUILD) != 0) return nullptr;
  try {
    return make_wan_engine(std::move(*parts), *options).release();
  } catch (...) {
    return nullptr;
  }
}
