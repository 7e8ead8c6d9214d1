// The entries of a zip archive whose entries are stored as they are (PKWARE APPNOTE 6.3, with Zip64).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/wan/files/contents.h"

namespace troupe::engine::wan {

struct ZipEntry {
  std::string_view name;  ///< as in the file: any bytes
  ByteSpan bytes;
};

/// All entries of the archive, sorted by name; names and bytes point into `file`. No two share bytes or have
/// the same name, so what is listed is never larger than the file. Checksums are not compared. Errors:
/// corrupt_input, over_limit, unsupported (a compressed or encrypted entry, an archive in several parts).
Result<std::vector<ZipEntry>> read_zip(ByteSpan file, std::string_view label);

/// The entry of that name among read_zip()'s, or null.
const ZipEntry* find_entry(const std::vector<ZipEntry>& entries, std::string_view name);

}  // namespace troupe::engine::wan
