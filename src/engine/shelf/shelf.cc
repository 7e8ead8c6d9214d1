#include "engine/shelf/shelf.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "engine/shelf/contents.h"
#include "engine/shelf/disk.h"
#include "engine/shelf/sort_files.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;

std::string words_of(const std::vector<const Part*>& parts) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 < parts.size() ? ", " : " and ") + std::string(words(parts[i]->role));
  return text;
}

Error not_here(const ModelState& state) {
  const std::string& id = state.model->id;
  return make_error(ErrorCode::not_found,
                    "The weights of " + id + " are not all here: its " + words_of(state.missing()) +
                        (state.missing().size() == 1 ? " is" : " are") +
                        " missing. Fetch them with \"troupe weights pull " + id +
                        "\", or hand over files that you have with \"troupe weights add " + id + " DIR\".");
}

// Looks at each file of what records say once, however many models name it.
class Verifier {
 public:
  Verifier(const ShelfContents& contents, const OnBytes& on_bytes, const CancelToken& cancel)
      : contents_(contents), on_bytes_(on_bytes), cancel_(cancel) {}

  void want(const Part& part, const StoredPart& stored) {
    if (!wanted_folders_.insert(stored.folder).second) return;
    wanted_.push_back({&part, &stored});
    for (const StoredFile& file : stored.files) total_ += file.size_bytes;
  }

  Result<VerifyReport> run() {
    for (const auto& [part, stored] : wanted_) TROUPE_CHECK_OK(look_at(*part, *stored));
    return std::move(report_);
  }

 private:
  void add(const Part& part, const fs::path& file, std::string what) {
    report_.troubles.push_back({part.id, file, std::move(what)});
  }

  Result<void> look_at(const Part& part, const StoredPart& stored) {
    std::vector<fs::path> weights;
    const size_t before = report_.troubles.size();
    for (const StoredFile& file : stored.files) {
      const fs::path path = contents_.part_folder(stored.folder) / file.name;
      TROUPE_CHECK_OK(look_at_file(part, file, path));
      if (!file.name.ends_with(".json")) weights.push_back(path);
    }
    if (report_.troubles.size() > before) return {};
    const auto checked = check_files(part.role, weights);
    if (!checked) add(part, weights.front(), checked.error().message);
    return {};
  }

  Result<void> look_at_file(const Part& part, const StoredFile& file, const fs::path& path) {
    ++report_.files;
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) {
      add(part, path, "is missing");
      return {};
    }
    if (size != file.size_bytes) {
      add(part, path, "has " + std::to_string(size) + " bytes, not " + std::to_string(file.size_bytes));
      return {};
    }
    if (file.sha256.empty()) return {};
    ++report_.checksums;
    const auto told = [&](uint64_t bytes) {
      done_ += bytes;
      if (on_bytes_) on_bytes_(file.name, done_, total_);
    };
    TROUPE_TRY(const std::string sha256, sha256_of(path, told, cancel_));
    if (sha256 != file.sha256) add(part, path, "is damaged: its checksum is not the one that was recorded");
    return {};
  }

  struct Wanted {
    const Part* part;
    const StoredPart* stored;
  };

  const ShelfContents& contents_;
  const OnBytes& on_bytes_;
  const CancelToken& cancel_;
  std::set<std::string> wanted_folders_;
  std::vector<Wanted> wanted_;
  uint64_t total_ = 0, done_ = 0;
  VerifyReport report_;
};

}  // namespace

Shelf::Shelf(fs::path folder, const ModelList& models) : folder_(std::move(folder)), models_(models) {}

Result<std::vector<ModelState>> Shelf::list() const {
  TROUPE_TRY(const ShelfContents contents, ShelfContents::read(folder_, models_));
  std::vector<ModelState> all;
  for (const ModelEntry& model : models_.models()) all.push_back(contents.state(model));
  return all;
}

Result<ModelState> Shelf::state(const std::string& id) const {
  TROUPE_TRY(const ModelEntry* const model, models_.find(id));
  TROUPE_TRY(const ShelfContents contents, ShelfContents::read(folder_, models_));
  return contents.state(*model);
}

Result<ModelFiles> Shelf::find(const std::string& id) const {
  TROUPE_TRY(const ModelState found, state(id));
  if (!found.complete) return not_here(found);
  ModelFiles files;
  files.model = found.model;
  for (const PartState& part : found.parts) {
    if (!part.complete) continue;
    switch (part.part->role) {
      case Role::transformer:
        files.transformer = part.files;
        break;
      case Role::text_encoder:
        files.text_encoder = part.files;
        break;
      case Role::vae:
        files.vae = part.files;
        break;
      case Role::tiny_vae:
        files.tiny_vae = part.files;
        break;
      case Role::tokenizer:
        files.tokenizer = part.files.front();
        break;
    }
  }
  return files;
}

Result<VerifyReport> Shelf::verify(const std::string& id, const OnBytes& on_bytes,
                                   const CancelToken& cancel) const {
  if (!id.empty()) TROUPE_CHECK_OK(models_.find(id));
  TROUPE_TRY(const ShelfContents contents, ShelfContents::read(folder_, models_));
  Verifier verifier(contents, on_bytes, cancel);
  for (const ModelEntry& model : models_.models()) {
    if (!id.empty() && model.id != id) continue;
    const Record& record = contents.record(model.id);
    for (const auto* list : {&model.parts, &model.optional_parts}) {
      for (const Part* part : *list) {
        const auto stored = record.parts.find(part->id);
        if (stored != record.parts.end()) verifier.want(*part, stored->second);
      }
    }
  }
  return verifier.run();
}

Result<RemoveReport> Shelf::remove(const std::string& id) {
  TROUPE_TRY(const ModelEntry* const model, models_.find(id));
  TROUPE_TRY(const ShelfLock lock, ShelfLock::take(folder_));
  TROUPE_TRY(ShelfContents contents, ShelfContents::read(folder_, models_));
  // Begun downloads lie under the part's own name.
  std::map<std::string, std::string> part_of_folder;
  for (const auto* list : {&model->parts, &model->optional_parts})
    for (const Part* part : *list) part_of_folder[part->id] = part->id;
  for (const auto& [part, stored] : contents.record(id).parts) part_of_folder[stored.folder] = part;
  TROUPE_TRY(const bool was_here, delete_record(folder_, id));
  contents.forget(id);
  const std::set<std::string> used = contents.folders_in_use();
  RemoveReport report;
  std::set<std::string> among;
  for (const auto& [folder, part] : part_of_folder) {
    std::error_code error;
    if (!fs::exists(contents.part_folder(folder), error)) continue;
    (used.count(folder) > 0 ? report.kept : report.removed).push_back(part);
    among.insert(folder);
  }
  TROUPE_TRY(report.freed_bytes, delete_unused(contents, among));
  if (was_here || !report.removed.empty()) return report;
  return make_error(ErrorCode::not_found, "nothing of " + id + " is in " + folder_.string() + ".");
}

}  // namespace troupe::shelf
