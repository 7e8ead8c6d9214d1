#include "store/folder_writer.h"

#include "store/sha256.h"

namespace troupe::store {

namespace fs = std::filesystem;

namespace {

constexpr int kCreateAttemptsMax = 10;

class FolderWriter final : public ObjectWriter {
 public:
  FolderWriter(FolderLayout layout, NewFile file, uint64_t size_bytes_max)
      : layout_(std::move(layout)), file_(std::move(file)), size_bytes_max_(size_bytes_max) {}

  ~FolderWriter() override {
    if (state_ != State::committed) (void)remove_file(file_.path);
  }

  Result<void> write(ByteView bytes) override {
    TROUPE_CHECK_OK(require_open());
    if (bytes.size() > size_bytes_max_ - size_bytes_) {
      state_ = State::failed;
      return make_error(ErrorCode::over_limit,
                        "these are more bytes than the limit of " + std::to_string(size_bytes_max_));
    }
    auto written = write_all(file_.handle, bytes, file_.path);
    if (!written) {
      state_ = State::failed;
      return written;
    }
    hash_.add(bytes);
    size_bytes_ += bytes.size();
    return {};
  }

  Result<ObjectInfo> commit() override {
    TROUPE_CHECK_OK(require_open());
    state_ = State::failed;
    ObjectInfo info{hash_.finish(), size_bytes_};
    TROUPE_CHECK_OK(sync_file(file_.handle, file_.path));
    TROUPE_TRY(const bool placed, layout_.place(file_.handle, file_.path, info));
    if (!placed) {
      return make_error(ErrorCode::io, "partial/ and objects/ of a store must lie on one file system: " +
                                           layout_.partial_folder().string());
    }
    state_ = State::committed;
    return info;
  }

 private:
  enum class State { open, failed, committed };

  Result<void> require_open() const {
    if (state_ == State::open) return {};
    return make_error(ErrorCode::conflict, state_ == State::committed
                                               ? "the object is already committed; create another writer"
                                               : "an earlier write failed; start the object again");
  }

  FolderLayout layout_;
  NewFile file_;
  const uint64_t size_bytes_max_;
  uint64_t size_bytes_ = 0;
  Sha256 hash_;
  State state_ = State::open;
};

}  // namespace

Result<NewFile> create_unfinished(const fs::path& folder) {
  for (int attempt = 0; attempt < kCreateAttemptsMax; ++attempt) {
    TROUPE_TRY(NewFile file, create_file(folder, "object-"));
    TROUPE_TRY(const bool locked, try_lock(file.handle, LockKind::exclusive, file.path));
    // A sweep may have come between.
    if (locked && lies_at(file.handle, file.path)) return file;
  }
  return make_error(ErrorCode::unavailable, "new files in " + folder.string() + " are removed at once");
}

Result<std::unique_ptr<ObjectWriter>> create_folder_writer(const FolderLayout& layout,
                                                           uint64_t size_bytes_max) {
  TROUPE_TRY(NewFile file, create_unfinished(layout.partial_folder()));
  return std::unique_ptr<ObjectWriter>(
      std::make_unique<FolderWriter>(layout, std::move(file), size_bytes_max));
}

}  // namespace troupe::store
