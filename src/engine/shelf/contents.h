// All that a shelf remembers, read at once. Private to engine/shelf/.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/result.h"
#include "engine/shelf/record.h"
#include "engine/shelf/shelf.h"

namespace troupe::shelf {

class ShelfContents {
 public:
  static Result<ShelfContents> read(const std::filesystem::path& folder, const ModelList& models);

  /// What is remembered of a model; an empty record for one that is not here.
  const Record& record(const std::string& model) const;
  void set(const std::string& model, Record record) { records_[model] = std::move(record); }
  void forget(const std::string& model) { records_.erase(model); }

  /// Where the files of a model's part are: as its own record says, else as another model's does; none if no
  /// record knows of it or a file is gone.
  std::optional<StoredPart> stored(const ModelEntry& model, const Part& part) const;
  ModelState state(const ModelEntry& model) const;
  /// Folders of parts that models on the shelf need.
  std::set<std::string> folders_in_use() const;
  std::filesystem::path part_folder(const std::string& name) const { return folder_ / "parts" / name; }

 private:
  ShelfContents(std::filesystem::path folder, const ModelList& models)
      : folder_(std::move(folder)), models_(models) {}
  bool is_whole(const StoredPart& part) const;
  PartState part_state(const ModelEntry& model, const Part& part, bool optional) const;

  std::filesystem::path folder_;
  const ModelList& models_;
  std::map<std::string, Record> records_;  // of models that are on the shelf
};

/// Deletes folders of parts that nobody needs; how many bytes that freed, links not counted.
/// `among`: only these.
Result<uint64_t> delete_unused(const ShelfContents& contents, const std::set<std::string>& among);

}  // namespace troupe::shelf
