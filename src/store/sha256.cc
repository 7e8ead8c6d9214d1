#include "store/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>

#include "base/ids.h"

namespace troupe::store {
namespace {

// OpenSSL's digests fail only for want of memory or of the algorithm: nothing could be named without it.
void require(int ok) {
  if (ok != 1) std::abort();
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::add(ByteView bytes) { require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size())); }

std::string Sha256::finish() {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
  digest.resize(size);
  return to_hex(digest);
}

}  // namespace troupe::store
