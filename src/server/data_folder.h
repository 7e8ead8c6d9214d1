// Where a server keeps everything: one folder.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "jobs/job_store.h"
#include "jobs/sqlite/sqlite_store.h"
#include "store/object_store.h"
#include "store/partial_uploads.h"

namespace troupe::server {

/// DATA/troupe.db (jobs, ledger, events, keys, library), DATA/objects (videos and uploads), DATA/uploads
/// (pieces of uploads), DATA/scratch (videos while they are made), DATA/secret. Made if missing, for the
/// owner only.
struct DataFolder {
  std::filesystem::path root, scratch;
  std::string
      secret;  ///< of this server alone, made once: webhooks of jobs are signed with what follows from it
  std::unique_ptr<jobs::JobStore> jobs;
  std::unique_ptr<store::ObjectStore> objects;
  std::unique_ptr<store::PartialUploads> partials;
};

/// Errors: io, unavailable; the store's. Several programs may have it open at once.
Result<DataFolder> open_data_folder(const std::filesystem::path& root,
                                    const jobs::SqliteOptions& options = {});

/// What a server that died left half made. Only for the one server of a folder: see lock_data_folder().
void clear_scratch(const DataFolder& folder);

/// Held by the server that works on a folder; the operating system lets go of it when the process ends.
class FolderLock {
 public:
  /// Errors: conflict: another server has it; io.
  static Result<FolderLock> take(const std::filesystem::path& root);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace troupe::server
