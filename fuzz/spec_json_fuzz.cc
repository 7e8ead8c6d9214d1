// Requests from strangers: read or refused with a reason, and what is read prints to what reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"
#include "core/spec_json.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const troupe::ParsedSpec parsed = troupe::parse_spec(text);
  for (const troupe::Error& error : parsed.errors)
    require(!error.message.empty() && troupe::is_utf8(error.message));
  if (!parsed.errors.empty()) return 0;
  const std::string printed = troupe::print_spec(parsed.spec);
  const troupe::ParsedSpec again = troupe::parse_spec(printed);
  // A text at the bound may grow past it, where escapes are longer than what was written.
  if (printed.size() > troupe::kSpecJsonBytesMax) return 0;
  require(again.errors.empty());
  require(again.spec == parsed.spec);
  require(troupe::print_spec(again.spec) == printed);
  return 0;
}
