// A file's bytes as memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

#include "base/result.h"
#include "engine/wan/files/lost_pages.h"

namespace troupe::engine::wan {

/// A regular file that is not empty, mapped for reading.
class Mapping {
 public:
  /// Errors: not_found (no such file, or not a regular one), io, corrupt_input (empty). Never waits for a
  /// pipe.
  static Result<std::unique_ptr<Mapping>> open(const std::filesystem::path& file);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::span<const std::byte> bytes() const { return bytes_; }
  /// Whether some of them could not be read any more, and are zeros now.
  bool damaged() const { return lost_->any(); }

 private:
  explicit Mapping(std::span<const std::byte> bytes)
      : bytes_(bytes), lost_(std::make_unique<LostPages>(bytes)) {}
  std::span<const std::byte> bytes_;
  std::unique_ptr<LostPages> lost_;
};

}  // namespace troupe::engine::wan
