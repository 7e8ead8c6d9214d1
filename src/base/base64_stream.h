// Base 64 that comes in pieces.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe {

/// Takes both alphabets of RFC 4648, with or without padding, and passes over white space.
/// Thread-safety: one thread at a time.
class Base64Stream {
 public:
  /// Appends what `text` gives to `out`; up to three characters are held for the next call. Errors:
  /// corrupt_input: another character, or anything behind the padding; all further calls fail then.
  Result<void> decode(std::string_view text, Bytes& out);
  /// The last bytes. Errors: corrupt_input: it ends early.
  Result<void> finish(Bytes& out);

 private:
  Result<void> refuse();

  uint32_t bits_ = 0;
  int characters_ = 0;  // in bits_
  int padding_ = 0;
  uint64_t taken_ = 0;
  bool broken_ = false;
};

}  // namespace troupe
