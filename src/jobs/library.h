// Uploads and elements. Objects' bytes are elsewhere; here is who owns which.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/library.h"

namespace troupe::jobs {

inline constexpr int kUploadsPerAccountMax = 100000;
inline constexpr int kElementsPerAccountMax = 10000;

/// Errors and thread-safety as JobQueue. Whatever takes an account sees that account's things only.
class Library {
 public:
  virtual ~Library() = default;

  /// Errors: over_limit (kUploadsPerAccountMax).
  virtual Result<void> add_upload(const Upload& upload) = 0;
  /// The bytes are complete. Errors: not_found.
  virtual Result<void> complete_upload(const std::string& account, const std::string& id,
                                       const std::string& object, uint64_t size_bytes,
                                       const std::string& media_type) = 0;
  virtual Result<std::optional<Upload>> find_upload(const std::string& account, const std::string& id) = 0;
  /// Newest first; `before` an id or empty; `limit` 1 … 200.
  virtual Result<std::vector<Upload>> list_uploads(const std::string& account, const std::string& before,
                                                   int limit) = 0;
  /// Errors: not_found; conflict: an element uses it.
  virtual Result<void> remove_upload(const std::string& account, const std::string& id) = 0;

  /// Errors: conflict (the name is taken); not_found (an upload that it names, or one not complete);
  /// over_limit.
  virtual Result<void> add_element(const Element& element) = 0;
  /// Replaces it if its stored version is `element.version` - 1. Errors: not_found; conflict.
  virtual Result<void> replace_element(const Element& element) = 0;
  virtual Result<std::optional<Element>> find_element(const std::string& account, const std::string& id) = 0;
  virtual Result<std::optional<Element>> find_element_by_name(const std::string& account,
                                                              const std::string& name) = 0;
  virtual Result<std::vector<Element>> list_elements(const std::string& account, const std::string& before,
                                                     int limit) = 0;
  virtual Result<void> remove_element(const std::string& account, const std::string& id) = 0;

  /// Every object that an upload or a job's take names: what a sweep must keep.
  virtual Result<std::vector<std::string>> objects_in_use() = 0;
};

}  // namespace troupe::jobs
