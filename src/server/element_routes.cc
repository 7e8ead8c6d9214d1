// The library's elements: named subjects, used as @name in any job.
#include <algorithm>

#include "base/ids.h"
#include "core/reference_name.h"
#include "server/answers.h"
#include "server/service.h"

namespace troupe::server {
namespace {

constexpr int kPageUsual = 50, kPageMax = 200;

// Puts what was said over what was there, and looks at the whole.
Result<void> put_over(Element& element, const api::native::ElementChange& change) {
  if (change.name) element.name = *change.name;
  if (change.frontal) element.frontal = *change.frontal;
  if (change.angles) element.angles = *change.angles;
  if (change.clip) element.clip = *change.clip;
  if (change.description) element.description = *change.description;
  if (const Result<void> named = check_name(element.name); !named)
    return make_error(ErrorCode::invalid_argument, named.error().message, "/name");
  if (element.frontal.empty() && element.clip.empty())
    return make_error(ErrorCode::invalid_argument, "An element needs a frontal picture or a clip.",
                      "/frontal");
  if (element.angles.size() > static_cast<size_t>(kAnglesMax)) {
    return make_error(ErrorCode::invalid_argument,
                      "An element has at most " + std::to_string(kAnglesMax) + " further angles.", "/angles");
  }
  if (!element.clip.empty() && !element.angles.empty())
    return make_error(ErrorCode::invalid_argument, "Give angles or a clip, not both.", "/clip");
  return {};
}

Result<api::native::ElementChange> change_of(Asked& asked) {
  TROUPE_TRY(const std::string text, asked.request.body.read(1 << 16));
  return api::native::parse_element(text);
}

http::Response add(const Service& service, Asked& asked) {
  TROUPE_REPLY(const api::native::ElementChange change, change_of(asked), asked.request);
  Element element;
  element.created = element.updated = service.clock.now();
  element.id = new_id("elm", element.created);
  element.account = asked.key.id;
  TROUPE_REPLY_OK(put_over(element, change), asked.request);
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
  TROUPE_REPLY(const api::native::ElementChange change, change_of(asked), asked.request);
  TROUPE_REPLY(std::optional<Element> element, find(service, asked), asked.request);
  if (!element) return not_found(asked.request, "element");
  if (change.version && *change.version != element->version) {
    return problem_reply(asked.request,
                         {409,
                          "conflict",
                          "The element has changed",
                          "It is at version " + std::to_string(element->version) + " now; look at it again.",
                          {},
                          ""});
  }
  TROUPE_REPLY_OK(put_over(*element, change), asked.request);
  ++element->version;
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
