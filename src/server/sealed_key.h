// Providers' keys as they are stored: encrypted, so that whoever has the database alone has none of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace troupe::server {

inline constexpr size_t kSealedPlainBytesMax = 16 * 1024;

/// `plain` (at most kSealedPlainBytesMax, any bytes) for the provider `name`: "v1." and base 64 of a random
/// 96-bit nonce, the text under AES-256-GCM and its 128-bit tag. The key is HKDF-SHA256 (RFC 5869) of the
/// server's secret with the info "troupe provider keys"; the name is authenticated with it, so that what was
/// sealed for one provider opens for no other. Twice sealed is never the same. Thread-safe.
/// Errors: over_limit; internal (no memory for the cipher).
Result<std::string> seal(std::string_view server_secret, std::string_view name, std::string_view plain);

/// What was sealed. Errors: corrupt_input: any other text, name or secret; which of them can't be told.
Result<std::string> unseal(std::string_view server_secret, std::string_view name, std::string_view sealed);

/// Overwrites a secret that is no longer needed, and empties it.
void cleanse(std::string& secret);

}  // namespace troupe::server
