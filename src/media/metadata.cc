#include "media/metadata.h"

#include "media/byte_source.h"
#include "media/mp4_boxes.h"
#include "media/xmp.h"

namespace troupe::media {
namespace {

Result<VideoMetadata> read_from(ByteSource& source) {
  TROUPE_TRY(const std::string packet, find_xmp(source));
  return from_xmp(packet);
}

}  // namespace

Result<VideoMetadata> read_metadata(const std::filesystem::path& mp4) {
  TROUPE_TRY(const std::unique_ptr<ByteSource> source, open_file(mp4));
  return read_from(*source);
}

Result<VideoMetadata> read_metadata(ByteView mp4) { return read_from(*open_view(mp4)); }

}  // namespace troupe::media
