#include "engine/shelf/contents.h"

#include <system_error>

#include "engine/shelf/disk.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;

uint64_t begun_in(const fs::path& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() != ".part") continue;
    const auto size = it->file_size(error);
    if (!error) bytes += size;
    error.clear();
  }
  return bytes;
}

}  // namespace

Result<ShelfContents> ShelfContents::read(const fs::path& folder, const ModelList& models) {
  ShelfContents contents(folder, models);
  for (const ModelEntry& model : models.models()) {
    TROUPE_TRY(Record record, read_record(folder, model.id));
    if (record != Record{}) contents.records_[model.id] = std::move(record);
  }
  return contents;
}

const Record& ShelfContents::record(const std::string& model) const {
  static const Record none;
  const auto found = records_.find(model);
  return found == records_.end() ? none : found->second;
}

bool ShelfContents::is_whole(const StoredPart& part) const {
  for (const StoredFile& file : part.files) {
    std::error_code error;
    const auto size = fs::file_size(part_folder(part.folder) / file.name, error);
    if (error || size != file.size_bytes) return false;
  }
  return !part.files.empty();
}

std::optional<StoredPart> ShelfContents::stored(const ModelEntry& model, const Part& part) const {
  const auto in = [&](const Record& one) -> std::optional<StoredPart> {
    const auto found = one.parts.find(part.id);
    if (found == one.parts.end() || !is_whole(found->second)) return std::nullopt;
    return found->second;
  };
  if (auto own = in(record(model.id))) return own;
  for (const auto& [other, one] : records_)
    if (auto theirs = in(one)) return theirs;
  return std::nullopt;
}

PartState ShelfContents::part_state(const ModelEntry& model, const Part& part, bool optional) const {
  PartState state{&part, optional, false, false, 0, begun_in(part_folder(part.id)), {}};
  const auto found = stored(model, part);
  if (!found) return state;
  state.complete = true;
  for (const StoredFile& file : found->files) {
    state.size_bytes += file.size_bytes;
    if (!file.name.ends_with(".json")) state.files.push_back(part_folder(found->folder) / file.name);
  }
  for (const auto& [other, one] : records_) {
    const auto theirs = one.parts.find(part.id);
    state.shared = state.shared ||
                   (other != model.id && theirs != one.parts.end() && theirs->second.folder == found->folder);
  }
  return state;
}

ModelState ShelfContents::state(const ModelEntry& model) const {
  ModelState state;
  state.model = &model;
  state.licence_accepted = record(model.id).licence_accepted;
  for (const Part* part : model.parts) state.parts.push_back(part_state(model, *part, false));
  for (const Part* part : model.optional_parts) state.parts.push_back(part_state(model, *part, true));
  state.complete = state.missing().empty();
  for (const PartState& part : state.parts) state.size_bytes += part.size_bytes;
  return state;
}

std::vector<const Part*> ModelState::missing() const {
  std::vector<const Part*> all;
  for (const PartState& part : parts)
    if (!part.complete && !part.optional) all.push_back(part.part);
  return all;
}

std::set<std::string> ShelfContents::folders_in_use() const {
  std::set<std::string> folders;
  for (const ModelEntry& model : models_.models()) {
    const auto found = records_.find(model.id);
    if (found == records_.end()) continue;
    for (const auto& [id, part] : found->second.parts) folders.insert(part.folder);
    for (const Part* part : model.parts)
      if (const auto place = stored(model, *part)) folders.insert(place->folder);
  }
  return folders;
}

Result<uint64_t> delete_unused(const ShelfContents& contents, const std::set<std::string>& among) {
  const std::set<std::string> used = contents.folders_in_use();
  uint64_t freed = 0;
  for (const std::string& name : among) {
    if (used.count(name) > 0) continue;
    const fs::path folder = contents.part_folder(name);
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      const auto size = it->is_symlink(error) ? 0 : it->file_size(error);
      if (!error) freed += size;
      error.clear();
    }
    error.clear();
    fs::remove_all(folder, error);
    if (error) return disk_error(folder, "deleted", error.value());
  }
  return freed;
}

}  // namespace troupe::shelf
