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

/// Errors and thread-safety as JobQueue; texts as jobs/text_rules.h (invalid_argument, over_limit). Whatever
/// takes an account sees that account's things only. Lists go by id, which sorts by time: `before` is an id,
/// of something that may be gone by now, or empty for the newest; `limit` 1 … 200.
class Library {
 public:
  virtual ~Library() = default;

  /// Errors: over_limit (kUploadsPerAccountMax); conflict (the id is taken).
  virtual Result<void> add_upload(const Upload& upload) = 0;
  /// The bytes are complete. Saying it again changes nothing. Errors: not_found; conflict: it is complete
  /// with another object; invalid_argument: `object` is no lower-case hex SHA-256.
  virtual Result<void> complete_upload(const std::string& account, const std::string& id,
                                       const std::string& object, uint64_t size_bytes,
                                       const std::string& media_type) = 0;
  virtual Result<std::optional<Upload>> find_upload(const std::string& account, const std::string& id) = 0;
  /// The upload that stands for bytes which came inside a request: one that the account has of this object,
  /// else `upload` itself, which is stored. REQUIRES it attached and complete. One that is attached counts as
  /// created at the later of both times from then on. Errors: conflict (the id is taken); invalid_argument.
  virtual Result<Upload> attach_upload(const Upload& upload) = 0;
  /// Forgets attached uploads created before `before` that no job names. Returns how many.
  virtual Result<int64_t> prune_attached(Time before) = 0;
  /// Newest first, without attached ones.
  virtual Result<std::vector<Upload>> list_uploads(const std::string& account, const std::string& before,
                                                   int limit) = 0;
  /// Errors: not_found; conflict: an element, or a job that is not final, uses it, and the text says which.
  virtual Result<void> remove_upload(const std::string& account, const std::string& id) = 0;

  /// Errors: conflict (the name, field "/name", or the id is taken); not_found (an upload that it names, or
  /// one not complete; field "/frontal", "/angles/1" or "/clip"); over_limit (kElementsPerAccountMax).
  virtual Result<void> add_element(const Element& element) = 0;
  /// Replaces all of it but `created`, if its stored version is `element.version` - 1. Errors: as
  /// add_element(); not_found without a field (no such element); conflict (field "/version": another
  /// version).
  virtual Result<void> replace_element(const Element& element) = 0;
  virtual Result<std::optional<Element>> find_element(const std::string& account, const std::string& id) = 0;
  /// Names are the same whatever the case of their ASCII letters.
  virtual Result<std::optional<Element>> find_element_by_name(const std::string& account,
                                                              const std::string& name) = 0;
  /// Newest first.
  virtual Result<std::vector<Element>> list_elements(const std::string& account, const std::string& before,
                                                     int limit) = 0;
  /// Its uploads stay. Errors: not_found.
  virtual Result<void> remove_element(const std::string& account, const std::string& id) = 0;

  /// Every object that an upload or a job's take names, each once: what a sweep must keep.
  virtual Result<std::vector<std::string>> objects_in_use() = 0;
};

}  // namespace troupe::jobs
