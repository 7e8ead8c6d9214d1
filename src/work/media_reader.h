// Where the bytes of references come from.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "core/generation_spec.h"

namespace troupe::work {

/// Thread-safety: one call at a time.
class MediaReader {
 public:
  virtual ~MediaReader() = default;
  /// The bytes of a source, at most `size_bytes_max`. Blocks. Errors: not_found, io, over_limit, unsupported
  /// (this reader does not know that kind of source), corrupt_input (a data URL that is none).
  virtual Result<Bytes> read(const MediaSource& source, uint64_t size_bytes_max) = 0;
};

/// Reads file paths ("fox.png", "file:///home/a/fox.png") and data URLs. Others are unsupported.
class LocalMediaReader final : public MediaReader {
 public:
  Result<Bytes> read(const MediaSource& source, uint64_t size_bytes_max) override;
};

/// The bytes of "data:[type][;base64],…". Errors: corrupt_input, over_limit.
Result<Bytes> decode_data_url(std::string_view url, uint64_t size_bytes_max);

}  // namespace troupe::work
