#include "core/account.h"

namespace troupe {

std::string_view name(LedgerKind kind) {
  constexpr std::string_view kNames[] = {"hold", "settle", "release", "fee"};
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace troupe
