// A file's bytes as memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "base/result.h"

namespace troupe::engine::wan {

/// A regular file that is not empty, mapped for reading. See TensorFile for what must not happen to it
/// meanwhile.
class Mapping {
 public:
  /// Errors: not_found (no such file, or not a regular one), io, corrupt_input (empty). Never waits for a
  /// pipe.
  static Result<std::unique_ptr<Mapping>> open(const std::filesystem::path& file);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit Mapping(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes_;
};

}  // namespace troupe::engine::wan
