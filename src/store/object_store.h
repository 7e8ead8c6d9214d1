// Stored bytes, named by what they are.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace troupe::store {

/// An object's name is the lower-case hex SHA-256 of its bytes: the same bytes are stored once.
struct ObjectInfo {
  std::string id;
  uint64_t size_bytes = 0;
  bool operator==(const ObjectInfo&) const = default;
};

/// True if `id` may name an object: 64 lower-case hex digits.
bool is_object_id(std::string_view id);

/// Takes bytes as they come. What is not committed is gone when it is destroyed, or after a crash at the next
/// sweep. Thread-safety: one thread at a time.
class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;
  /// Errors: over_limit (the bound given to create()), unavailable (disk full), io; after any of them, and
  /// after commit(), all calls give conflict.
  virtual Result<void> write(ByteView bytes) = 0;
  /// Durable when it returns; nothing may be written after it.
  virtual Result<ObjectInfo> commit() = 0;
};

/// Reads one object. Thread-safety: calls may run at once.
class ObjectReader {
 public:
  virtual ~ObjectReader() = default;
  virtual uint64_t size_bytes() const = 0;
  /// Up to `out.size()` bytes from `offset`; fewer only at the end. Returns how many.
  virtual Result<size_t> read_at(uint64_t offset, std::span<uint8_t> out) = 0;
};

/// Thread-safety: all calls may run at once. All block on I/O. Errors of all: io, unavailable.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  virtual Result<std::unique_ptr<ObjectWriter>> create(uint64_t size_bytes_max) = 0;
  /// Moves a finished file in (copies where a move can't be, or where the file has another name or owner);
  /// the file is gone afterwards, and still there after an error. Errors: not_found, invalid_argument (no
  /// regular file).
  virtual Result<ObjectInfo> adopt(const std::filesystem::path& file) = 0;

  /// Errors: not_found.
  virtual Result<std::unique_ptr<ObjectReader>> open(const std::string& id) = 0;
  /// The whole object. Errors: not_found, over_limit, corrupt_input (the bytes are not those that were
  /// stored).
  Result<Bytes> read(const std::string& id, uint64_t size_bytes_max);
  /// Where the object lies as a plain file, if it does: for sendfile and for programs that read paths.
  virtual std::optional<std::filesystem::path> local_file(const std::string& id) const = 0;

  /// True if it was there.
  virtual Result<bool> remove(const std::string& id) = 0;
  /// Ids in order, those after `after` ("" = from the first); `limit` 1 … 10000. Errors: invalid_argument.
  virtual Result<std::vector<std::string>> list(const std::string& after, int limit) = 0;

  /// Removes objects that `keep` (sorted) doesn't name and that are older than `before`, and unfinished files
  /// as old. Returns how many objects went. An object stored again meanwhile stays; who reads one that goes
  /// reads on. Errors: invalid_argument (`keep` is not sorted).
  virtual Result<int> sweep(const std::vector<std::string>& keep, Time before) = 0;

  /// Can it be written now? For readiness.
  virtual Result<void> probe() = 0;
};

/// Objects as files under `root`/objects/ab/cd/…, made if missing; unfinished ones under `root`/partial/.
/// A file is fsynced, then renamed, then its folder fsynced. Errors: io (the folder can't be made or
/// written).
Result<std::unique_ptr<ObjectStore>> open_folder_store(const std::filesystem::path& root);

}  // namespace troupe::store
