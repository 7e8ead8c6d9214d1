// A file that shows under its name only when it is complete.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace troupe::media {

/// A new hidden file ".NAME.part-…" beside the wanted one, removed by the destructor unless commit() renamed
/// it.
class PartFile {
 public:
  /// Errors: io (no such folder, not writable, a name too long).
  static Result<PartFile> create(const std::filesystem::path& target);
  ~PartFile();
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Gives the file its name, replacing what has it. Errors: io.
  Result<void> commit();

 private:
  PartFile(std::filesystem::path path, std::filesystem::path target);
  std::filesystem::path path_, target_;  // path_ is empty once there is nothing to remove
};

}  // namespace troupe::media
