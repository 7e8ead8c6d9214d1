#include "store/file_handle.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/ids.h"

namespace troupe::store {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kFileMode = 0640, kFolderMode = 0750;
constexpr size_t kNameBytes = 16;
constexpr std::chrono::milliseconds kLockPause{1};
// Linux moves at most this much in one call; a plain constant keeps the sums far from overflow.
constexpr size_t kTransferBytesMax = 1 << 30;

}  // namespace

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error file_error(int error_number, std::string_view doing, const fs::path& file) {
  const std::string what = "cannot " + std::string(doing) + " " + file.string() + ": ";
  switch (error_number) {
    case ENOSPC:
      return make_error(ErrorCode::unavailable, what + "the disk is full; free space on it");
    case EDQUOT:
      return make_error(ErrorCode::unavailable, what + "the disk quota is used up; free space or raise it");
    case EFBIG:
      return make_error(ErrorCode::unavailable,
                        what + "the file system or this process's limit (ulimit -f) allows no larger file");
    case ENOENT:
    case ENOTDIR:
      return make_error(ErrorCode::not_found, what + "it is not there");
    default:
      return make_error(ErrorCode::io, what + std::strerror(error_number));
  }
}

Result<FileHandle> open_file(const fs::path& file, int flags) {
  const int descriptor = ::open(file.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  if (descriptor < 0) return file_error(errno, "open", file);
  return FileHandle(descriptor);
}

Result<NewFile> create_file(const fs::path& folder, std::string_view prefix) {
  fs::path path = folder / (std::string(prefix) + to_hex(random_bytes(kNameBytes)));
  TROUPE_TRY(FileHandle handle, open_file(path, O_RDWR | O_CREAT | O_EXCL));
  return NewFile{std::move(path), std::move(handle)};
}

Result<struct stat> status_of(const FileHandle& handle, const fs::path& file) {
  struct stat status {};
  if (::fstat(handle.get(), &status) != 0) return file_error(errno, "look at", file);
  return status;
}

std::optional<struct stat> status_at(const fs::path& file) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0) return std::nullopt;
  return status;
}

Time changed_at(const struct stat& status) {
  const auto since_1970 =
      std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
  return Time(std::chrono::duration_cast<std::chrono::milliseconds>(since_1970));
}

bool lies_at(const FileHandle& handle, const fs::path& file) {
  const auto there = status_at(file);
  const auto own = status_of(handle, file);
  return there && own && there->st_ino == own->st_ino && there->st_dev == own->st_dev;
}

Result<void> write_all(const FileHandle& handle, ByteView bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(handle.get(), bytes.data(), std::min(bytes.size(), kTransferBytesMax));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return file_error(errno, "write", file);
    bytes = bytes.subspan(static_cast<size_t>(done));
  }
  return {};
}

Result<size_t> read_some(const FileHandle& handle, uint64_t offset, std::span<uint8_t> out,
                         const fs::path& file) {
  size_t got = 0;
  while (got < out.size()) {
    const size_t wanted = std::min(out.size() - got, kTransferBytesMax);
    const ssize_t done = ::pread(handle.get(), out.data() + got, wanted, static_cast<off_t>(offset + got));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return file_error(errno, "read", file);
    if (done == 0) break;
    got += static_cast<size_t>(done);
  }
  return got;
}

Result<void> sync_file(const FileHandle& handle, const fs::path& file) {
  // No second try: after a failed fsync the kernel may have dropped the pages that it could not write.
  if (::fsync(handle.get()) != 0) return file_error(errno, "write to the disk", file);
  return {};
}

Result<void> sync_folder(const fs::path& folder) {
  TROUPE_TRY(const FileHandle handle, open_file(folder, O_RDONLY | O_DIRECTORY));
  return sync_file(handle, folder);
}

Result<void> make_folder(const fs::path& folder) {
  const fs::path above = folder.parent_path();
  int failure = ::mkdir(folder.c_str(), kFolderMode) == 0 ? 0 : errno;
  if (failure == ENOENT && !above.empty() && above != folder) {
    TROUPE_CHECK_OK(make_folder(above));
    failure = ::mkdir(folder.c_str(), kFolderMode) == 0 ? 0 : errno;
  }
  if (failure == EEXIST) {
    std::error_code ignored;
    if (fs::is_directory(folder, ignored)) return {};
    return make_error(ErrorCode::io, folder.string() + " is in the way: it is not a folder");
  }
  if (failure != 0) return file_error(failure, "make the folder", folder);
  // Only the new name has to last, and `above` may be a link that a path may well lead through.
  const FileHandle handle(::open(above.empty() ? "." : above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle) return file_error(errno, "open", above);
  return sync_file(handle, above);
}

Result<bool> move_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return true;
  if (errno == EXDEV) return false;
  return file_error(errno, "move " + from.string() + " to", to);
}

Result<void> touch_file(const FileHandle& handle, const fs::path& file) {
  if (::futimens(handle.get(), nullptr) != 0) return file_error(errno, "set the time of", file);
  return {};
}

Result<bool> remove_file(const fs::path& file) {
  if (::unlink(file.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  return file_error(errno, "remove", file);
}

Result<bool> try_lock(const FileHandle& handle, LockKind kind, const fs::path& file) {
  const int operation = (kind == LockKind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  while (::flock(handle.get(), operation) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) return file_error(errno, "lock", file);
  }
  return true;
}

Result<FileHandle> lock_file(const fs::path& file, LockKind kind, std::chrono::milliseconds wait) {
  TROUPE_TRY(FileHandle handle, open_file(file, O_RDWR | O_CREAT));
  const auto deadline = std::chrono::steady_clock::now() + wait;
  while (true) {
    TROUPE_TRY(const bool locked, try_lock(handle, kind, file));
    if (locked) return handle;
    if (std::chrono::steady_clock::now() >= deadline) {
      return make_error(ErrorCode::unavailable,
                        file.string() + " is locked by another process that does not go on");
    }
    std::this_thread::sleep_for(kLockPause);
  }
}

}  // namespace troupe::store
