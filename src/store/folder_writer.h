// Unfinished files of a folder store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/result.h"
#include "store/file_handle.h"
#include "store/folder_layout.h"
#include "store/object_store.h"

namespace troupe::store {

/// A new file that is locked as long as its handle lives, so that a sweep can tell it from one that a crash
/// left. The caller removes it.
Result<NewFile> create_unfinished(const std::filesystem::path& folder);

/// Writes to an unfinished file, hashing as it goes, and puts it in its place at the end.
Result<std::unique_ptr<ObjectWriter>> create_folder_writer(const FolderLayout& layout,
                                                           uint64_t size_bytes_max);

}  // namespace troupe::store
