#include "server/request_media.h"

#include <algorithm>
#include <map>
#include <utility>

#include "api/form_json.h"
#include "api/inline_media.h"
#include "base/base64_stream.h"
#include "base/ids.h"
#include "core/media_sources.h"
#include "core/short_text.h"
#include "fetch/url.h"
#include "http/multipart.h"
#include "server/stored_media.h"

namespace troupe::server {
namespace {

// Writes each medium into the object store.
class ObjectSink final : public api::InlineMediaSink {
 public:
  explicit ObjectSink(store::ObjectStore& objects) : objects_(objects) {}

  std::vector<RequestMedium> media;

  Result<void> begin() override {
    media.emplace_back();
    TROUPE_TRY(writer_, objects_.create(kMediumBytesMax));
    return {};
  }
  Result<void> write(ByteView bytes) override { return writer_->write(bytes); }
  Result<void> end() override {
    TROUPE_TRY(const store::ObjectInfo info, writer_->commit());
    writer_.reset();
    RequestMedium& medium = media.back();
    const Result<std::string> type = media_type_of_object(objects_, info.id);
    if (!type && type.error().code != ErrorCode::unsupported) return type.error();
    if (!type) {
      medium.error = type.error();
      return {};
    }
    medium = {info.id, *type, info.size_bytes, {}};
    return {};
  }
  void drop() override { writer_.reset(); }

 private:
  store::ObjectStore& objects_;
  std::unique_ptr<store::ObjectWriter> writer_;
};

// Looks at each medium's first bytes and lets it go.
class GlanceSink final : public api::InlineMediaSink {
 public:
  std::vector<RequestMedium> media;

  Result<void> begin() override {
    media.emplace_back();
    head_.clear();
    return {};
  }
  Result<void> write(ByteView bytes) override {
    media.back().size_bytes += bytes.size();
    if (media.back().size_bytes > kMediumBytesMax)
      return make_error(ErrorCode::over_limit, "a picture or clip of the request is too large");
    const size_t room = kMediumHeadBytes - std::min(head_.size(), kMediumHeadBytes);
    const ByteView begin = bytes.first(std::min(room, bytes.size()));
    head_.insert(head_.end(), begin.begin(), begin.end());
    return {};
  }
  Result<void> end() override {
    const Result<std::string> type = media_type_of_head(head_);
    if (type) {
      media.back().media_type = *type;
    } else {
      media.back().error = type.error();
    }
    return {};
  }
  void drop() override {}

