// The digests of bytes.h, apart: where the neural engine is built alone, there may be no OpenSSL.
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cstdlib>

#include "base/bytes.h"

namespace troupe {

std::string sha256_hex(ByteView bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(bytes.data(), bytes.size(), digest);
  std::string text;
  for (const unsigned char byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

std::array<uint8_t, 32> hmac_sha256(ByteView key, std::string_view text) {
  std::array<uint8_t, 32> digest;
  unsigned size = 0;
  // Fails only without memory or without SHA-256: then nothing can be signed or trusted.
  const bool done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), as_bytes(text).data(),
                         text.size(), digest.data(), &size) != nullptr;
  if (!done || size != digest.size()) std::abort();
  return digest;
}

}  // namespace troupe
