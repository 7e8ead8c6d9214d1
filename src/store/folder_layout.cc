#include "store/folder_layout.h"

#include <fcntl.h>

#include <algorithm>
#include <string_view>

namespace troupe::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr size_t kFolderNameLength = 2;

// The names in `folder` that `wanted` likes, in order; none if it isn't there.
template <class Wanted>
Result<std::vector<std::string>> names_in(const fs::path& folder, const Wanted& wanted) {
  std::vector<std::string> names;
  std::error_code failure;
  for (fs::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
    std::string name = at->path().filename().string();
    if (wanted(name)) names.push_back(std::move(name));
  }
  if (failure && failure != std::errc::no_such_file_or_directory) {
    return file_error(failure.value(), "list", folder);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool is_folder_name(std::string_view name) {
  return name.size() == kFolderNameLength && name.find_first_not_of(kHexDigits) == std::string_view::npos;
}

// True if `info` lies at `file` with its whole length, and is new now.
bool renew(const fs::path& file, const ObjectInfo& info) {
  const auto handle = open_file(file, O_RDONLY);
  if (!handle) return false;
  const auto status = status_of(*handle, file);
  return status && S_ISREG(status->st_mode) && static_cast<uint64_t>(status->st_size) == info.size_bytes &&
         touch_file(*handle, file);
}

}  // namespace

Result<FolderLayout> FolderLayout::make(const fs::path& root) {
  TROUPE_CHECK_OK(make_folder(root));
  std::error_code failure;
  const FolderLayout layout(fs::canonical(root, failure));
  if (failure) return file_error(failure.value(), "open", root);
  TROUPE_CHECK_OK(make_folder(layout.objects_folder()));
  TROUPE_CHECK_OK(make_folder(layout.partial_folder()));
  return layout;
}

fs::path FolderLayout::object_file(const std::string& id) const {
  return objects_folder() / id.substr(0, kFolderNameLength) /
         id.substr(kFolderNameLength, kFolderNameLength) / id;
}

Result<FileHandle> FolderLayout::lock(LockKind kind) const {
  return lock_file(root_ / "lock", kind, kLockWait);
}

Result<bool> FolderLayout::place(const FileHandle& handle, const fs::path& from,
                                 const ObjectInfo& info) const {
  const fs::path target = object_file(info.id);
  TROUPE_CHECK_OK(make_folder(target.parent_path()));
  // Its age counts from now on: the writing may have begun long ago.
  TROUPE_CHECK_OK(touch_file(handle, from));
  {
    TROUPE_TRY(const FileHandle locked, lock(LockKind::shared));
    if (renew(target, info)) {
      TROUPE_CHECK_OK(remove_file(from));
    } else {
      TROUPE_TRY(const bool moved, move_file(from, target));
      if (!moved) return false;
    }
  }
  // All levels, and also where the object was there already: who made them or put it there may not have come
  // to this line yet.
  for (fs::path folder = target.parent_path(); folder != root_; folder = folder.parent_path()) {
    TROUPE_CHECK_OK(sync_folder(folder));
  }
  return true;
}

Result<void> FolderLayout::for_each_folder(
    const std::string& after,
    const std::function<Result<bool>(const std::vector<std::string>& ids)>& visit) const {
  TROUPE_TRY(const std::vector<std::string> outer_names, names_in(objects_folder(), is_folder_name));
  for (const std::string& outer : outer_names) {
    if (outer < after.substr(0, kFolderNameLength)) continue;
    TROUPE_TRY(const std::vector<std::string> inner_names,
               names_in(objects_folder() / outer, is_folder_name));
    for (const std::string& inner : inner_names) {
      const std::string start = outer + inner;
      if (start < after.substr(0, start.size())) continue;
      TROUPE_TRY(const std::vector<std::string> ids,
                 names_in(objects_folder() / outer / inner, [&](const std::string& name) {
                   return is_object_id(name) && name.starts_with(start);
                 }));
      TROUPE_TRY(const bool more, visit(ids));
      if (!more) return {};
    }
  }
  return {};
}

}  // namespace troupe::store
