#include "work/source_reader.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "media/sniff.h"

namespace troupe::work {
namespace {

constexpr size_t kShownMax = 80;
constexpr const char* kWaysThatWork =
    "upload the file and say \"upload:ID\", or give an https:// URL, a data URL or base64";

// The beginning of a source, fit for a message: sources may be of any length and of any bytes.
std::string shown(std::string_view uri) {
  std::string text(uri.substr(0, kShownMax));
  for (char& c : text) {
    if (static_cast<uint8_t>(c) < 0x20 || static_cast<uint8_t>(c) >= 0x7F) c = '?';
  }
  return "\"" + text + (uri.size() > kShownMax ? "…\"" : "\"");
}

// True if `uri` has this scheme, in any case; then `rest` is what follows the colon.
bool has_scheme(std::string_view uri, std::string_view scheme, std::string_view& rest) {
  if (uri.size() <= scheme.size() || uri[scheme.size()] != ':') return false;
  const bool same = std::equal(scheme.begin(), scheme.end(), uri.begin(), [](char wanted, char given) {
    return std::tolower(static_cast<unsigned char>(given)) == wanted;
  });
  if (same) rest = uri.substr(scheme.size() + 1);
  return same;
}

Result<Bytes> decode_base64(std::string_view text, uint64_t size_bytes_max) {
  return decode_data_url("data:;base64," + std::string(text), size_bytes_max);
}

bool is_media(media::FileKind kind) {
  using media::FileKind;
  return kind == FileKind::jpeg || kind == FileKind::png || kind == FileKind::webp || kind == FileKind::mp4 ||
         kind == FileKind::matroska;
}

// Any word is base64 of something: only what begins as a picture or a clip is meant so.
bool is_bare_base64(std::string_view text) {
  constexpr size_t kDigitsLooked = 64;
  const Result<Bytes> start = decode_base64(text.substr(0, kDigitsLooked), kDigitsLooked);
  return start && is_media(media::sniff(*start));
}

Error refused(std::string_view uri, const std::string& why) {
  return make_error(ErrorCode::unsupported, shown(uri) + " " + why + "; " + kWaysThatWork);
}

}  // namespace

SourceReader::SourceReader(SourceWays ways, CancelToken cancel, uint64_t job_bytes_max)
    : ways_(std::move(ways)),
      cancel_(std::move(cancel)),
      job_bytes_max_(job_bytes_max),
      job_bytes_left_(job_bytes_max) {}

Result<Bytes> SourceReader::read(const MediaSource& source, uint64_t size_bytes_max) {
  if (cancel_.cancelled()) return make_error(ErrorCode::cancelled, "reading the media was cancelled");
  if (source.uri.empty()) {
    return make_error(ErrorCode::invalid_argument, std::string("no source is named; ") + kWaysThatWork);
  }
  Result<Bytes> bytes = read_any(source.uri, std::min(size_bytes_max, job_bytes_left_));
  const bool job_is_full = job_bytes_left_ < size_bytes_max;
  if (!bytes && bytes.error().code == ErrorCode::over_limit && job_is_full) {
    return make_error(ErrorCode::over_limit, "with this one, the media of the job have more than " +
                                                 std::to_string(job_bytes_max_ >> 20) +
                                                 " MiB together; use fewer or smaller ones");
  }
  if (bytes) job_bytes_left_ -= std::min<uint64_t>(job_bytes_left_, bytes->size());
  return bytes;
}

Result<Bytes> SourceReader::read_any(const std::string& uri, uint64_t size_bytes_max) {
  std::string_view rest;
  if (has_scheme(uri, "data", rest)) return decode_data_url("data:" + std::string(rest), size_bytes_max);
  if (has_scheme(uri, "upload", rest)) {
    if (!ways_.upload) return refused(uri, "cannot be read: this server takes no uploads");
    return ways_.upload(std::string(rest), size_bytes_max);
  }
  if (has_scheme(uri, "object", rest)) {
    if (!ways_.object) return refused(uri, "cannot be read: this server gives no objects");
    return ways_.object(std::string(rest), size_bytes_max);
  }
  if (has_scheme(uri, "https", rest) || has_scheme(uri, "http", rest)) return fetch(uri, size_bytes_max);
  if (has_scheme(uri, "file", rest)) return refused(uri, "is a file of a machine, which is not read here");
  if (uri.find("://") != std::string::npos) return refused(uri, "is no kind of URL that is fetched");
  if (is_bare_base64(uri)) return decode_base64(uri, size_bytes_max);
  return refused(uri, "looks like a path, and files of your machine cannot be seen from here");
}

Result<Bytes> SourceReader::fetch(const std::string& url, uint64_t size_bytes_max) {
  if (!ways_.url) return refused(url, "cannot be read: this server fetches no URLs");
  auto known = fetched_.find(url);
  if (known == fetched_.end()) known = fetched_.emplace(url, ways_.url(url, size_bytes_max, cancel_)).first;
  const Result<Bytes>& bytes = known->second;
  if (bytes && bytes->size() > size_bytes_max) {
    return make_error(ErrorCode::over_limit, shown(url) + " has more than " + std::to_string(size_bytes_max) +
                                                 " bytes; use a smaller one");
  }
  return bytes;
}

}  // namespace troupe::work
