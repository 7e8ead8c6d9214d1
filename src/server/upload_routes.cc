// Files that requests refer to: sent at once or in pieces, stored once.
#include <charconv>

#include "base/ids.h"
#include "base/utf8.h"
#include "core/short_text.h"
#include "server/answers.h"
#include "server/keep_upload.h"
#include "server/service.h"
#include "server/stored_media.h"

namespace troupe::server {
namespace {

constexpr int kPageUsual = 50, kPageMax = 200;
constexpr size_t kNameBytesMax = 255;

http::Response created(const Service& service, const Upload& upload, uint64_t offset, int status) {
  http::Response response = json_reply(status, api::native::print_upload(upload, offset, service.links));
  response.headers.set("Location", "/v1/uploads/" + upload.id);
  response.headers.set("Upload-Offset", std::to_string(offset));
  return response;
}

// The body is the file.
http::Response send_whole(const Service& service, Asked& asked) {
  Upload upload = new_upload(service, asked.key.id);
  upload.name = asked.request.query_value("name");
  if (upload.name.size() > kNameBytesMax || !is_utf8(upload.name)) {
    return error_reply(asked.request, make_error(ErrorCode::invalid_argument,
                                                 "name takes UTF-8 of at most 255 bytes.", "name"));
  }
  TROUPE_REPLY(upload, keep_upload(service, asked.request.body, std::move(upload)), asked.request);
  return created(service, upload, upload.size_bytes, 201);
}

// JSON announces a file that comes in pieces.
http::Response announce(const Service& service, Asked& asked) {
  TROUPE_BODY(const api::native::UploadStart start, asked.request, api::native::parse_upload_start);
  if (start.size_bytes > kMediumBytesMax) {
    return error_reply(asked.request,
                       make_error(ErrorCode::over_limit,
                                  "An upload may have " + std::to_string(kMediumBytesMax) + " bytes at most.",
                                  "/size_bytes"));
  }
  Upload upload = new_upload(service, asked.key.id);
  upload.name = start.name;
  upload.size_bytes = start.size_bytes;
  TROUPE_REPLY_OK(service.partials.begin(upload.id, upload.size_bytes), asked.request);
  TROUPE_REPLY_OK(service.store.library().add_upload(upload), asked.request);
  return created(service, upload, 0, 201);
}

http::Response start(const Service& service, Asked& asked) {
  const std::string_view field = asked.request.headers.get("Content-Type");
  const std::string_view type = trim(field.substr(0, field.find(';')));
  return equal_ignoring_case(type, "application/json") ? announce(service, asked)
                                                       : send_whole(service, asked);
}

Result<std::optional<Upload>> find(const Service& service, const Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  if (!is_id(id, "upl")) return std::optional<Upload>();
  return service.store.library().find_upload(asked.key.id, id);
}

Result<uint64_t> offset_of(const Service& service, const Upload& upload) {
  if (!upload.object.empty()) return upload.size_bytes;
  return service.partials.offset(upload.id);
}

http::Response look(const Service& service, Asked& asked) {
  TROUPE_REPLY(const std::optional<Upload> upload, find(service, asked), asked.request);
  if (!upload) return not_found(asked.request, "upload");
  TROUPE_REPLY(const uint64_t offset, offset_of(service, *upload), asked.request);
  http::Response response = json_reply(200, api::native::print_upload(*upload, offset, service.links));
  response.headers.set("Upload-Offset", std::to_string(offset));
  response.headers.set("Upload-Length", std::to_string(upload->size_bytes));
  return response;
}

Result<Upload> complete(const Service& service, Upload upload) {
  TROUPE_TRY(const store::ObjectInfo info, service.partials.finish(upload.id, service.objects));
  const Result<std::string> type = media_type_of_object(service.objects, info.id);
  if (!type && type.error().code == ErrorCode::unsupported) {
    // It will never be of use: nobody should be told to send the rest of it.
    (void)service.store.library().remove_upload(upload.account, upload.id);
    (void)service.partials.drop(upload.id);
  }
  TROUPE_TRY(upload.media_type, type);
  TROUPE_CHECK_OK(service.store.library().complete_upload(upload.account, upload.id, info.id, info.size_bytes,
                                                          upload.media_type));
  upload.object = info.id;
  (void)service.partials.drop(upload.id);  // what stays is swept
  return upload;
}

// A piece, from where the upload stands: "Upload-Offset".
http::Response go_on(const Service& service, Asked& asked) {
  TROUPE_REPLY(std::optional<Upload> upload, find(service, asked), asked.request);
  if (!upload) return not_found(asked.request, "upload");
  const std::string_view text = asked.request.headers.get("Upload-Offset");
  uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return error_reply(asked.request,
                       make_error(ErrorCode::invalid_argument,
                                  "Say in Upload-Offset how many bytes were sent before.", "Upload-Offset"));
  }
  if (!upload->object.empty()) {
    return problem_reply(asked.request, api::make_problem("conflict", "All its bytes are here."));
  }
  // Nothing of a body that is too long is kept: it may be another file's.
  if (offset <= upload->size_bytes && asked.request.body.size_bytes() > upload->size_bytes - offset) {
    return error_reply(asked.request,
                       make_error(ErrorCode::over_limit, "These bytes go past the announced size of " +
                                                             std::to_string(upload->size_bytes) + " bytes."));
  }
  {
    TROUPE_REPLY(const auto appender, service.partials.append(upload->id, offset), asked.request);
    TROUPE_REPLY_OK(asked.request.body.read_to([&](ByteView bytes) { return appender->write(bytes); }),
                    asked.request);
    TROUPE_REPLY_OK(appender->flush(), asked.request);
  }
  offset += asked.request.body.size_bytes();
  if (offset == upload->size_bytes) {
    TROUPE_REPLY(*upload, complete(service, *upload), asked.request);
  }
  return created(service, *upload, offset, 200);
}

http::Response list(const Service& service, Asked& asked) {
  TROUPE_REPLY(const int limit, query_number(asked.request, "limit", kPageUsual, 1, kPageMax), asked.request);
  std::string before;
  if (const std::string_view cursor = asked.request.query_value("cursor"); !cursor.empty()) {
    TROUPE_REPLY(before, api::native::read_cursor(cursor, "upl"), asked.request);
  }
  TROUPE_REPLY(const std::vector<Upload> uploads,
               service.store.library().list_uploads(asked.key.id, before, limit), asked.request);
  const bool more = uploads.size() == static_cast<size_t>(limit);
  return json_reply(
      200, api::native::print_uploads(uploads, more ? api::native::make_cursor(uploads.back().id) : "",
                                      service.links));
}

http::Response remove(const Service& service, Asked& asked) {
  TROUPE_REPLY(const std::optional<Upload> upload, find(service, asked), asked.request);
  if (!upload) return not_found(asked.request, "upload");
  TROUPE_REPLY_OK(service.store.library().remove_upload(asked.key.id, upload->id), asked.request);
  // The bytes go with the next sweep, if nobody else has the same.
  if (upload->object.empty()) TROUPE_REPLY_OK(service.partials.drop(upload->id), asked.request);
  return empty_reply(204);
}

}  // namespace

void add_upload_routes(const Service& service, http::Router& router) {
  add_upload_address(service, router);
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  router.add(guarded(service, "POST", "/v1/uploads", "library:write", with(start), kMediumBytesMax));
  router.add(guarded(service, "GET", "/v1/uploads", "library:read", with(list)));
  router.add(guarded(service, "GET", "/v1/uploads/{id}", "library:read", with(look)));
  router.add(guarded(service, "PATCH", "/v1/uploads/{id}", "library:write", with(go_on), kMediumBytesMax));
  router.add(guarded(service, "DELETE", "/v1/uploads/{id}", "library:write", with(remove)));
}

}  // namespace troupe::server
