// The library's elements: named subjects, used as @name in any job.
#include "base/ids.h"
#include "server/answers.h"
#include "server/service.h"

namespace troupe::server {
namespace {

constexpr int kPageUsual = 50, kPageMax = 200;

http::Response add(const Service& service, Asked& asked) {
  TROUPE_BODY(const api::native::ElementChange change, asked.request, api::native::parse_element);
  Element fresh;
  fresh.created = fresh.updated = service.clock.now();
  fresh.id = new_id("elm", fresh.created);
  fresh.account = asked.key.id;
  fresh.version = 0;
  TROUPE_REPLY(const Element element, api::native::apply(change, std::move(fresh)), asked.request);
  TROUPE_REPLY_OK(service.store.library().add_element(element), asked.request);
  http::Response response = json_reply(201, api::native::print_element(element, service.links));
  response.headers.set("Location", "/v1/elements/" + element.id);
  return response;
}

Result<std::optional<Element>> find(const Service& service, const Asked& asked) {
  const std::string& id = asked.request.path_values.at("id");
  if (!is_id(id, "elm")) return std::optional<Element>();
  return service.store.library().find_element(asked.key.id, id);
}

http::Response look(const Service& service, Asked& asked) {
  TROUPE_REPLY(const std::optional<Element> element, find(service, asked), asked.request);
  if (!element) return not_found(asked.request, "element");
  return json_reply(200, api::native::print_element(*element, service.links));
}

http::Response change(const Service& service, Asked& asked) {
  TROUPE_BODY(const api::native::ElementChange change, asked.request, api::native::parse_element);
  TROUPE_REPLY(std::optional<Element> element, find(service, asked), asked.request);
  if (!element) return not_found(asked.request, "element");
  TROUPE_REPLY(*element, api::native::apply(change, std::move(*element)), asked.request);
  element->updated = service.clock.now();
  TROUPE_REPLY_OK(service.store.library().replace_element(*element), asked.request);
  return json_reply(200, api::native::print_element(*element, service.links));
}

http::Response list(const Service& service, Asked& asked) {
  TROUPE_REPLY(const int limit, query_number(asked.request, "limit", kPageUsual, 1, kPageMax), asked.request);
  std::string before;
  if (const std::string_view cursor = asked.request.query_value("cursor"); !cursor.empty()) {
    TROUPE_REPLY(before, api::native::read_cursor(cursor, "elm"), asked.request);
  }
  TROUPE_REPLY(const std::vector<Element> elements,
               service.store.library().list_elements(asked.key.id, before, limit), asked.request);
  const bool more = elements.size() == static_cast<size_t>(limit);
  return json_reply(
      200, api::native::print_elements(elements, more ? api::native::make_cursor(elements.back().id) : "",
                                       service.links));
}

http::Response remove(const Service& service, Asked& asked) {
  TROUPE_REPLY(const std::optional<Element> element, find(service, asked), asked.request);
  if (!element) return not_found(asked.request, "element");
  TROUPE_REPLY_OK(service.store.library().remove_element(asked.key.id, element->id), asked.request);
  return empty_reply(204);
}

}  // namespace

void add_element_routes(const Service& service, http::Router& router) {
  const auto with = [&service](auto function) {
    return [&service, function](Asked& asked) { return function(service, asked); };
  };
  router.add(guarded(service, "POST", "/v1/elements", "library:write", with(add)));
  router.add(guarded(service, "GET", "/v1/elements", "library:read", with(list)));
  router.add(guarded(service, "GET", "/v1/elements/{id}", "library:read", with(look)));
  router.add(guarded(service, "PATCH", "/v1/elements/{id}", "library:write", with(change)));
  router.add(guarded(service, "DELETE", "/v1/elements/{id}", "library:write", with(remove)));
}

}  // namespace troupe::server
