// Shelf::add(): files that the user has.
#include <algorithm>
#include <set>
#include <system_error>

#include "core/short_text.h"
#include "engine/shelf/contents.h"
#include "engine/shelf/disk.h"
#include "engine/shelf/shelf.h"
#include "engine/shelf/sort_files.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kWidths[] = {1536, 5120};
constexpr int64_t kTextWidth = 4096;  // of umT5-XXL

const Part* part_with(const ModelEntry& model, Role role) {
  for (const auto* list : {&model.parts, &model.optional_parts})
    for (const Part* part : *list)
      if (part->role == role) return part;
  return nullptr;
}

// Whether a transformer can be the model's; a warning for one of another size than any real one's.
Result<std::string> check_transformer(const ModelEntry& model, const SortedPart& found) {
  const std::string file = found.files.front().string();
  const bool wants_vace = model.family == Family::vace;
  if (found.vace != wants_vace)
    return make_error(
        ErrorCode::invalid_argument,
        file + (found.vace ? " has a VACE branch, which " + model.id + " does not: add it as wan2.1-vace-" +
                                 model.size + "."
                           : " has no VACE branch (vace_blocks), which " + model.id + " needs."));
  if (found.width == model.width()) return std::string();
  const bool other_size = std::find(std::begin(kWidths), std::end(kWidths), found.width) != std::end(kWidths);
  if (other_size)
    return make_error(ErrorCode::invalid_argument,
                      file + " is a network of width " + std::to_string(found.width) + ", not of " +
                          std::to_string(model.width()) + ": these are the weights of another size than " +
                          model.id + ".");
  return "the transformer's width is " + std::to_string(found.width) + ", not " +
         std::to_string(model.width()) + " as the published " + model.id + " has";
}

// A small encoder made for tests would be used by every model that has none of its own.
std::string check_text_encoder(const SortedPart& found) {
  if (found.width == kTextWidth) return "";
  return "the text encoder's width is " + std::to_string(found.width) + ", not " +
         std::to_string(kTextWidth) + " as umT5-XXL has; every model on this shelf that needs one shares it";
}

// A name that may stand in a record, and that no other of the part's files has.
std::string kept_name(const fs::path& file, std::set<std::string>& taken) {
  std::string name = file.filename().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !ascii_alnum(c) && c != '.' && c != '_' && c != '-'; },
      '_');
  constexpr size_t kNameBytesMax = 150;
  if (name.size() > kNameBytesMax) name = name.substr(name.size() - kNameBytesMax);
  // Endings that mean something else on a shelf.
  for (const std::string_view ending : {".json", ".part", ".new"})
    if (name.ends_with(ending)) name += "_";
  const std::string plain = name;
  for (int i = 2; !taken.insert(name).second; ++i) name = std::to_string(i) + "-" + plain;
  return name;
}

bool same_files(const StoredPart& a, const StoredPart& b) {
  const auto sums = [](const StoredPart& part) {
    std::multiset<std::string> all;
    for (const StoredFile& file : part.files)
      if (!file.name.ends_with(".json")) all.insert(file.sha256);
    return all;
  };
  return sums(a) == sums(b) && sums(a).count("") == 0;
}

class Adding {
 public:
  Adding(const AddRequest& request, const ModelEntry& model, ShelfContents& contents, const OnBytes& on_bytes,
         const CancelToken& cancel)
      : request_(request), model_(model), contents_(contents), on_bytes_(on_bytes), cancel_(cancel) {
    record_ = contents.record(model.id);
  }
  // What was put there and is in no record goes again.
  ~Adding() {
    std::error_code ignored;
    for (const fs::path& folder : made_) fs::remove_all(folder, ignored);
  }
  Adding(const Adding&) = delete;
  Adding& operator=(const Adding&) = delete;

  Result<AddReport> run(Sorted sorted, const fs::path& shelf) {
    report_.passed_over = std::move(sorted.passed_over);
    std::sort(sorted.parts.begin(), sorted.parts.end(),
              [](const SortedPart& a, const SortedPart& b) { return a.role < b.role; });
    for (const SortedPart& found : sorted.parts)
      for (const fs::path& file : found.files) total_ += fs::file_size(file);
    for (const SortedPart& found : sorted.parts) TROUPE_CHECK_OK(take(found));
    if (report_.added.empty() && report_.linked.empty())
      return make_error(ErrorCode::invalid_argument,
                        "no file of weights of " + model_.id + " was found there.");
    link_missing();
    const std::set<std::string> old = folders_of(contents_.record(model_.id));
    TROUPE_CHECK_OK(write_record(shelf, model_.id, record_));
    made_.clear();
    contents_.set(model_.id, record_);
    TROUPE_CHECK_OK(delete_unused(contents_, old));
    if (request_.placing == Placing::move) delete_sources();
    report_.state = contents_.state(model_);
    return std::move(report_);
  }

 private:
  static std::set<std::string> folders_of(const Record& record) {
    std::set<std::string> folders;
    for (const auto& [id, part] : record.parts) folders.insert(part.folder);
    return folders;
  }

