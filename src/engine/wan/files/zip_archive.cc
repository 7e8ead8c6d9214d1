#include "engine/wan/files/zip_archive.h"

#include <algorithm>

#include "engine/wan/files/cursor.h"

namespace troupe::engine::wan {
namespace {

constexpr uint32_t kEndSignature = 0x06054b50, kEnd64Signature = 0x06064b50, kLocator64Signature = 0x07064b50;
constexpr uint32_t kDirectorySignature = 0x02014b50, kLocalSignature = 0x04034b50;
constexpr uint64_t kEndBytes = 22, kLocator64Bytes = 20, kCommentBytesMax = 65535;
constexpr uint32_t kIn64 = 0xFFFFFFFF;  // "the number is in the Zip64 record"
constexpr uint16_t kExtra64 = 0x0001;

struct Directory {
  uint64_t entries = 0, size = 0, offset = 0;
};

// One line of the directory.
struct Listed {
  std::string_view name;
  uint16_t flags = 0, method = 0;
  uint64_t packed = 0, size = 0, offset = 0;
};

Error damaged(std::string_view label) {
  return corrupt(label, "the zip archive is cut off or its directory is damaged; download it again");
}

// The end record is the last thing in the file but for a comment of a length that it states.
std::optional<uint64_t> find_end(ByteSpan file) {
  if (file.size() < kEndBytes) return std::nullopt;
  const uint64_t last = file.size() - kEndBytes;
  for (uint64_t comment = 0; comment <= std::min(last, kCommentBytesMax); ++comment) {
    Cursor in(file.subspan(last - comment));
    if (in.u32() != kEndSignature) continue;
    in.take(kEndBytes - 4 - 2);
    if (in.u16() == comment) return last - comment;
  }
  return std::nullopt;
}

Result<Directory> read_end64(ByteSpan file, uint64_t end, std::string_view label) {
  Cursor locator(file);
  if (end < kLocator64Bytes) return damaged(label);
  locator.seek(end - kLocator64Bytes);
  if (locator.u32() != kLocator64Signature) return damaged(label);
  locator.u32();
  Cursor in(file);
  in.seek(locator.u64());
  if (in.u32() != kEnd64Signature) return damaged(label);
  in.take(8 + 2 + 2 + 4 + 4 + 8);
  Directory directory;
  directory.entries = in.u64();
  directory.size = in.u64();
  directory.offset = in.u64();
  if (!in.ok()) return damaged(label);
  return directory;
}

Result<Directory> read_end(ByteSpan file, std::string_view label) {
  const auto end = find_end(file);
  if (!end) return damaged(label);
  Cursor in(file);
  in.seek(*end + 4);
  const uint16_t disk = in.u16(), directory_disk = in.u16(), entries_here = in.u16(), entries = in.u16();
  Directory directory{entries, in.u32(), 0};
  directory.offset = in.u32();
  if (entries == 0xFFFF || directory.size == kIn64 || directory.offset == kIn64)
    return read_end64(file, *end, label);
  if (disk != 0 || directory_disk != 0 || entries_here != entries) {
    return unsupported(label, "the zip archive is one part of several; join them first");
  }
  return directory;
}

// What did not fit into 32 bits, in this order.
bool read_extra64(ByteSpan extra, Listed& entry) {
  Cursor in(extra);
  while (in.ok() && in.remaining() >= 4) {
    const uint16_t id = in.u16();
    Cursor field(in.take(in.u16()));
    if (id != kExtra64) continue;
    if (entry.size == kIn64) entry.size = field.u64();
    if (entry.packed == kIn64) entry.packed = field.u64();
    if (entry.offset == kIn64) entry.offset = field.u64();
    return in.ok() && field.ok();
  }
  return false;
}

bool read_listed(Cursor& in, Listed& entry) {
  if (in.u32() != kDirectorySignature) return false;
  in.take(2 + 2);
  entry.flags = in.u16();
  entry.method = in.u16();
  in.take(2 + 2 + 4);
  entry.packed = in.u32();
  entry.size = in.u32();
  const uint16_t name = in.u16(), extra = in.u16(), comment = in.u16();
  in.take(2 + 2 + 4);
  entry.offset = in.u32();
  entry.name = in.text(name);
  const ByteSpan extra_field = in.take(extra);
  in.take(comment);
  if (!in.ok()) return false;
  const bool needs64 = entry.packed == kIn64 || entry.size == kIn64 || entry.offset == kIn64;
  return !needs64 || read_extra64(extra_field, entry);
}

// The bytes of an entry, which begin behind a header that repeats its name. `range` gets both.
Result<ZipEntry> locate(ByteSpan file, const Listed& entry, ByteSpan& range, std::string_view label) {
  if ((entry.flags & 1) != 0)
    return unsupported(label, in_quotes(entry.name) + " in the archive is encrypted");
  if (entry.method != 0) {
    return unsupported(
        label, in_quotes(entry.name) +
                   " in the archive is compressed, which torch.save never does; unpack the archive and "
                   "pack it again without compression (zip -0)");
  }
  Cursor in(file);
  in.seek(entry.offset);
  const uint32_t signature = in.u32();
  in.take(22);
  const uint16_t name = in.u16(), extra = in.u16();
  const std::string_view local_name = in.text(name);
  in.take(extra);
  const ByteSpan bytes = in.take(entry.size);
  if (!in.ok() || signature != kLocalSignature || local_name != entry.name || entry.packed != entry.size) {
    return corrupt(
        label, in_quotes(entry.name) + " in the archive is not where its directory says; download it again");
  }
  range = file.subspan(entry.offset, in.position() - entry.offset);
  return ZipEntry{entry.name, bytes};
}

bool share_bytes(std::vector<ByteSpan>& ranges) {
  std::sort(ranges.begin(), ranges.end(), [](ByteSpan a, ByteSpan b) { return a.data() < b.data(); });
  for (size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].data() < ranges[i - 1].data() + ranges[i - 1].size()) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<ZipEntry>> read_zip(ByteSpan file, std::string_view label) {
  TROUPE_TRY(const Directory directory, read_end(file, label));
  if (directory.offset > file.size() || directory.size > file.size() - directory.offset)
    return damaged(label);
  if (directory.entries > kTensorsMax) return over_limit(label, "the archive has more entries than are read");
  Cursor in(file.subspan(directory.offset, directory.size));
  std::vector<ZipEntry> entries;
  std::vector<ByteSpan> ranges;
  for (uint64_t i = 0; i < directory.entries; ++i) {
    Listed listed;
    if (!read_listed(in, listed)) return damaged(label);
    ByteSpan range;
    TROUPE_TRY(const ZipEntry entry, locate(file, listed, range, label));
    entries.push_back(entry);
    ranges.push_back(range);
  }
  if (share_bytes(ranges)) return corrupt(label, "two entries of the archive share bytes");
  const auto by_name = [](const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; };
  std::sort(entries.begin(), entries.end(), by_name);
  for (size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].name == entries[i - 1].name) {
      return corrupt(label, "the archive has " + in_quotes(entries[i].name) + " twice");
    }
  }
  return entries;
}

const ZipEntry* find_entry(const std::vector<ZipEntry>& entries, std::string_view name) {
  const auto at =
      std::lower_bound(entries.begin(), entries.end(), name,
                       [](const ZipEntry& entry, std::string_view wanted) { return entry.name < wanted; });
  return at != entries.end() && at->name == name ? &*at : nullptr;
}

}  // namespace troupe::engine::wan
