#include "engine/shelf/pull.h"

#include <algorithm>
#include <system_error>

#include "engine/shelf/contents.h"
#include "engine/shelf/disk.h"
#include "engine/shelf/download.h"
#include "engine/shelf/sort_files.h"

namespace troupe::shelf {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kRoomToSpare =
    64 << 20;  // for the shelf's own notes, and whatever else the disk is used for

std::string gigabytes(uint64_t bytes) {
  if (bytes < 1'000'000'000) return std::to_string((bytes + 999'999) / 1'000'000) + " MB";
  const uint64_t tenths = (bytes + 99'999'999) / 100'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

// What is to be fetched of a part.
struct PartPlan {
  const Part* part = nullptr;
  std::vector<WantedFile> files;
  std::string index_name, index_text;  // of a sharded one
};

class Puller {
 public:
  Puller(Shelf& shelf, const PullRequest& request, const ModelEntry& model, Hub& hub, ShelfContents& contents,
         const OnBytes& on_bytes, const CancelToken& cancel)
      : shelf_(shelf),
        request_(request),
        model_(model),
        hub_(hub),
        contents_(contents),
        on_bytes_(on_bytes),
        cancel_(cancel),
        record_(contents.record(model.id)) {
    record_.licence_accepted = record_.licence_accepted || request.accept_licence;
  }

  Result<PullReport> run() {
    std::vector<const Part*> parts = model_.parts;
    if (request_.with_tiny_vae)
      parts.insert(parts.end(), model_.optional_parts.begin(), model_.optional_parts.end());
    for (const Part* part : parts) {
      if (auto here = contents_.stored(model_, *part)) {
        record_.parts[part->id] = std::move(*here);
        report_.linked.push_back(part);
      } else {
        TROUPE_CHECK_OK(plan(*part));
      }
    }
    TROUPE_CHECK_OK(check_room());
    TROUPE_CHECK_OK(write_record(shelf_.folder(), model_.id, record_));
    for (const PartPlan& one : plans_) TROUPE_CHECK_OK(fetch(one));
    contents_.set(model_.id, record_);
    report_.state = contents_.state(model_);
    return std::move(report_);
  }

 private:
  Result<void> plan(const Part& part) {
    PartPlan one{&part, {}, "", ""};
    std::vector<std::string> files = part.files;
    if (!part.index.empty()) {
      TROUPE_TRY(one.index_text, hub_.text(part.repository, part.index, kIndexBytesMax));
      TROUPE_TRY(const std::vector<std::string> shards, shards_of_index(one.index_text));
      const std::string folder = part.index.substr(0, part.index.rfind('/') + 1);
      for (const std::string& shard : shards) files.push_back(folder + shard);
      one.index_name = fs::path(part.index).filename().string();
    }
    for (const std::string& file : files) {
      WantedFile wanted{part.repository, file, folder_of(part) / fs::path(file).filename(), {}, part.sha256};
      TROUPE_TRY(wanted.remote, hub_.look(part.repository, file));
      total_ += wanted.remote.size_bytes;
      one.files.push_back(std::move(wanted));
    }
    plans_.push_back(std::move(one));
    return {};
  }

  fs::path folder_of(const Part& part) const { return contents_.part_folder(part.id); }

  // A file that an earlier call finished, whose part it did not.
  static bool is_there(const WantedFile& file) {
    std::error_code error;
    return fs::file_size(file.target, error) == file.remote.size_bytes && !error;
  }

  Result<void> check_room() {
    uint64_t needed = 0;
    for (const PartPlan& one : plans_)
      for (const WantedFile& file : one.files)
        needed += is_there(file) ? 0 : file.remote.size_bytes - begun_bytes(file);
    if (needed == 0) return {};
    TROUPE_CHECK_OK(make_folder(shelf_.folder()));
    const FreeSpace free_space = request_.free_space ? request_.free_space : system_free_space();
    TROUPE_TRY(const uint64_t free, free_space(shelf_.folder()));
    if (free >= needed + kRoomToSpare) return {};
    return make_error(ErrorCode::unavailable,
                      "the weights of " + model_.id + " need " + gigabytes(needed) + " more (" +
                          std::to_string(needed) + " bytes), but only " + gigabytes(free) + " (" +
                          std::to_string(free) + " bytes) are free in " + shelf_.folder().string() +
                          ": make room, or name another folder with --weights. Nothing was fetched.");
  }

