#include "server/request_media.h"

#include <algorithm>

#include "api/inline_media.h"
#include "base/base64_stream.h"
#include "base/ids.h"
#include "core/media_sources.h"
#include "core/short_text.h"
#include "fetch/url.h"
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

template <class Sink>
Result<RequestText> read_through(const http::Body& body, Sink& sink) {
  api::InlineMediaReader reader(sink, begins_a_medium);
  TROUPE_CHECK_OK(body.read_to([&](ByteView bytes) {
    return reader.read({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }));
  api::InlineMediaText text = reader.finish();
  RequestText request{std::move(text.json), std::move(sink.media), {}};
  request.media.resize(text.media.size());
  for (size_t i = 0; i < text.media.size(); ++i) {
    if (text.media[i]) request.media[i].error = std::move(text.media[i]);
  }
  request.fingerprint = fingerprint_of(request);
  return request;
}

}  // namespace

Result<RequestText> read_request_text(const http::Body& body, store::ObjectStore& objects) {
  ObjectSink sink(objects);
  return read_through(body, sink);
}

Result<RequestText> read_request_text(const http::Body& body) {
  GlanceSink sink;
  return read_through(body, sink);
}

Result<std::vector<catalog::Violation>> attach_media(const Service& service, const std::string& account,
                                                     const std::vector<RequestMedium>& media,
                                                     GenerationSpec& spec) {
  std::vector<catalog::Violation> violations;
  std::vector<bool> placed(media.size(), false);
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
    if (medium.object.empty()) return;
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
    }
  });
  if (!trouble) return trouble.error();
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
                          std::vector<std::string>& uploads) {
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
  }
  return {};
}

}  // namespace

Result<std::vector<catalog::Violation>> check_sources(jobs::Library& library, const std::string& account,
                                                      GenerationSpec& spec,
                                                      std::vector<std::string>& uploads) {
  std::vector<catalog::Violation> violations;
  Result<void> trouble;
  for_each_source(spec, [&](MediaSource& source, const std::string& pointer) {
    if (!trouble) return;
    if (const Result<void> readable = check_source(source); !readable) {
      violations.push_back(violation(pointer, readable.error(), kWays));
    } else if (has_scheme(source, "upload")) {
      const std::string id(source_rest(source, "upload"));
      if (std::find(uploads.begin(), uploads.end(), id) == uploads.end())
        trouble = check_upload(library, account, id, pointer, violations, uploads);
    }
  });
  if (!trouble) return trouble.error();
  return violations;
}

}  // namespace troupe::server
