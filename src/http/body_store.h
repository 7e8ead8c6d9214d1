// Where a body goes while it comes in: memory while it is small, then a nameless file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/descriptor.h"
#include "http/message.h"

namespace troupe::http {

/// Thread-safety: unsafe; add() and full() don't block, the rest does once a file is needed.
class BodyStore {
 public:
  BodyStore(uint64_t in_memory_max, std::string folder)
      : in_memory_max_(in_memory_max), folder_(std::move(folder)) {}

  void add(std::string_view bytes);
  uint64_t size_bytes() const { return size_bytes_; }
  size_t memory_bytes() const { return pending_.size(); }
  bool in_file() const { return file_.is_open(); }
  /// Memory has as much as it may: flush() before the next add().
  bool full() const;
  /// Moves what is in memory to the file. Errors: io (the disk is full, say).
  Result<void> flush();
  /// The whole; leaves this empty. `memory` goes with a body that is in memory. Errors: io.
  Result<Body> take(std::shared_ptr<void> memory);

 private:
  uint64_t in_memory_max_;
  std::string folder_;
  std::string pending_;
  uint64_t size_bytes_ = 0;
  Descriptor file_;
};

/// A file without a name in `folder`, for reading and writing. Errors: io.
Result<Descriptor> open_nameless(const std::string& folder);

}  // namespace troupe::http
