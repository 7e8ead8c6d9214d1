#include "store/partial_uploads.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <optional>

#include "store/file_handle.h"

namespace troupe::store {

namespace fs = std::filesystem;

namespace {

constexpr size_t kIdLengthMax = 100;
constexpr size_t kCopyBytes = 1 << 20;
constexpr uint64_t kSizeBytesMax = std::numeric_limits<int64_t>::max();
constexpr size_t kSizeTextBytesMax = 32;
constexpr std::string_view kBytesSuffix = ".bytes", kSizeSuffix = ".size";
// Has a character that no id has.
constexpr std::string_view kNewSizePrefix = "size-";

bool is_upload_id(std::string_view id) {
  return !id.empty() && id.size() <= kIdLengthMax && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
}

Error no_upload(const std::string& id) {
  return make_error(ErrorCode::not_found, is_upload_id(id)
                                              ? "there is no upload " + id
                                              : "an upload's id is made of letters, digits and '_'");
}

Error in_use(const std::string& id) {
  return make_error(ErrorCode::conflict,
                    "upload " + id + " is being written to now; try again when that has ended");
}

// An upload is two files: <id>.bytes, whose length is the offset, and <id>.size, the announced size in
// decimal. It exists if both do: .size comes last and goes first, so a crash between leaves none.
struct Paths {
  fs::path bytes, size;
};

Paths paths_of(const fs::path& root, const std::string& id) {
  return {root / (id + std::string(kBytesSuffix)), root / (id + std::string(kSizeSuffix))};
}

Result<uint64_t> read_size(const fs::path& file) {
  TROUPE_TRY(const Bytes text, read_file(file, kSizeTextBytesMax));
  const char* begin = reinterpret_cast<const char*>(text.data());
  uint64_t size_bytes = 0;
  const auto [end, failure] = std::from_chars(begin, begin + text.size(), size_bytes);
  if (failure != std::errc() || end != begin + text.size() || size_bytes > kSizeBytesMax) {
    return make_error(ErrorCode::corrupt_input,
                      file.string() + " holds no size; drop the upload and start again");
  }
  return size_bytes;
}

// Whole or not at all, also after a crash.
Result<void> write_size(const fs::path& root, const fs::path& file, uint64_t size_bytes) {
  TROUPE_TRY(const NewFile fresh, create_file(root, kNewSizePrefix));
  auto done = write_all(fresh.handle, as_bytes(std::to_string(size_bytes)), fresh.path);
  if (done) done = sync_file(fresh.handle, fresh.path);
  if (done) {
    const auto moved = move_file(fresh.path, file);
    if (!moved) done = moved.error();
  }
  if (!done) (void)remove_file(fresh.path);
  return done;
}

// An upload that its lock is held of.
struct Held {
  FileHandle handle;
  uint64_t offset = 0, size_bytes = 0;
};

Result<Held> hold(const fs::path& root, const std::string& id) {
  if (!is_upload_id(id)) return no_upload(id);
  const Paths paths = paths_of(root, id);
  auto handle = open_file(paths.bytes, O_RDWR | O_APPEND);
  if (!handle) return handle.error().code == ErrorCode::not_found ? no_upload(id) : handle.error();
  TROUPE_TRY(const bool locked, try_lock(*handle, LockKind::exclusive, paths.bytes));
  if (!locked) return in_use(id);
  // Who held the lock before may have finished or dropped it.
  if (!lies_at(*handle, paths.bytes)) return no_upload(id);
  const auto size_bytes = read_size(paths.size);
  if (!size_bytes)
    return size_bytes.error().code == ErrorCode::not_found ? no_upload(id) : size_bytes.error();
  TROUPE_TRY(const struct stat status, status_of(*handle, paths.bytes));
  if (static_cast<uint64_t>(status.st_size) > *size_bytes) {
    return make_error(ErrorCode::corrupt_input,
                      "upload " + id + " is longer than it was announced; drop it and start again");
  }
  return Held{std::move(*handle), static_cast<uint64_t>(status.st_size), *size_bytes};
}

// True if it was there; false also for one that changed since `before`, where that is given.
Result<bool> drop_upload(const fs::path& root, const std::string& id, std::optional<Time> before) {
  if (!is_upload_id(id)) return false;
  const Paths paths = paths_of(root, id);
  const auto handle = open_file(paths.bytes, O_RDONLY);
  if (!handle) return handle.error().code == ErrorCode::not_found ? Result<bool>(false) : handle.error();
  TROUPE_TRY(const bool locked, try_lock(*handle, LockKind::exclusive, paths.bytes));
  if (!locked) return in_use(id);
  if (!lies_at(*handle, paths.bytes)) return false;
  TROUPE_TRY(const struct stat status, status_of(*handle, paths.bytes));
  if (before && changed_at(status) >= *before) return false;
  TROUPE_TRY(const bool had_size, remove_file(paths.size));
  TROUPE_CHECK_OK(remove_file(paths.bytes));
  return had_size;
}

// What a crash left that belongs to no upload: a size that was not put in its place, or whose bytes are gone.
bool is_leftover(const fs::path& root, const fs::path& file) {
  const std::string name = file.filename().string();
  if (name.starts_with(kNewSizePrefix)) return true;
  const std::string id = file.stem().string();
  return file.extension() == kSizeSuffix && is_upload_id(id) && !status_at(paths_of(root, id).bytes);
}

class FileAppender final : public PartialUploads::Appender {
 public:
  FileAppender(Held held, fs::path file) : held_(std::move(held)), file_(std::move(file)) {}
  ~FileAppender() override { (void)flush(); }

