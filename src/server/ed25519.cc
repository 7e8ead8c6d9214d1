#include "server/ed25519.h"

#include <openssl/evp.h>

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

Error no_ed25519() {
  return make_error(
      ErrorCode::unavailable,
      "Nothing can be signed: this server's OpenSSL has no Ed25519, as with a FIPS provider alone.");
}

Key key_of(const Ed25519Seed& seed) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
}

}  // namespace

Ed25519Seed ed25519_seed(std::string_view server_secret) {
  return hmac_sha256(as_bytes(server_secret), "troupe ed25519");
}

Result<Bytes> sign_ed25519(const Ed25519Seed& seed, std::string_view text) {
  const Key key = key_of(seed);
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  size_t size = 64;
  Bytes signature(size);
  const ByteView bytes = as_bytes(text);
  const bool done = key && context &&
                    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                    EVP_DigestSign(context.get(), signature.data(), &size, bytes.data(), bytes.size()) == 1;
  if (!done) return no_ed25519();
  return signature;
}

Result<Bytes> public_ed25519(const Ed25519Seed& seed) {
  const Key key = key_of(seed);
  size_t size = 32;
  Bytes bytes(size);
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &size) != 1) return no_ed25519();
  return bytes;
}

}  // namespace troupe::server
