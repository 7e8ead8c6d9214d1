#include "server/source_links.h"

#include "http/ranges.h"
#include "server/answers.h"
#include "server/media_signature.h"
#include "server/stored_media.h"

namespace troupe::server {
namespace {

constexpr std::string_view kUpload = "upload:";

http::Response serve_source(const Service& service, const http::Request& request) {
  if (auto refused = refuse_link(service, request)) return std::move(*refused);
  const std::string& object = request.path_values.at("object");
  const auto file = store::is_object_id(object) ? service.objects.local_file(object) : std::nullopt;
  if (!file) return not_found(request, "file");
  TROUPE_REPLY(const auto reader, service.objects.open(object), request);
  TROUPE_REPLY(const std::string type, media_type_of_object(service.objects, object), request);
  http::FileAnswer answer;
  answer.content_type = type;
  answer.etag = "\"" + object + "\"";
  answer.file_name = object;
  answer.cache_control = "private, max-age=86400, immutable";
  return http::serve_file(request, *file, reader->size_bytes(), answer);
}

}  // namespace

std::string source_link(const LinkIdentity& identity, jobs::Library& library, const std::string& account,
                        const std::string& uri, Time created) {
  if (!uri.starts_with(kUpload) || !is_public_url(identity.base_url)) return "";
  const auto upload = library.find_upload(account, uri.substr(kUpload.size()));
  if (!upload || !*upload || (*upload)->object.empty()) return "";
  const std::string path = "/media/sources/" + (*upload)->object;
  return std::string(identity.base_url) +
         sign_media_path(identity.server_secret, path, created + kSourceLinkTime);
}

void add_source_routes(const Service& service, http::Router& router) {
  router.add(open_route("GET", "/media/sources/{object}",
                        [&service](http::Request& request) { return serve_source(service, request); }));
}

}  // namespace troupe::server
