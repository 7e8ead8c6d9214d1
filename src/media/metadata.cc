#include "media/metadata.h"

#include <fstream>

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

Result<void> mark_video(const std::filesystem::path& mp4, const VideoMetadata& metadata) {
  {
    TROUPE_TRY(const std::unique_ptr<ByteSource> source, open_file(mp4));
    if (read_from(*source)) return {};
    if (!can_be_appended_to(*source))
      return make_error(ErrorCode::unsupported, "nothing can be put behind this file");
  }
  const Bytes box = xmp_box(to_xmp(metadata));
  std::ofstream out(mp4, std::ios::binary | std::ios::app);
  out.write(reinterpret_cast<const char*>(box.data()), static_cast<std::streamsize>(box.size()));
  out.close();
  if (out) return {};
  return make_error(ErrorCode::io, "cannot write the metadata into the video file; is the disk full?");
}

}  // namespace troupe::media
