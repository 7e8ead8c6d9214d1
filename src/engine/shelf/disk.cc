#include "engine/shelf/disk.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "base/ids.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPieceBytes = 1 << 20;
constexpr int kNewFileMode = 0644;
constexpr const char* kLockFile = "lock";

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// Calls `take` with each piece of `file`.
Result<void> read_pieces(const fs::path& path, const CancelToken& cancel,
                         const std::function<Result<void>(ByteView)>& take) {
  TROUPE_TRY(const OpenFile file, OpenFile::open(path, O_RDONLY));
  Bytes piece(kPieceBytes);
  while (true) {
    if (cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
    const ssize_t got = ::read(file.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return disk_error(path, "read", errno);
    if (got == 0) return {};
    TROUPE_CHECK_OK(take(ByteView(piece).first(static_cast<size_t>(got))));
  }
}

// Makes `to` of what `fill` writes: all of it or nothing.
Result<void> write_new(const fs::path& to, const std::function<Result<void>(OpenFile&)>& fill) {
  const fs::path fresh = to.string() + ".new";
  const auto written = [&]() -> Result<void> {
    TROUPE_TRY(OpenFile file, OpenFile::open(fresh, O_WRONLY | O_CREAT | O_TRUNC));
    TROUPE_CHECK_OK(fill(file));
    return file.sync();
  }();
  if (written) return put_in_place(fresh, to);
  std::error_code ignored;
  fs::remove(fresh, ignored);
  return written;
}

Result<void> copy(const fs::path& from, const fs::path& to, const CancelToken& cancel) {
  return write_new(to, [&](OpenFile& file) {
    return read_pieces(from, cancel, [&](ByteView bytes) { return file.write(bytes); });
  });
}

}  // namespace

Error disk_error(const fs::path& file, std::string_view doing, int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  return make_error(full ? ErrorCode::unavailable : ErrorCode::io,
                    file.string() + " can't be " + std::string(doing) + ": " +
                        std::generic_category().message(error_number));
}

Result<OpenFile> OpenFile::open(const fs::path& path, int flags) {
  OpenFile opened;
  opened.file_ = ::open(path.c_str(), flags | O_CLOEXEC, kNewFileMode);
  opened.path_ = path;
  if (opened.file_ < 0) return disk_error(path, "opened", errno);
  return opened;
}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(path_, other.path_);
  return *this;
}

OpenFile::~OpenFile() {
  if (file_ >= 0) ::close(file_);
}

Result<void> OpenFile::write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return disk_error(path_, "written", errno);
    bytes = bytes.subspan(static_cast<size_t>(done));
  }
  return {};
}

Result<void> OpenFile::sync() {
  if (::fsync(file_) != 0) return disk_error(path_, "written", errno);
  return {};
}

Result<void> OpenFile::cut(uint64_t size_bytes) {
  const auto size = static_cast<off_t>(size_bytes);
  if (::ftruncate(file_, size) != 0 || ::lseek(file_, size, SEEK_SET) != size)
    return disk_error(path_, "written", errno);
  return {};
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return disk_error(folder, "made", error.value());
  return {};
}

Result<void> sync_folder(const fs::path& folder) {
  TROUPE_TRY(OpenFile opened, OpenFile::open(folder, O_RDONLY | O_DIRECTORY));
  return opened.sync();
}

Result<void> put_in_place(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return disk_error(to, "written", errno);
  return sync_folder(to.parent_path());
}

Result<void> write_whole(const fs::path& file, std::string_view text) {
  return write_new(file, [&](OpenFile& opened) { return opened.write(as_bytes(text)); });
}

Result<std::string> sha256_of(const fs::path& file, const std::function<void(uint64_t)>& on_bytes,
                              const CancelToken& cancel) {
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  const Error failed = make_error(ErrorCode::internal, "SHA-256 can't be computed by this build's OpenSSL");
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return failed;
  TROUPE_CHECK_OK(read_pieces(file, cancel, [&](ByteView bytes) -> Result<void> {
    if (EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1) return failed;
    if (on_bytes) on_bytes(bytes.size());
    return {};
  }));
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return failed;
  digest.resize(size);
  return to_hex(digest);
}

Result<void> place(const fs::path& from, const fs::path& to, Placing placing, const CancelToken& cancel) {
  std::error_code error;
  const fs::path source = fs::canonical(from, error);  // where the user's own links lead
  if (error) return disk_error(from, "read", error.value());
  if (placing == Placing::symbolic_link) {
    fs::create_symlink(source, to, error);
    if (error) return disk_error(to, "made", error.value());
    return sync_folder(to.parent_path());
  }
  if (placing == Placing::move) {
    fs::rename(source, to, error);
    if (!error) return sync_folder(to.parent_path());
    TROUPE_CHECK_OK(copy(source, to, cancel));
    fs::remove(source, error);
    return {};
  }
  fs::create_hard_link(source, to, error);
  return error ? copy(source, to, cancel) : sync_folder(to.parent_path());
}

Result<ShelfLock> ShelfLock::take(const fs::path& folder) {
  TROUPE_CHECK_OK(make_folder(folder));
  TROUPE_TRY(OpenFile file, OpenFile::open(folder / kLockFile, O_RDWR | O_CREAT));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
    return make_error(ErrorCode::conflict, "another command is changing the weights in " + folder.string() +
                                               ": wait until it has ended.");
  return ShelfLock(std::move(file));
}

}  // namespace troupe::shelf
