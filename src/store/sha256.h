// SHA-256 of bytes that come in pieces.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace troupe::store {

/// Thread-safety: one thread at a time.
class Sha256 {
 public:
  Sha256();
  void add(ByteView bytes);
  /// Lower-case hex of all that was added; nothing may be added after it.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace troupe::store
