#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "store/file_handle.h"
#include "store/folder_layout.h"
#include "store/folder_writer.h"
#include "store/object_store.h"
#include "store/sha256.h"

namespace troupe::store {

namespace fs = std::filesystem;

namespace {

constexpr size_t kCopyBlockBytes = 1 << 18;
constexpr size_t kProbeBytes = 4096;
constexpr int kListMax = 10'000;

class FolderReader final : public ObjectReader {
 public:
  FolderReader(FileHandle handle, fs::path file, uint64_t size_bytes)
      : handle_(std::move(handle)), file_(std::move(file)), size_bytes_(size_bytes) {}

  uint64_t size_bytes() const override { return size_bytes_; }

  Result<size_t> read_at(uint64_t offset, std::span<uint8_t> out) override {
    if (offset >= size_bytes_) return size_t{0};
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(out.size(), size_bytes_ - offset));
    TROUPE_TRY(const size_t got, read_some(handle_, offset, out.first(wanted), file_));
    if (got < wanted) return make_error(ErrorCode::io, file_.string() + " became shorter while it was read");
    return got;
  }

 private:
  FileHandle handle_;
  fs::path file_;
  uint64_t size_bytes_;
};

Error no_object(const std::string& id) {
  return make_error(ErrorCode::not_found, is_object_id(id)
                                              ? "there is no object " + id
                                              : "an object is named by 64 lower-case hexadecimal digits");
}

// Calls `take` with all bytes of the file, block by block.
template <class Take>
Result<void> read_through(const FileHandle& handle, const fs::path& file, const Take& take) {
  Bytes block(kCopyBlockBytes);
  for (uint64_t offset = 0;;) {
    TROUPE_TRY(const size_t got, read_some(handle, offset, block, file));
    if (got == 0) return {};
    TROUPE_CHECK_OK(take(ByteView(block).first(got)));
    offset += got;
  }
}

// Another name of the same file, or another owner, could still change the bytes after they got their name.
bool is_ours_alone(const struct stat& status) { return status.st_nlink == 1 && status.st_uid == ::geteuid(); }

class FolderStore final : public ObjectStore {
 public:
  explicit FolderStore(FolderLayout layout) : layout_(std::move(layout)) {}

  Result<std::unique_ptr<ObjectWriter>> create(uint64_t size_bytes_max) override {
    return create_folder_writer(layout_, size_bytes_max);
  }

  Result<ObjectInfo> adopt(const fs::path& file) override {
    // Without O_NONBLOCK, opening a pipe would wait for its other end.
    TROUPE_TRY(const FileHandle handle, open_file(file, O_RDONLY | O_NONBLOCK));
    TROUPE_TRY(const struct stat status, status_of(handle, file));
    if (!S_ISREG(status.st_mode)) {
      return make_error(ErrorCode::invalid_argument, file.string() + " is not a regular file");
    }
    if (is_ours_alone(status)) {
      TROUPE_TRY(const std::optional<ObjectInfo> moved, move_in(handle, file));
      if (moved) return *moved;
    }
    return copy_in(handle, file);
  }

  Result<std::unique_ptr<ObjectReader>> open(const std::string& id) override {
    if (!is_object_id(id)) return no_object(id);
    const fs::path file = layout_.object_file(id);
    auto handle = open_file(file, O_RDONLY | O_NONBLOCK);
    if (!handle && handle.error().code == ErrorCode::not_found) return no_object(id);
    if (!handle) return handle.error();
    TROUPE_TRY(const struct stat status, status_of(*handle, file));
    if (!S_ISREG(status.st_mode)) return make_error(ErrorCode::io, file.string() + " is not a regular file");
    return std::unique_ptr<ObjectReader>(
        std::make_unique<FolderReader>(std::move(*handle), file, static_cast<uint64_t>(status.st_size)));
  }

  std::optional<fs::path> local_file(const std::string& id) const override {
    if (!is_object_id(id)) return std::nullopt;
    const fs::path file = layout_.object_file(id);
    const auto status = status_at(file);
    if (!status || !S_ISREG(status->st_mode)) return std::nullopt;
    return file;
  }

  Result<bool> remove(const std::string& id) override {
    if (!is_object_id(id)) return false;
    const fs::path file = layout_.object_file(id);
    TROUPE_TRY(const bool removed, remove_file(file));
    if (removed) TROUPE_CHECK_OK(sync_folder(file.parent_path()));
    return removed;
  }

  Result<std::vector<std::string>> list(const std::string& after, int limit) override;
  Result<int> sweep(const std::vector<std::string>& keep, Time before) override;

