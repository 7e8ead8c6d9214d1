// Parts of files: Range, If-Range, ETag, as in RFC 9110.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace troupe::http {

struct ByteRange {
  uint64_t first = 0, last = 0;  ///< both inclusive
  bool operator==(const ByteRange&) const = default;
};

/// "bytes=0-99", "bytes=100-", "bytes=-50" of `size` bytes, clipped to it. none = not a byte range of one
/// part that can be read: the whole is sent. An empty vector = cannot be satisfied (416).
std::optional<std::vector<ByteRange>> parse_range(std::string_view header, uint64_t size);

struct FileAnswer {
  std::string content_type;
  std::string etag;           ///< strong, with its quotes; the content never changes under it
  std::string file_name;      ///< for Content-Disposition
  bool attachment = false;    ///< else inline
  std::string cache_control;  ///< or empty
};

/// 200, 206, 304, 412 or 416 for a GET or HEAD of a file. One range at a time: of several the whole is sent.
Response serve_file(const Request& request, const std::filesystem::path& file, uint64_t size_bytes,
                    const FileAnswer& answer);

}  // namespace troupe::http
