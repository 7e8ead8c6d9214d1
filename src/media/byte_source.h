// Bytes at any offset, out of a file or out of memory.
#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe::media {

/// Read-only bytes of a fixed size. Thread-safety: one call at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual uint64_t size_bytes() const = 0;
  /// Fills `to` from `offset` on; how many bytes were there. Short at the end or where reading fails.
  virtual size_t read_at(uint64_t offset, std::span<uint8_t> to) = 0;

  /// The `count` bytes at `offset`, fewer at the end.
  Bytes read(uint64_t offset, size_t count);
};

/// Opens a regular file. Errors: not_found, io.
Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& file);

/// Owns the bytes.
std::unique_ptr<ByteSource> open_bytes(Bytes bytes);
/// The bytes are the caller's and outlive the source.
std::unique_ptr<ByteSource> open_view(ByteView bytes);

}  // namespace troupe::media