  Result<void> probe() override {
    TROUPE_TRY(const NewFile file, create_unfinished(layout_.partial_folder()));
    auto written = write_all(file.handle, Bytes(kProbeBytes), file.path);
    if (written) written = sync_file(file.handle, file.path);
    const auto removed = remove_file(file.path);
    if (!written) return written;
    return removed ? Result<void>() : Result<void>(removed.error());
  }

 private:
  // Nothing if the file lies on another file system.
  Result<std::optional<ObjectInfo>> move_in(const FileHandle& handle, const fs::path& file) {
    Sha256 hash;
    ObjectInfo info;
    TROUPE_CHECK_OK(read_through(handle, file, [&](ByteView block) -> Result<void> {
      hash.add(block);
      info.size_bytes += block.size();
      return {};
    }));
    info.id = hash.finish();
    TROUPE_CHECK_OK(sync_file(handle, file));
    TROUPE_TRY(const bool placed, layout_.place(handle, file, info));
    return placed ? std::optional(info) : std::nullopt;
  }

  Result<ObjectInfo> copy_in(const FileHandle& handle, const fs::path& file) {
    TROUPE_TRY(const std::unique_ptr<ObjectWriter> writer, create(std::numeric_limits<uint64_t>::max()));
    TROUPE_CHECK_OK(read_through(handle, file, [&](ByteView block) { return writer->write(block); }));
    TROUPE_TRY(ObjectInfo info, writer->commit());
    TROUPE_CHECK_OK(remove_file(file));
    return info;
  }

  Result<bool> sweep_object(const std::string& id, Time before);
  Result<void> sweep_unfinished(Time before);

  const FolderLayout layout_;
};

Result<std::vector<std::string>> FolderStore::list(const std::string& after, int limit) {
  if (limit < 1 || limit > kListMax) {
    return make_error(ErrorCode::invalid_argument, "limit must be 1 to " + std::to_string(kListMax));
  }
  if (!after.empty() && !is_object_id(after)) {
    return make_error(ErrorCode::invalid_argument,
                      "after must be an object's id, or empty to start at the first");
  }
  std::vector<std::string> ids;
  TROUPE_CHECK_OK(layout_.for_each_folder(after, [&](const std::vector<std::string>& found) -> Result<bool> {
    for (auto id = std::upper_bound(found.begin(), found.end(), after); id != found.end(); ++id) {
      if (ids.size() == static_cast<size_t>(limit)) return false;
      ids.push_back(*id);
    }
    return true;
  }));
  return ids;
}

Result<int> FolderStore::sweep(const std::vector<std::string>& keep, Time before) {
  if (!std::is_sorted(keep.begin(), keep.end())) {
    return make_error(ErrorCode::invalid_argument,
                      "keep must be sorted: otherwise objects that it names would go");
  }
  int removed = 0;
  TROUPE_CHECK_OK(layout_.for_each_folder("", [&](const std::vector<std::string>& ids) -> Result<bool> {
    for (const std::string& id : ids) {
      if (std::binary_search(keep.begin(), keep.end(), id)) continue;
      TROUPE_TRY(const bool gone, sweep_object(id, before));
      removed += gone ? 1 : 0;
    }
    return true;
  }));
  TROUPE_CHECK_OK(sweep_unfinished(before));
  return removed;
}

Result<bool> FolderStore::sweep_object(const std::string& id, Time before) {
  const fs::path file = layout_.object_file(id);
  const auto is_old = [&] {
    const auto status = status_at(file);
    return status && S_ISREG(status->st_mode) && changed_at(*status) < before;
  };
  if (!is_old()) return false;
  TROUPE_TRY(const FileHandle locked, layout_.lock(LockKind::exclusive));
  return is_old() ? remove_file(file) : Result<bool>(false);
}

Result<void> FolderStore::sweep_unfinished(Time before) {
  std::error_code failure;
  for (fs::directory_iterator at(layout_.partial_folder(), failure), end; !failure && at != end;
       at.increment(failure)) {
    const fs::path file = at->path();
    const auto handle = open_file(file, O_RDONLY | O_NONBLOCK);
    if (!handle) continue;  // finished meanwhile, or nothing of ours
    const auto status = status_of(*handle, file);
    if (!status || !S_ISREG(status->st_mode) || changed_at(*status) >= before) continue;
    TROUPE_TRY(const bool abandoned, try_lock(*handle, LockKind::exclusive, file));
    if (abandoned) TROUPE_CHECK_OK(remove_file(file));
  }
  if (failure) return file_error(failure.value(), "list", layout_.partial_folder());
  return {};
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> open_folder_store(const fs::path& root) {
  TROUPE_TRY(FolderLayout layout, FolderLayout::make(root));
  return std::unique_ptr<ObjectStore>(std::make_unique<FolderStore>(std::move(layout)));
}

}  // namespace troupe::store
