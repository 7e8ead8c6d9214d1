// What the shelf remembers of each model: which files make up its parts. Private to engine/shelf/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace troupe::shelf {

struct StoredFile {
  std::string name;  ///< in the part's folder
  uint64_t size_bytes = 0;
  std::string sha256;  ///< "" = not known
  bool operator==(const StoredFile&) const = default;
};

struct StoredPart {
  std::string folder;  ///< below SHELF/parts
  std::vector<StoredFile> files;
  bool operator==(const StoredPart&) const = default;
};

struct Record {
  bool licence_accepted = false;
  std::map<std::string, StoredPart> parts;  ///< by the part's id
  bool operator==(const Record&) const = default;
};

std::string print_record(const Record& record);
/// Any text may be given: names are checked to stay inside the folder. Errors: corrupt_input,
/// invalid_argument.
Result<Record> parse_record(std::string_view text);

/// SHELF/models/MODEL.json. Reading: an empty record where there is no file.
Result<Record> read_record(const std::filesystem::path& shelf, const std::string& model);
/// Durable, all or nothing.
Result<void> write_record(const std::filesystem::path& shelf, const std::string& model, const Record& record);
/// True if there was one.
Result<bool> delete_record(const std::filesystem::path& shelf, const std::string& model);

}  // namespace troupe::shelf
