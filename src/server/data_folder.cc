#include "server/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "base/ids.h"

namespace troupe::server {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSecretBytes = 32;
const std::string kNewSecretPrefix = "secret-";  // of one that is not in its place yet

Error folder_error(const fs::path& folder, const std::string& why) {
  return make_error(ErrorCode::io, "the data folder " + folder.string() + " can't be used: " + why);
}

// Keys' hashes and people's pictures are nobody else's business.
Result<void> make_private(const fs::path& folder) {
  std::error_code error;
  if (fs::create_directories(folder, error); error) return folder_error(folder, error.message());
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return folder_error(folder, error.message());
  return {};
}

// Two servers that start at once agree on one: whoever links its file first.
Result<std::string> secret_of_folder(const fs::path& root) {
  const fs::path path = root / "secret";
  std::error_code error;
  if (!fs::exists(path, error)) {
    const fs::path fresh = root / (kNewSecretPrefix + to_hex(random_bytes(8)));
    const std::string text = to_hex(random_bytes(kSecretBytes));
    const int file = ::open(fresh.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return folder_error(root, std::generic_category().message(errno));
    const bool written = ::write(file, text.data(), text.size()) == std::ssize(text) && ::fsync(file) == 0;
    ::close(file);
    if (written) fs::create_hard_link(fresh, path, error);
    fs::remove(fresh, error);
    if (!written) return folder_error(root, "the disk is full");
  }
  TROUPE_TRY(const Bytes bytes, read_file(path, 4096));
  if (bytes.size() != 2 * kSecretBytes) {
    return make_error(ErrorCode::corrupt_input,
                      path.string() + " is damaged: restore it, or delete it to get a new one");
  }
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace

Result<DataFolder> open_data_folder(const fs::path& root, const jobs::SqliteOptions& options) {
  DataFolder folder;
  folder.root = fs::absolute(root);
  folder.scratch = folder.root / "scratch";
  TROUPE_CHECK_OK(make_private(folder.root));
  TROUPE_CHECK_OK(make_private(folder.scratch));
  TROUPE_TRY(folder.secret, secret_of_folder(folder.root));
  TROUPE_TRY(folder.jobs, jobs::open_sqlite_store(folder.root / "troupe.db", options));
  TROUPE_TRY(folder.objects, store::open_folder_store(folder.root / "objects"));
  TROUPE_TRY(folder.partials, store::PartialUploads::open(folder.root / "uploads"));
  return folder;
}

namespace {

constexpr std::chrono::hours kCheckpointAgeMax{7 * 24};

// What an engine had made of a job when the server stopped; the job's next run goes on from it.
bool is_fresh_checkpoint(const fs::directory_entry& entry) {
  std::error_code failed;
  if (entry.path().extension() != ".checkpoint") return false;
  const auto written = entry.last_write_time(failed);
  return !failed && fs::file_time_type::clock::now() - written < kCheckpointAgeMax;
}

}  // namespace

void clear_scratch(const DataFolder& folder) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.scratch, ignored))
    if (!is_fresh_checkpoint(entry)) fs::remove_all(entry.path(), ignored);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.root, ignored)) {
    if (entry.path().filename().string().starts_with(kNewSecretPrefix)) fs::remove(entry.path(), ignored);
  }
}

Result<FolderLock> FolderLock::take(const fs::path& root) {
  TROUPE_CHECK_OK(make_private(root));
  const fs::path path = root / "lock";
  const int file = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return folder_error(root, std::generic_category().message(errno));
  FolderLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return make_error(ErrorCode::conflict,
                      "another server works on " + root.string() + ": stop it, or give this one --data.");
  }
  return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock::~FolderLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace troupe::server
