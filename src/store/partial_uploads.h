// Uploads that come in pieces, and go on where they stopped, also after a crash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/object_store.h"

namespace troupe::store {

/// Files under `root`, named by upload id. Thread-safety: calls for different ids may run at once; two at
/// once for one id: the second gets conflict.
class PartialUploads {
 public:
  /// `root` is made if missing.
  static Result<std::unique_ptr<PartialUploads>> open(const std::filesystem::path& root);

  /// Starts an upload of exactly `size_bytes` bytes. `id` is made of letters, digits and '_' only, 1 … 100 of
  /// them. Errors: invalid_argument (the id), conflict (there is one of that id), over_limit (2^63 bytes).
  Result<void> begin(const std::string& id, uint64_t size_bytes);
  /// How many bytes are safely here. Errors: not_found.
  Result<uint64_t> offset(const std::string& id) const;

  /// Appends while it lives; what was written is durable once flush() or the destructor returned.
  class Appender {
   public:
    virtual ~Appender() = default;
    /// Errors: over_limit (more than announced: none of `bytes` is taken), unavailable (disk full), io; after
    /// one of the latter two a part may have been taken, and offset() says how much.
    virtual Result<void> write(ByteView bytes) = 0;
    virtual Result<void> flush() = 0;
  };
  /// Errors: not_found; conflict: `offset` is not where the upload stands, or somebody else appends now.
  Result<std::unique_ptr<Appender>> append(const std::string& id, uint64_t offset);

  /// All bytes are there: into the store. The pieces stay until drop(): a crash before it is written down
  /// which object they are loses nothing, as the same can be asked again. Errors: not_found; conflict: some
  /// are missing; the store's.
  Result<ObjectInfo> finish(const std::string& id, ObjectStore& store);
  /// Errors: not_found; conflict (somebody appends now).
  Result<void> drop(const std::string& id);
  /// Removes those not touched since `before` and not being appended to. Returns how many.
  Result<int> sweep(Time before);

 private:
  struct State;
  explicit PartialUploads(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

}  // namespace troupe::store
