#include "server/request_media.h"

#include <algorithm>

#include "api/inline_media.h"
#include "base/ids.h"
#include "core/media_sources.h"
#include "core/short_text.h"
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

std::string fingerprint_of(const RequestText& request) {
  std::string all = request.json;
  for (const RequestMedium& medium : request.media) all += "\n" + medium.object;
  return sha256_hex(as_bytes(all));
}

catalog::Violation violation(std::string field, const Error& error, std::string fix = "") {
  return {std::move(field), std::string(name(error.code)), error.message, std::move(fix)};
}

}  // namespace

Result<RequestText> read_request_text(const http::Body& body, store::ObjectStore& objects) {
  ObjectSink sink(objects);
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
      violations.push_back(violation(pointer, *medium.error, "Encode the file's bytes again, and whole."));
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

Result<std::vector<catalog::Violation>> find_uploads(jobs::Library& library, const std::string& account,
                                                     GenerationSpec& spec,
                                                     std::vector<std::string>& uploads) {
  std::vector<catalog::Violation> violations;
  Result<void> trouble;
  for_each_source(spec, [&](MediaSource& source, const std::string& pointer) {
    const std::string id(source_rest(source, "upload"));
    if (id.empty() || !trouble || std::find(uploads.begin(), uploads.end(), id) != uploads.end()) return;
    Result<std::optional<Upload>> upload = std::optional<Upload>();
    if (is_id(id, "upl")) upload = library.find_upload(account, id);
    if (!upload) {
      trouble = upload.error();
    } else if (!*upload) {
      violations.push_back({pointer, "not_found", "There is no upload " + troupe::quoted(id) + ".",
                            "Send the file to /v1/uploads and name the id that is answered."});
    } else if ((*upload)->object.empty()) {
      violations.push_back({pointer, "incomplete_upload", "The upload " + id + " is not complete.",
                            "Send the rest of it with PATCH /v1/uploads/" + id + "."});
    } else {
      uploads.push_back(id);
    }
  });
  if (!trouble) return trouble.error();
  return violations;
}

}  // namespace troupe::server
