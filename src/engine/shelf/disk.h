// Files of the shelf: put in place whole or not at all. Private to engine/shelf/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"
#include "engine/shelf/shelf.h"

namespace troupe::shelf {

/// An open file. Its destructor closes it.
class OpenFile {
 public:
  OpenFile() = default;
  /// open(2) with O_CLOEXEC. Errors: io, naming the file.
  static Result<OpenFile> open(const std::filesystem::path& path, int flags);
  OpenFile(OpenFile&& other) noexcept
      : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile();

  int get() const { return file_; }
  /// At the file's position. Errors: unavailable (disk full), io.
  Result<void> write(ByteView bytes);
  Result<void> sync();
  Result<void> cut(uint64_t size_bytes);

 private:
  int file_ = -1;
  std::filesystem::path path_;
};

/// Errors: "FILE can't be DOING: why" as unavailable for a full disk, else io.
Error disk_error(const std::filesystem::path& file, std::string_view doing, int error_number);

Result<void> make_folder(const std::filesystem::path& folder);
/// Which names are in the folder survives a loss of power.
Result<void> sync_folder(const std::filesystem::path& folder);
/// Replaces `file` by one that holds `text`: after a crash it is the old or the new one.
Result<void> write_whole(const std::filesystem::path& file, std::string_view text);
/// Renames over what is there, durably.
Result<void> put_in_place(const std::filesystem::path& from, const std::filesystem::path& to);

/// Lower-case hex of what a file holds, `on_bytes` told of every piece. Errors: io, cancelled.
Result<std::string> sha256_of(const std::filesystem::path& file,
                              const std::function<void(uint64_t)>& on_bytes, const CancelToken& cancel);

/// Brings a file of the user's to `to`, which must not exist. A hard link that can't be made becomes a copy;
/// a move to another file system copies and then deletes.
Result<void> place(const std::filesystem::path& from, const std::filesystem::path& to, Placing placing,
                   const CancelToken& cancel);

/// Held while the shelf is changed; given up when it goes or the process ends.
class ShelfLock {
 public:
  /// Errors: conflict (another command has it), io.
  static Result<ShelfLock> take(const std::filesystem::path& folder);

 private:
  explicit ShelfLock(OpenFile file) : file_(std::move(file)) {}
  OpenFile file_;
};

}  // namespace troupe::shelf
