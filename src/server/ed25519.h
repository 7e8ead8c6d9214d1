// Signatures that a receiver checks with a public key: fal's webhooks. Source: RFC 8032, by OpenSSL. Private
// to server/.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe::server {

using Ed25519Seed = std::array<uint8_t, 32>;

/// The server's own: follows from its secret, so that it needs no storing.
Ed25519Seed ed25519_seed(std::string_view server_secret);

// Errors of both: unavailable: this OpenSSL has no Ed25519, or there is no memory.

/// 64 bytes.
Result<Bytes> sign_ed25519(const Ed25519Seed& seed, std::string_view text);
/// 32 bytes.
Result<Bytes> public_ed25519(const Ed25519Seed& seed);

}  // namespace troupe::server
