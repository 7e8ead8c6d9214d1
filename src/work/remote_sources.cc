#include "work/remote_sources.h"

#include "base/ids.h"
#include "media/sniff.h"
#include "media/video_file.h"

namespace troupe::work {
namespace {

bool is_address(const std::string& uri) { return uri.starts_with("https://") || uri.starts_with("http://"); }

class Sources {
 public:
  Sources(const engine::RemoteManners& manners, MediaReader& reader, const SourceLink& link,
          const SourceUpload& upload)
      : manners_(manners), reader_(reader), link_(link), upload_(upload) {}

  Result<void> make_readable(MediaSource& source, const std::string& field) {
    if (source.uri.empty() || (manners_.takes_urls && is_address(source.uri))) return {};
    Result<Bytes> bytes = reader_.read(source, media::VideoLimits().size_bytes_max);
    if (!bytes) return Error{bytes.error().code, bytes.error().message, field};
    const std::string_view type = media::media_type(media::sniff(*bytes));
    if (bytes->size() <= manners_.inline_bytes_max) {
      source.uri = "data:" + std::string(type) + ";base64," + to_base64(*bytes);
      return {};
    }
    if (manners_.keeps_files && upload_ && bytes->size() <= engine::kUploadBytesMax) {
      TROUPE_TRY(source.uri, upload_(*bytes, type));
      return {};
    }
    const std::string address = manners_.takes_urls && link_ ? link_(source.uri) : "";
    if (address.empty()) return no_way(bytes->size(), field);
    source.uri = address;
    return {};
  }

 private:
  Error no_way(size_t size_bytes, const std::string& field) const {
    std::string text = "The provider takes files of at most " + std::to_string(manners_.inline_bytes_max) +
                       " bytes inside a request, and this one has " + std::to_string(size_bytes) + ". ";
    if (manners_.inline_bytes_max == 0) text = "The provider takes no files inside a request. ";
    return make_error(
        ErrorCode::unsupported,
        text + (manners_.takes_urls
                    ? "Start the server with a --public-url that the provider can reach, or give an "
                      "https address."
                    : "Give a smaller one."),
        field);
  }

  const engine::RemoteManners& manners_;
  MediaReader& reader_;
  const SourceLink& link_;
  const SourceUpload& upload_;
};

}  // namespace

Result<GenerationSpec> readable_by(const engine::RemoteManners& manners, const GenerationSpec& spec,
                                   MediaReader& reader, const SourceLink& link, const SourceUpload& upload) {
  GenerationSpec readable = spec;
  Sources sources(manners, reader, link, upload);
  for (size_t i = 0; i < readable.references.size(); ++i) {
    Reference& reference = readable.references[i];
    const std::string field = "/references/" + std::to_string(i);
    TROUPE_CHECK_OK(sources.make_readable(reference.source, field + "/source"));
    for (size_t k = 0; k < reference.angles.size(); ++k)
      TROUPE_CHECK_OK(sources.make_readable(reference.angles[k], field + "/angles/" + std::to_string(k)));
    if (reference.clip) TROUPE_CHECK_OK(sources.make_readable(*reference.clip, field + "/clip"));
  }
  if (readable.first_frame) TROUPE_CHECK_OK(sources.make_readable(*readable.first_frame, "/first_frame"));
  if (readable.last_frame) TROUPE_CHECK_OK(sources.make_readable(*readable.last_frame, "/last_frame"));
  if (readable.extend) TROUPE_CHECK_OK(sources.make_readable(*readable.extend, "/extend"));
  return readable;
}

}  // namespace troupe::work