  Result<void> write(ByteView bytes) override {
    if (failed_)
      return make_error(ErrorCode::conflict, "an earlier write failed; ask for the offset and go on there");
    if (bytes.size() > held_.size_bytes - held_.offset) {
      return make_error(ErrorCode::over_limit, "these bytes go past the announced size of " +
                                                   std::to_string(held_.size_bytes) + " bytes");
    }
    auto written = write_all(held_.handle, bytes, file_);
    failed_ = !written;
    held_.offset += bytes.size();
    return written;
  }

  Result<void> flush() override { return sync_file(held_.handle, file_); }

 private:
  Held held_;
  fs::path file_;
  bool failed_ = false;  // then held_.offset is a guess
};

}  // namespace

struct PartialUploads::State {
  fs::path root;
};

Result<std::unique_ptr<PartialUploads>> PartialUploads::open(const fs::path& root) {
  TROUPE_CHECK_OK(make_folder(root));
  std::error_code failure;
  auto state = std::make_shared<State>(State{fs::canonical(root, failure)});
  if (failure) return file_error(failure.value(), "open", root);
  return std::unique_ptr<PartialUploads>(new PartialUploads(std::move(state)));
}

Result<void> PartialUploads::begin(const std::string& id, uint64_t size_bytes) {
  if (!is_upload_id(id)) {
    return make_error(
        ErrorCode::invalid_argument,
        "an upload's id is made of 1 to " + std::to_string(kIdLengthMax) + " letters, digits and '_'");
  }
  if (size_bytes > kSizeBytesMax) {
    return make_error(ErrorCode::over_limit, "no file can have " + std::to_string(size_bytes) + " bytes");
  }
  const Paths paths = paths_of(state_->root, id);
  auto handle = open_file(paths.bytes, O_RDWR | O_CREAT | O_EXCL);
  const bool fresh = handle.has_value();
  if (!fresh) handle = open_file(paths.bytes, O_RDWR | O_CREAT);
  if (!handle) return handle.error();
  TROUPE_TRY(const bool locked, try_lock(*handle, LockKind::exclusive, paths.bytes));
  if (!locked) return in_use(id);
  if (!lies_at(*handle, paths.bytes) || (!fresh && status_at(paths.size))) {
    return make_error(ErrorCode::conflict, "there is an upload " + id + " already");
  }
  // Without a size they are what a crash left of another upload.
  if (::ftruncate(handle->get(), 0) != 0) return file_error(errno, "empty", paths.bytes);
  TROUPE_CHECK_OK(sync_file(*handle, paths.bytes));
  TROUPE_CHECK_OK(write_size(state_->root, paths.size, size_bytes));
  return sync_folder(state_->root);
}

Result<uint64_t> PartialUploads::offset(const std::string& id) const {
  if (!is_upload_id(id)) return no_upload(id);
  const Paths paths = paths_of(state_->root, id);
  if (!status_at(paths.size)) return no_upload(id);
  const auto handle = open_file(paths.bytes, O_RDONLY);
  if (!handle) return handle.error().code == ErrorCode::not_found ? no_upload(id) : handle.error();
  // In this order, what is counted is on the disk even while somebody appends.
  TROUPE_TRY(const struct stat status, status_of(*handle, paths.bytes));
  TROUPE_CHECK_OK(sync_file(*handle, paths.bytes));
  return static_cast<uint64_t>(status.st_size);
}

Result<std::unique_ptr<PartialUploads::Appender>> PartialUploads::append(const std::string& id,
                                                                         uint64_t offset) {
  TROUPE_TRY(Held held, hold(state_->root, id));
  if (held.offset != offset) {
    return make_error(ErrorCode::conflict, "upload " + id + " stands at byte " + std::to_string(held.offset) +
                                               ", not " + std::to_string(offset) + "; go on from there");
  }
  return std::unique_ptr<Appender>(
      std::make_unique<FileAppender>(std::move(held), paths_of(state_->root, id).bytes));
}

Result<ObjectInfo> PartialUploads::finish(const std::string& id, ObjectStore& store) {
  TROUPE_TRY(const Held held, hold(state_->root, id));
  if (held.offset != held.size_bytes) {
    return make_error(ErrorCode::conflict, "upload " + id + " has " + std::to_string(held.offset) + " of " +
                                               std::to_string(held.size_bytes) +
                                               " bytes; send the rest first");
  }
  TROUPE_TRY(const auto writer, store.create(held.size_bytes));
  Bytes block(kCopyBytes);
  for (uint64_t offset = 0; offset < held.size_bytes;) {
    TROUPE_TRY(const size_t count, read_some(held.handle, offset, block, paths_of(state_->root, id).bytes));
    if (count == 0) return make_error(ErrorCode::io, "upload " + id + " ends early");
    TROUPE_CHECK_OK(writer->write(ByteView(block).first(count)));
    offset += count;
  }
  return writer->commit();
}

Result<void> PartialUploads::drop(const std::string& id) {
  TROUPE_TRY(const bool dropped, drop_upload(state_->root, id, std::nullopt));
  if (!dropped) return no_upload(id);
  return sync_folder(state_->root);
}

Result<int> PartialUploads::sweep(Time before) {
  int removed = 0;
  std::error_code failure;
  for (fs::directory_iterator at(state_->root, failure), end; !failure && at != end; at.increment(failure)) {
    const fs::path file = at->path();
    const auto status = status_at(file);
    if (!status || !S_ISREG(status->st_mode) || changed_at(*status) >= before) continue;
    if (file.extension() == kBytesSuffix) {
      const auto dropped = drop_upload(state_->root, file.stem().string(), before);
      if (!dropped && dropped.error().code != ErrorCode::conflict) return dropped.error();
      removed += dropped && *dropped ? 1 : 0;
    } else if (is_leftover(state_->root, file)) {
      TROUPE_CHECK_OK(remove_file(file));
    }
  }
  if (failure) return file_error(failure.value(), "list", state_->root);
  return removed;
}

}  // namespace troupe::store
