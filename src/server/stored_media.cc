#include "server/stored_media.h"

#include <algorithm>

#include "media/sniff.h"

namespace troupe::server {
bool begins_a_medium(ByteView head) { return !media::media_type(media::sniff(head)).empty(); }

Result<std::string> media_type_of_head(ByteView head) {
  static_assert(kMediumHeadBytes >= media::kSniffBytes);
  const media::FileKind kind = media::sniff(head);
  std::string type(media::media_type(kind));
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