  Result<void> take(const SortedPart& found) {
    const Part* const part = part_with(model_, found.role);
    if (part == nullptr) {
      report_.passed_over.insert(report_.passed_over.end(), found.files.begin(), found.files.end());
      return {};
    }
    if (found.role == Role::transformer) {
      TROUPE_TRY(const std::string warning, check_transformer(model_, found));
      if (!warning.empty()) report_.warnings.push_back(warning);
    }
    if (found.role == Role::text_encoder) {
      if (std::string warning = check_text_encoder(found); !warning.empty())
        report_.warnings.push_back(warning);
    }
    TROUPE_TRY(StoredPart stored, describe(found));
    taken_.insert(taken_.end(), found.files.begin(), found.files.end());
    const auto here = contents_.stored(model_, *part);
    if (here && same_files(*here, stored)) {
      record_.parts[part->id] = *here;
      report_.linked.push_back(part);
      return {};
    }
    TROUPE_CHECK_OK(bring(found, *part, stored));
    record_.parts[part->id] = std::move(stored);
    report_.added.push_back(part);
    return {};
  }

  Result<StoredPart> describe(const SortedPart& found) {
    StoredPart stored;
    std::set<std::string> names;
    for (const fs::path& file : found.files) {
      const auto told = [&](uint64_t bytes) {
        done_ += bytes;
        if (on_bytes_) on_bytes_(file.filename().string(), done_, total_);
      };
      TROUPE_TRY(std::string sha256, sha256_of(file, told, cancel_));
      stored.files.push_back({kept_name(file, names), fs::file_size(file), std::move(sha256)});
    }
    return stored;
  }

  Result<void> bring(const SortedPart& found, const Part& part, StoredPart& stored) {
    TROUPE_TRY(stored.folder, free_folder(part));
    const fs::path folder = contents_.part_folder(stored.folder);
    made_.push_back(folder);
    TROUPE_CHECK_OK(make_folder(folder));
    // Until the record is written, the user's own files stay.
    const Placing placing = request_.placing == Placing::move ? Placing::hard_link : request_.placing;
    for (size_t i = 0; i < found.files.size(); ++i)
      TROUPE_CHECK_OK(place(found.files[i], folder / stored.files[i].name, placing, cancel_));
    return sync_folder(folder.parent_path());
  }

  // The part's own name where nothing of use lies there; what a killed command left is cleared away.
  Result<std::string> free_folder(const Part& part) {
    const std::set<std::string> used = contents_.folders_in_use();
    for (int i = 1;; ++i) {
      const std::string name = i == 1 ? part.id : part.id + "-" + std::to_string(i);
      const fs::path folder = contents_.part_folder(name);
      std::error_code error;
      if (used.count(name) > 0 || folders_of(record_).count(name) > 0 || has_begun(folder)) continue;
      fs::remove_all(folder, error);
      if (error) return disk_error(folder, "cleared", error.value());
      return name;
    }
  }

  static bool has_begun(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
      if (it->path().extension() == ".part") return true;
    return false;
  }

  void link_missing() {
    for (const Part* part : model_.parts) {
      if (record_.parts.count(part->id) > 0) continue;
      if (auto here = contents_.stored(model_, *part)) {
        record_.parts[part->id] = std::move(*here);
        report_.linked.push_back(part);
      }
    }
  }

  // Whether a file that was handed over lies on the shelf itself.
  bool is_ours(const fs::path& file) const {
    std::error_code error;
    const fs::path parts = fs::weakly_canonical(contents_.part_folder(""), error).parent_path();
    const fs::path inside = fs::canonical(file, error).lexically_relative(parts);
    return error || (!inside.empty() && *inside.begin() != "..");
  }

  void delete_sources() {
    for (const fs::path& file : taken_) {
      std::error_code error;
      if (is_ours(file)) continue;
      fs::remove(file, error);
      if (error) report_.warnings.push_back(file.string() + " can't be deleted: " + error.message());
    }
  }

  const AddRequest& request_;
  const ModelEntry& model_;
  ShelfContents& contents_;
  const OnBytes& on_bytes_;
  const CancelToken& cancel_;
  Record record_;
  AddReport report_;
  std::vector<fs::path> made_, taken_;
  uint64_t done_ = 0, total_ = 0;
};

}  // namespace

Result<AddReport> Shelf::add(const AddRequest& request, const OnBytes& on_bytes, const CancelToken& cancel) {
  TROUPE_TRY(const ModelEntry* const model, models_.find(request.model));
  TROUPE_TRY(Sorted sorted, sort_files(request.sources));
  TROUPE_TRY(const ShelfLock lock, ShelfLock::take(folder_));
  TROUPE_TRY(ShelfContents contents, ShelfContents::read(folder_, models_));
  try {
    return Adding(request, *model, contents, on_bytes, cancel).run(std::move(sorted), folder_);
  } catch (const fs::filesystem_error& error) {
    return make_error(ErrorCode::io, std::string(error.what()) + ": the file changed meanwhile.");
  }
}

}  // namespace troupe::shelf
