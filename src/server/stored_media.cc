#include "server/stored_media.h"

#include <algorithm>

#include "media/sniff.h"

namespace troupe::server {
namespace {

std::string media_type_of(media::FileKind kind) {
  switch (kind) {
    case media::FileKind::jpeg:
      return "image/jpeg";
    case media::FileKind::png:
      return "image/png";
    case media::FileKind::webp:
      return "image/webp";
    case media::FileKind::mp4:
      return "video/mp4";
    case media::FileKind::matroska:
      return "video/x-matroska";
    default:
      return "";
  }
}

}  // namespace

bool begins_a_medium(ByteView head) { return !media_type_of(media::sniff(head)).empty(); }

Result<std::string> media_type_of_head(ByteView head) {
  static_assert(kMediumHeadBytes >= media::kSniffBytes);
  const media::FileKind kind = media::sniff(head);
  std::string type = media_type_of(kind);
  if (!type.empty()) return type;
  return make_error(ErrorCode::unsupported,
                    "This is " + std::string(media::describe(kind)) +
                        ". Send a JPEG, PNG or WEBP picture, or an MP4, QuickTime, WEBM or Matroska video.");
}

Result<std::string> media_type_of_object(store::ObjectStore& objects, const std::string& object) {
  TROUPE_TRY(const auto reader, objects.open(object));
  Bytes head(std::min<uint64_t>(kMediumHeadBytes, reader->size_bytes()));
  TROUPE_TRY(const size_t count, reader->read_at(0, head));
  head.resize(count);
  return media_type_of_head(head);
}

}  // namespace troupe::server
