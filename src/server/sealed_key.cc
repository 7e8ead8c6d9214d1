#include "server/sealed_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <memory>

#include "base/bytes.h"
#include "base/ids.h"

namespace troupe::server {
namespace {

constexpr std::string_view kPrefix = "v1.";
constexpr size_t kNonceBytes = 12, kTagBytes = 16;
constexpr size_t kSealedBytesMax = kNonceBytes + kSealedPlainBytesMax + kTagBytes;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
struct FreeKdf {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

// The key for sealing; gone from memory with the object.
class SealingKey {
 public:
  explicit SealingKey(std::string_view server_secret) { valid_ = derive(server_secret); }
  ~SealingKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  SealingKey(const SealingKey&) = delete;
  SealingKey& operator=(const SealingKey&) = delete;
  bool valid() const { return valid_; }
  const uint8_t* data() const { return bytes_.data(); }

 private:
  bool derive(std::string_view server_secret) {
    const std::unique_ptr<EVP_KDF, FreeKdf> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    if (!context) return false;
    std::string digest = "SHA256", info = "troupe provider keys", secret(server_secret);
    const std::array<OSSL_PARAM, 4> parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_end()};
    const bool done = EVP_KDF_derive(context.get(), bytes_.data(), bytes_.size(), parameters.data()) == 1;
    cleanse(secret);
    return done;
  }

  std::array<uint8_t, 32> bytes_{};
  bool valid_ = false;
};

const uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const uint8_t*>(text.data()); }

int length(std::string_view text) { return static_cast<int>(text.size()); }

// All of it but the tag: `to` becomes the other of plain and sealed text.
bool run(EVP_CIPHER_CTX* cipher, std::string_view name, std::string_view from, uint8_t* to) {
  int size = 0;
  return (name.empty() || EVP_CipherUpdate(cipher, nullptr, &size, bytes_of(name), length(name)) == 1) &&
         (from.empty() || EVP_CipherUpdate(cipher, to, &size, bytes_of(from), length(from)) == 1);
}

Error corrupt() {
  return make_error(ErrorCode::corrupt_input,
                    "The sealed key can't be opened: it was damaged, or sealed by another server.");
}

// The bytes behind the prefix, if they are written in the one way that seal() writes.
Result<Bytes> sealed_bytes(std::string_view sealed) {
  if (!sealed.starts_with(kPrefix) || sealed.size() > kPrefix.size() + (kSealedBytesMax + 2) / 3 * 4)
    return corrupt();
  const std::string_view text = sealed.substr(kPrefix.size());
  Result<Bytes> bytes = from_base64(text);
  if (!bytes || bytes->size() < kNonceBytes + kTagBytes || to_base64(*bytes) != text) return corrupt();
  return bytes;
}

}  // namespace

Result<std::string> seal(std::string_view server_secret, std::string_view name, std::string_view plain) {
  if (plain.size() > kSealedPlainBytesMax) {
    return make_error(ErrorCode::over_limit,
                      "A key of more than " + std::to_string(kSealedPlainBytesMax) + " bytes can't be kept.");
  }
  Bytes sealed = random_bytes(kNonceBytes);
  sealed.resize(kNonceBytes + plain.size() + kTagBytes);
  uint8_t* const text = sealed.data() + kNonceBytes;
  uint8_t* const tag = text + plain.size();
  const SealingKey key(server_secret);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  const bool done =
      key.valid() && cipher &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), sealed.data()) == 1 &&
      run(cipher.get(), name, plain, text) && EVP_EncryptFinal_ex(cipher.get(), tag, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1;
  if (!done) return make_error(ErrorCode::internal, "The key could not be sealed.");
  return std::string(kPrefix) + to_base64(sealed);
}

Result<std::string> unseal(std::string_view server_secret, std::string_view name, std::string_view sealed) {
  TROUPE_TRY(Bytes bytes, sealed_bytes(sealed));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + kNonceBytes,
                              bytes.size() - kNonceBytes - kTagBytes);
  uint8_t* const tag = bytes.data() + bytes.size() - kTagBytes;
  const SealingKey key(server_secret);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string plain(text.size(), '\0');
  std::array<uint8_t, kTagBytes> end{};
  int size = 0;
  const bool done =
      key.valid() && cipher &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), bytes.data()) == 1 &&
      run(cipher.get(), name, text, reinterpret_cast<uint8_t*>(plain.data())) &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), end.data(), &size) == 1;
  if (done) return plain;
  cleanse(plain);
  return corrupt();
}

void cleanse(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace troupe::server
