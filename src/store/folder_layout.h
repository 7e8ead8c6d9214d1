// Where a folder store keeps what, and how a finished file gets its place.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/file_handle.h"
#include "store/object_store.h"

namespace troupe::store {

/// `root`/objects/ab/cd/<id>, `root`/partial/ for unfinished files and `root`/lock: whoever puts an object in
/// its place holds the lock shared, whoever sweeps one away holds it alone, so that a sweep never removes
/// what was stored again after it looked. A value. Thread-safety: safe, between processes too.
class FolderLayout {
 public:
  /// How long a call waits for others that hold the lock; they hold it for a few system calls.
  static constexpr std::chrono::milliseconds kLockWait{10'000};

  /// Makes what is missing.
  static Result<FolderLayout> make(const std::filesystem::path& root);

  std::filesystem::path partial_folder() const { return root_ / "partial"; }
  /// REQUIRES is_object_id(id).
  std::filesystem::path object_file(const std::string& id) const;
  Result<FileHandle> lock(LockKind kind) const;

  /// Puts the file `from`, open as `handle` and already on the disk, in its place, durably; `from` is gone
  /// afterwards. Where the object is there already it only becomes new again. False, and nothing changed, if
  /// `from` is on another file system.
  Result<bool> place(const FileHandle& handle, const std::filesystem::path& from,
                     const ObjectInfo& info) const;

  /// Calls `visit` with the ids of each innermost folder, both in order, from the folder where `after` would
  /// be; until it returns false.
  Result<void> for_each_folder(
      const std::string& after,
      const std::function<Result<bool>(const std::vector<std::string>& ids)>& visit) const;

 private:
  explicit FolderLayout(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path objects_folder() const { return root_ / "objects"; }

  std::filesystem::path root_;
};

}  // namespace troupe::store
