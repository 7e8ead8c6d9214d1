#include "media/mp4_boxes.h"

#include <algorithm>
#include <array>

#include "media/byte_reader.h"

namespace troupe::media {
namespace {

/// The box type of XMP: ISO 16684-1 leaves it to Adobe's XMP specification, part 3, "MPEG-4".
constexpr std::array<uint8_t, 16> kXmpUuid = {0xBE, 0x7A, 0xCF, 0xCB, 0x97, 0xA9, 0x42, 0xE8,
                                              0x9C, 0x71, 0x99, 0x94, 0x91, 0xE3, 0xAF, 0xAC};
constexpr uint64_t kHeaderBytes = 8, kLongHeaderBytes = 16;

bool is_xmp(ByteSource& source, const Box& box) {
  if (box.type != "uuid") return false;
  const Bytes uuid = source.read(box.body, kXmpUuid.size());
  return std::equal(uuid.begin(), uuid.end(), kXmpUuid.begin(), kXmpUuid.end());
}

}  // namespace

std::optional<Box> box_at(ByteSource& source, uint64_t offset) {
  const Bytes header = source.read(offset, kLongHeaderBytes);
  if (header.size() < kHeaderBytes) return std::nullopt;
  ByteReader in(header);
  uint64_t size = in.u32();
  const ByteView type = in.take(4);
  Box box{{type.begin(), type.end()}, offset, offset + kHeaderBytes, 0};
  if (size == 0) size = source.size_bytes() - offset;
  if (size == 1) {
    size = in.u64();
    box.body = offset + kLongHeaderBytes;
  }
  if (!in.ok() || size < box.body - offset || size > UINT64_MAX - offset) return std::nullopt;
  box.end = offset + size;
  return box;
}

namespace {

// Where the last top-level box begins; none of a file that is cut off, or has no movie.
std::optional<uint64_t> last_box(ByteSource& source) {
  bool seen_movie = false;
  uint64_t offset = 0, last = 0;
  for (int i = 0; i < kTopLevelBoxesMax && offset < source.size_bytes(); ++i) {
    const auto box = box_at(source, offset);
    if (!box || box->end > source.size_bytes()) return std::nullopt;
    seen_movie = seen_movie || box->type == "moov";
    last = offset;
    offset = box->end;
  }
  return seen_movie && offset == source.size_bytes() ? std::optional(last) : std::nullopt;
}

}  // namespace

bool mp4_is_whole(ByteSource& source) { return last_box(source).has_value(); }

bool can_be_appended_to(ByteSource& source) {
  const auto last = last_box(source);
  return last && ByteReader(source.read(*last, kHeaderBytes)).u32() != 0;
}

Result<std::string> find_xmp(ByteSource& source) {
  std::optional<Box> found;
  uint64_t offset = 0;
  for (int i = 0; i < kTopLevelBoxesMax && offset < source.size_bytes(); ++i) {
    const auto box = box_at(source, offset);
    if (!box || box->end > source.size_bytes()) {
      return make_error(ErrorCode::corrupt_input, "this is not an MP4 file, or it is cut off");
    }
    if (is_xmp(source, *box)) found = box;
    offset = box->end;
  }
  if (!found) return make_error(ErrorCode::not_found, "the file holds no XMP metadata");
  const uint64_t whole = found->end - found->body;
  const uint64_t size = whole - std::min<uint64_t>(kXmpUuid.size(), whole);
  if (size > kXmpBytesMax) return make_error(ErrorCode::over_limit, "the file's XMP metadata are too large");
  const Bytes packet = source.read(found->body + kXmpUuid.size(), static_cast<size_t>(size));
  return std::string(packet.begin(), packet.end());
}

Bytes xmp_box(std::string_view packet) {
  const auto size = static_cast<uint32_t>(kHeaderBytes + kXmpUuid.size() + packet.size());
  Bytes box;
  for (int shift = 24; shift >= 0; shift -= 8) box.push_back(static_cast<uint8_t>(size >> shift));
  box.insert(box.end(), {'u', 'u', 'i', 'd'});
  box.insert(box.end(), kXmpUuid.begin(), kXmpUuid.end());
  box.insert(box.end(), packet.begin(), packet.end());
  return box;
}

}  // namespace troupe::media
