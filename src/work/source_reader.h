// Where a server takes the bytes of references from.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/cancel.h"
#include "work/media_reader.h"

namespace troupe::fetch {
class Fetcher;
}

namespace troupe::work {

/// How each kind of source is read, for the account whose job it is. An empty one is refused as unsupported.
/// Each returns at most `size_bytes_max` bytes or over_limit. All that they use outlives the reader.
struct SourceWays {
  /// "upload:ID". Errors: not_found for another account's too.
  std::function<Result<Bytes>(const std::string& id, uint64_t size_bytes_max)> upload;
  /// "object:ID". Errors: not_found for what the account may not read.
  std::function<Result<Bytes>(const std::string& id, uint64_t size_bytes_max)> object;
  /// "https://…", "http://…".
  std::function<Result<Bytes>(const std::string& url, uint64_t size_bytes_max, const CancelToken& cancel)>
      url;
};

/// SourceWays::url by the guarded fetcher. It outlives the result.
std::function<Result<Bytes>(const std::string&, uint64_t, const CancelToken&)> fetch_by(
    fetch::Fetcher& fetcher);

/// All media of one job together, whatever they are read from: a clip as large as any may be, and pictures.
inline constexpr uint64_t kJobMediaBytesMax = uint64_t{768} << 20;

/// Reads the media of one job: uploads, objects, URLs, data URLs, bare base64 of a picture or clip. Never a
/// path or "file://…": whoever wrote the spec is a stranger to this machine. Each URL is asked for once,
/// whatever came of it, and kept until the reader goes. Errors: MediaReader's; over_limit also past
/// kJobMediaBytesMax; cancelled.
class SourceReader final : public MediaReader {
 public:
  explicit SourceReader(SourceWays ways, CancelToken cancel = {}, uint64_t job_bytes_max = kJobMediaBytesMax);
  Result<Bytes> read(const MediaSource& source, uint64_t size_bytes_max) override;

 private:
  Result<Bytes> read_any(const std::string& uri, uint64_t size_bytes_max);
  Result<Bytes> fetch(const std::string& url, uint64_t size_bytes_max);

  SourceWays ways_;
  CancelToken cancel_;
  uint64_t job_bytes_max_, job_bytes_left_;
  std::map<std::string, Result<Bytes>> fetched_;  // by URL
};

}  // namespace troupe::work
