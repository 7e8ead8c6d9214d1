// Files by descriptor, with the errors that a store must tell apart.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace troupe::store {

/// Owns a descriptor; closing also gives up the lock that is held through it.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileHandle();

  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// What errno means to the caller: unavailable for a full disk (or a file size limit), not_found for a
/// missing file, else io. `doing` completes "cannot …" ("write", "open").
Error file_error(int error_number, std::string_view doing, const std::filesystem::path& file);

/// open(2) with O_CLOEXEC and O_NOFOLLOW; files that it makes are for the owner and the group.
Result<FileHandle> open_file(const std::filesystem::path& file, int flags);
/// A new file with a random name that starts with `prefix`.
struct NewFile {
  std::filesystem::path path;
  FileHandle handle;
};
Result<NewFile> create_file(const std::filesystem::path& folder, std::string_view prefix);

Result<struct stat> status_of(const FileHandle& handle, const std::filesystem::path& file);
/// Of what lies at `file` itself, not where a link leads; nothing if nothing can be seen there.
std::optional<struct stat> status_at(const std::filesystem::path& file);
Time changed_at(const struct stat& status);
/// Whether `handle` is the file that lies at `file` now.
bool lies_at(const FileHandle& handle, const std::filesystem::path& file);

/// All of `bytes`, at the file's position (its end, if it was opened so).
Result<void> write_all(const FileHandle& handle, ByteView bytes, const std::filesystem::path& file);
/// Up to out.size() bytes from `offset`; fewer only at the end.
Result<size_t> read_some(const FileHandle& handle, uint64_t offset, std::span<uint8_t> out,
                         const std::filesystem::path& file);

/// What was written survives a loss of power when these return; of a folder: which names are in it.
Result<void> sync_file(const FileHandle& handle, const std::filesystem::path& file);
Result<void> sync_folder(const std::filesystem::path& folder);
/// Makes `folder` and those above it where they are missing, durably.
Result<void> make_folder(const std::filesystem::path& folder);
/// Replaces what lies at `to`. False, and nothing done, if the two are on different file systems.
Result<bool> move_file(const std::filesystem::path& from, const std::filesystem::path& to);
/// Marks the file as changed now.
Result<void> touch_file(const FileHandle& handle, const std::filesystem::path& file);
/// True if it was there.
Result<bool> remove_file(const std::filesystem::path& file);

/// Advisory locks between threads and processes, held by the descriptor and given up when it closes, also by
/// the death of the process.
enum class LockKind { shared, exclusive };
/// False if another descriptor holds it.
Result<bool> try_lock(const FileHandle& handle, LockKind kind, const std::filesystem::path& file);
/// Opens `file`, made if missing, and waits for its lock. Errors: unavailable (held for longer than `wait`).
Result<FileHandle> lock_file(const std::filesystem::path& file, LockKind kind,
                             std::chrono::milliseconds wait);

}  // namespace troupe::store
