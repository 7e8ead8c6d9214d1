#include "server/keep_upload.h"

#include "base/ids.h"
#include "server/answers.h"
#include "server/media_signature.h"
#include "server/stored_media.h"

namespace troupe::server {
namespace {

constexpr std::chrono::hours kAddressLasts{1};
constexpr const char* kPattern = "/storage/upload/{account}/{id}";

http::Response take(const Service& service, const http::Request& request) {
  Upload upload = new_upload(service, request.path_values.at("account"));
  upload.id = request.path_values.at("id");
  TROUPE_REPLY(const auto known, service.store.library().find_upload(upload.account, upload.id), request);
  // Sent again since its answer was lost.
  if (!known) TROUPE_REPLY_OK(keep_upload(service, request.body, std::move(upload)), request);
  return json_reply(200, "{}");
}

}  // namespace

Upload new_upload(const Service& service, const std::string& account) {
  Upload upload;
  upload.created = service.clock.now();
  upload.id = new_id("upl", upload.created);
  upload.account = account;
  return upload;
}

Result<Upload> keep_upload(const Service& service, const http::Body& body, Upload upload) {
  TROUPE_TRY(const auto writer, service.objects.create(kMediumBytesMax));
  TROUPE_CHECK_OK(body.read_to([&](ByteView bytes) { return writer->write(bytes); }));
  TROUPE_TRY(const store::ObjectInfo info, writer->commit());
  TROUPE_TRY(upload.media_type, media_type_of_object(service.objects, info.id));
  upload.object = info.id;
  upload.size_bytes = info.size_bytes;
  TROUPE_CHECK_OK(service.store.library().add_upload(upload));
  return upload;
}

std::string upload_address(const Service& service, const Upload& upload) {
  return service.links.base_url + sign_media_path(service.secret,
                                                  "/storage/upload/" + upload.account + "/" + upload.id,
                                                  service.clock.now() + kAddressLasts);
}

std::optional<http::Response> refuse_upload_address(const Service& service, const http::Request& head) {
  const auto state = check_media_path(service.secret, head.path, head.query_value("expires"),
                                      head.query_value("signature"), service.clock.now());
  if (state == MediaLinkState::good) return std::nullopt;
  return problem_reply(head, api::make_problem("forbidden", "This address takes no file, or no more."));
}

void add_upload_address(const Service& service, http::Router& router) {
  http::Route route;
  route.method = "PUT";
  route.pattern = kPattern;
  route.tag = kScopeSigned;
  route.body_bytes_max = kMediumBytesMax;
  route.handler = [&service](http::Request& request) { return take(service, request); };
  router.add(std::move(route));
}

}  // namespace troupe::server
