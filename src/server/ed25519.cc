#include "server/ed25519.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace troupe::server {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

// Fails only without memory or without the algorithm: then nothing can be signed.
void require(bool done) {
  if (!done) std::abort();
}

Key key_of(const Ed25519Seed& seed) {
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  require(key != nullptr);
  return key;
}

}  // namespace

Ed25519Seed ed25519_seed(std::string_view server_secret) {
  return hmac_sha256(as_bytes(server_secret), "troupe ed25519");
}

Bytes sign_ed25519(const Ed25519Seed& seed, std::string_view text) {
  const Key key = key_of(seed);
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  require(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  size_t size = 64;
  Bytes signature(size);
  const ByteView bytes = as_bytes(text);
  require(EVP_DigestSign(context.get(), signature.data(), &size, bytes.data(), bytes.size()) == 1);
  return signature;
}

Bytes public_ed25519(const Ed25519Seed& seed) {
  const Key key = key_of(seed);
  size_t size = 32;
  Bytes bytes(size);
  require(EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) == 1);
  return bytes;
}

}  // namespace troupe::server
