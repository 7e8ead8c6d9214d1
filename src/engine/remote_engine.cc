#include "engine/remote_engine.h"

#include <array>

namespace troupe::engine {
namespace {

struct Words {
  std::string_view name;
  ErrorCode code;
};

constexpr std::array<Words, 6> kClasses{{{"moderated", ErrorCode::moderated},
                                         {"rejected", ErrorCode::rejected},
                                         {"over_limit", ErrorCode::over_limit},
                                         {"no_credit", ErrorCode::no_credit},
                                         {"outage", ErrorCode::unavailable},
                                         {"unknown", ErrorCode::unknown_outcome}}};

}  // namespace

std::string_view name(FailureClass kind) { return kClasses.at(static_cast<size_t>(kind)).name; }

ErrorCode error_code(FailureClass kind) { return kClasses.at(static_cast<size_t>(kind)).code; }

}  // namespace troupe::engine
