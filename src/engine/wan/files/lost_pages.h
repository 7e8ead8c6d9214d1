// What becomes of a mapped file's pages that can't be read any more: the file was cut, or its disk fails. The
// system ends a process that touches one (SIGBUS); here such pages become zeros, and a mark is left.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>

namespace troupe::engine::wan {

/// How many mappings can be watched at once; those beyond are left to the system.
inline constexpr size_t kWatchedMax = 4096;

/// Watches a mapping as long as it lives: destroy it before the mapping is taken away. The first one installs
/// a handler for SIGBUS, which passes on what is not its own. Thread-safe.
class LostPages {
 public:
  explicit LostPages(std::span<const std::byte> mapping);
  ~LostPages();
  LostPages(const LostPages&) = delete;
  LostPages& operator=(const LostPages&) = delete;

  /// Whether a page was lost: bytes that were read since may be zeros.
  bool any() const;

 private:
  struct Watched;
  Watched* watched_ = nullptr;
  friend struct LostPagesHandler;
};

}  // namespace troupe::engine::wan