  Result<void> fetch(const PartPlan& one) {
    const fs::path folder = folder_of(*one.part);
    TROUPE_CHECK_OK(make_folder(folder));
    TROUPE_CHECK_OK(sync_folder(folder.parent_path()));
    StoredPart stored{one.part->id, {}};
    std::vector<fs::path> weights;
    for (const WantedFile& file : one.files) {
      TROUPE_TRY(StoredFile got, fetch_file(*one.part, file, one.files.size() == 1));
      weights.push_back(file.target);
      stored.files.push_back(std::move(got));
    }
    if (!one.index_name.empty()) {
      TROUPE_CHECK_OK(write_whole(folder / one.index_name, one.index_text));
      stored.files.push_back({one.index_name, one.index_text.size(), sha256_hex(as_bytes(one.index_text))});
    }
    TROUPE_CHECK_OK(check_whole(*one.part, weights));
    record_.parts[one.part->id] = std::move(stored);
    report_.fetched.push_back(one.part);
    return write_record(shelf_.folder(), model_.id, record_);
  }

  // All shards are there: only now it shows what they are together.
  Result<void> check_whole(const Part& part, const std::vector<fs::path>& weights) {
    const auto checked = check_files(part.role, weights);
    if (checked) return {};
    std::error_code ignored;
    for (const fs::path& file : weights) fs::remove(file, ignored);
    return make_error(checked.error().code, checked.error().message +
                                                " It was deleted: the hub has another file under "
                                                "that name. Fetch the right one yourself and use "
                                                "\"troupe weights add\".");
  }

  Result<StoredFile> fetch_file(const Part& part, const WantedFile& file, bool alone) {
    const std::string name = file.target.filename().string();
    const uint64_t before = done_;
    const auto told = [&](uint64_t have) {
      done_ = before + have;
      if (on_bytes_) on_bytes_(name, done_, total_);
    };
    if (is_there(file)) {
      TROUPE_TRY(std::string sha256, sha256_of(file.target, {}, cancel_));
      const std::string& want = file.sha256.empty() ? file.remote.sha256 : file.sha256;
      told(file.remote.size_bytes);
      if (want.empty() || want == sha256) return StoredFile{name, file.remote.size_bytes, std::move(sha256)};
    }
    const uint64_t begun = begun_bytes(file);
    Download download(hub_, file, told, cancel_);
    TROUPE_TRY(std::string sha256, download.run());
    if (alone) TROUPE_CHECK_OK(check_alone(part, download));
    TROUPE_CHECK_OK(download.keep());
    told(file.remote.size_bytes);
    report_.resumed_bytes += begun;
    report_.fetched_bytes += file.remote.size_bytes - begun;
    return StoredFile{name, file.remote.size_bytes, std::move(sha256)};
  }

  static Result<void> check_alone(const Part& part, Download& download) {
    const auto checked = check_files(part.role, {download.part()});
    if (checked) return {};
    download.discard();
    return make_error(
        checked.error().code,
        checked.error().message +
            " It was deleted: the hub has another file under that name. Fetch the right one yourself "
            "and use \"troupe weights add\".");
  }

  Shelf& shelf_;
  const PullRequest& request_;
  const ModelEntry& model_;
  Hub& hub_;
  ShelfContents& contents_;
  const OnBytes& on_bytes_;
  const CancelToken& cancel_;
  Record record_;
  std::vector<PartPlan> plans_;
  uint64_t total_ = 0, done_ = 0;
  PullReport report_;
};

Result<void> check_licence(const ModelEntry& model, const PullRequest& request,
                           const ShelfContents& contents) {
  const bool accepted = request.accept_licence || contents.record(model.id).licence_accepted;
  if (!model.licence.must_accept || accepted) return {};
  return make_error(ErrorCode::rejected, model.id + " is under the " + model.licence.name + ". " +
                                             model.licence.note +
                                             " If you accept it, say so with --accept-licence.");
}

}  // namespace

FreeSpace system_free_space() {
  return [](const fs::path& folder) -> Result<uint64_t> {
    std::error_code error;
    const fs::space_info space = fs::space(folder, error);
    if (error) return disk_error(folder, "asked for its free space", error.value());
    return static_cast<uint64_t>(space.available);
  };
}

Result<PullReport> pull(Shelf& shelf, const PullRequest& request, const OnBytes& on_bytes,
                        const CancelToken& cancel) {
  TROUPE_TRY(const ModelEntry* const model, shelf.models().find(request.model));
  TROUPE_TRY(Hub hub, Hub::open(request.hub, cancel));
  TROUPE_TRY(const ShelfLock lock, ShelfLock::take(shelf.folder()));
  TROUPE_TRY(ShelfContents contents, ShelfContents::read(shelf.folder(), shelf.models()));
  TROUPE_CHECK_OK(check_licence(*model, request, contents));
  return Puller(shelf, request, *model, hub, contents, on_bytes, cancel).run();
}

}  // namespace troupe::shelf