 private:
  Bytes head_;
};

std::string fingerprint_of(const RequestText& request) {
  std::string all = request.json;
  for (const RequestMedium& medium : request.media) all += "\n" + medium.object;
  return sha256_hex(as_bytes(all));
}

catalog::Violation violation(std::string field, const Error& error, std::string fix = "") {
  return {std::move(field), std::string(name(error.code)), error.message, std::move(fix)};
}

Result<api::InlineMediaText> read_json(const http::Body& body, api::InlineMediaSink& sink) {
  api::InlineMediaReader reader(sink, begins_a_medium);
  TROUPE_CHECK_OK(body.read_to([&](ByteView bytes) {
    return reader.read({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }));
  return reader.finish();
}

Result<api::InlineMediaText> read_form(const http::Request& request, api::InlineMediaSink& sink) {
  api::FormReader reader(sink, begins_a_medium);
  http::PartSink parts;
  parts.begin = [&](const http::PartHead& head) { return reader.begin(head.name, !head.file_name.empty()); };
  parts.data = [&](ByteView bytes) { return reader.data(bytes); };
  parts.end = [&] { return reader.end(); };
  TROUPE_CHECK_OK(http::read_multipart(request.body, request.headers.get("Content-Type"), parts));
  return reader.finish();
}

template <class Sink>
Result<RequestText> read_through(const http::Request& request, Sink& sink) {
  constexpr std::string_view kForm = "multipart/form-data";
  const std::string_view type = trim(request.headers.get("Content-Type"));
  const bool form = equal_ignoring_case(type.substr(0, kForm.size()), kForm);
  TROUPE_TRY(api::InlineMediaText text, form ? read_form(request, sink) : read_json(request.body, sink));
  RequestText read{std::move(text.json), std::move(sink.media), {}};
  read.media.resize(text.media.size());
  for (size_t i = 0; i < text.media.size(); ++i) {
    if (text.media[i]) read.media[i].error = std::move(text.media[i]);
  }
  read.fingerprint = fingerprint_of(read);
  return read;
}

// Where the sources stand whose kind of medium is known.
void put_right(GenerationSpec& spec, const std::map<std::string, std::string>& types) {
  const auto is = [&](const MediaSource& source, std::string_view kind) {
    const auto type = types.find(source.uri);
    return type != types.end() && type->second.starts_with(kind);
  };
  for (Reference& reference : spec.references) {
    if (!reference.clip && is(reference.source, "video/")) {
      reference.kind = ReferenceKind::element;
      reference.clip = std::exchange(reference.source, {});
    } else if (reference.clip && reference.source.uri.empty() && is(*reference.clip, "image/")) {
      reference.source = *std::exchange(reference.clip, {});
    }
  }
}

}  // namespace

Result<RequestText> read_request_text(const http::Request& request, store::ObjectStore* objects) {
  if (objects != nullptr) {
    ObjectSink sink(*objects);
    return read_through(request, sink);
  }
  GlanceSink sink;
  return read_through(request, sink);
}

Result<std::vector<catalog::Violation>> attach_media(const Service& service, const std::string& account,
                                                     const std::vector<RequestMedium>& media,
                                                     GenerationSpec& spec) {
  std::vector<catalog::Violation> violations;
  std::vector<bool> placed(media.size(), false);
  std::map<std::string, std::string> types;  // by source
  Result<void> trouble;
  for_each_source(spec, [&](MediaSource& source, const std::string& pointer) {
    const std::optional<size_t> index = api::inline_index(source);
    if (!index || !trouble) return;
    if (*index >= media.size()) {
      violations.push_back(
          {pointer, "not_found",
           "The request holds " + std::to_string(media.size()) + " media, and none is " + source.uri + ".",
           "Put the picture or clip there as a data URL, or name an upload or a URL."});
      return;
    }
    const RequestMedium& medium = media[*index];
    placed[*index] = true;
    if (medium.error) {
      const bool broken = medium.error->code == ErrorCode::corrupt_input;
      violations.push_back(
          violation(pointer, *medium.error, broken ? "Encode the file's bytes again, and whole." : ""));
      return;
    }
    if (medium.object.empty()) {
      types[source.uri] = medium.media_type;
      return;
    }
    Upload upload;
    upload.created = service.clock.now();
    upload.id = new_id("upl", upload.created);
    upload.account = account;
    upload.object = medium.object;
    upload.media_type = medium.media_type;
    upload.size_bytes = medium.size_bytes;
    upload.attached = true;
    const Result<Upload> attached = service.store.library().attach_upload(upload);
    if (!attached) {
      trouble = attached.error();
    } else {
      source.uri = "upload:" + attached->id;
      types[source.uri] = medium.media_type;
    }
  });
  if (!trouble) return trouble.error();
  put_right(spec, types);
  for (size_t i = 0; i < media.size(); ++i) {
    if (placed[i]) continue;
    violations.push_back({"", "misplaced_medium",
                          "Medium " + std::to_string(i + 1) + " of the request (" +
                              std::to_string(media[i].size_bytes) + " bytes) stands where none is taken.",
                          "Put pictures and clips into references, frames or extend."});
  }
  return violations;
}

namespace {

constexpr const char* kWays =
    "Upload the file and name \"upload:ID\", or give an https:// URL, a data URL or base64.";
constexpr size_t kLookedAt = 64;  // characters of base 64 that tell a medium from any word

bool has_scheme(const MediaSource& source, std::string_view scheme) {
  const std::string_view uri = source.uri;
  return uri.size() > scheme.size() && uri[scheme.size()] == ':' &&
         equal_ignoring_case(uri.substr(0, scheme.size()), scheme);
}

Result<void> check_data_url(const MediaSource& source) {
  const std::string_view rest = source_rest(source, "data");
  const size_t comma = rest.find(',');
  if (comma == std::string_view::npos)
    return make_error(ErrorCode::corrupt_input, "This data URL has no comma, and nothing behind it.");
  const std::string_view type = rest.substr(0, comma), payload = rest.substr(comma + 1);
  constexpr std::string_view kBase64 = ";base64";
  const bool base64 = type.size() >= kBase64.size() &&
                      equal_ignoring_case(type.substr(type.size() - kBase64.size()), kBase64);
  Bytes bytes(payload.begin(), payload.end());
  if (base64) {
    bytes.clear();
    Base64Stream stream;
    TROUPE_CHECK_OK(stream.decode(payload, bytes));
    TROUPE_CHECK_OK(stream.finish(bytes));
  }
  TROUPE_CHECK_OK(media_type_of_head(bytes));
  return {};
}

// Errors: what is wrong with a source whatever there may be at the place that it names.
Result<void> check_source(const MediaSource& source) {
  if (has_scheme(source, "upload") || api::inline_index(source)) return {};
  if (has_scheme(source, "https") || has_scheme(source, "http")) {
    TROUPE_CHECK_OK(fetch::parse_url(source.uri));
    return {};
  }
  if (has_scheme(source, "data")) return check_data_url(source);
  Base64Stream stream;
  Bytes head;
  if (stream.decode(std::string_view(source.uri).substr(0, kLookedAt), head) && begins_a_medium(head))
    return {};
  return make_error(ErrorCode::unsupported,
                    troupe::quoted(source.uri) + " is nothing that can be read here.");
}

// The upload's violation, or its id behind the others.
Result<void> check_upload(jobs::Library& library, const std::string& account, const std::string& id,
                          const std::string& pointer, std::vector<catalog::Violation>& violations,
                          std::vector<std::string>& uploads, std::map<std::string, std::string>& types) {
  std::optional<Upload> upload;
  if (is_id(id, "upl")) {
    TROUPE_TRY(upload, library.find_upload(account, id));
  }
  if (!upload) {
    violations.push_back({pointer, "not_found", "There is no upload " + troupe::quoted(id) + ".",
                          "Send the file to /v1/uploads and name the id that is answered."});
  } else if (upload->object.empty()) {
    violations.push_back({pointer, "incomplete_upload", "The upload " + id + " is not complete.",
                          "Send the rest of it with PATCH /v1/uploads/" + id + "."});
  } else {
    uploads.push_back(id);
    types["upload:" + id] = upload->media_type;
  }
  return {};
}

}  // namespace

Result<std::vector<catalog::Violation>> check_sources(jobs::Library& library, const std::string& account,
                                                      GenerationSpec& spec,
                                                      std::vector<std::string>& uploads) {
  std::vector<catalog::Violation> violations;
  std::map<std::string, std::string> types;  // by source
  Result<void> trouble;
  for_each_source(spec, [&](MediaSource& source, const std::string& pointer) {
    if (!trouble) return;
    if (const Result<void> readable = check_source(source); !readable) {
      violations.push_back(violation(pointer, readable.error(), kWays));
    } else if (has_scheme(source, "upload")) {
      const std::string id(source_rest(source, "upload"));
      if (std::find(uploads.begin(), uploads.end(), id) == uploads.end())
        trouble = check_upload(library, account, id, pointer, violations, uploads, types);
    }
  });
  if (!trouble) return trouble.error();
  put_right(spec, types);
  return violations;
}

}  // namespace troupe::server
