#include "api/body.h"

#include <algorithm>

#include "core/short_text.h"

namespace troupe::api {
namespace {

bool is_url_char(char c) { return c > ' ' && c != '\x7f' && c != '\\' && c != '"' && c != '<' && c != '>'; }

bool is_web_url(std::string_view url) {
  const size_t colon = url.find("://");
  if (colon == std::string_view::npos || !std::all_of(url.begin(), url.end(), is_url_char)) return false;
  const std::string_view scheme = url.substr(0, colon), rest = url.substr(colon + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  const bool web = equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "https");
  return web && !host.empty() && host.front() != ':' && host.find('@') == std::string_view::npos &&
         rest.find('#') == std::string_view::npos;
}

}  // namespace

Error refuse(std::vector<Error> errors, std::vector<Error>* all) {
  Error first = errors.front();
  if (all != nullptr) *all = std::move(errors);
  return first;
}

std::optional<std::string> bounded_text(JsonFields& fields, std::string_view key, size_t size_bytes_max) {
  auto text = fields.text(key);
  if (!text || text->size() <= size_bytes_max) return text;
  fields.report(ErrorCode::over_limit,
                "has " + std::to_string(text->size()) + " bytes; at most " + std::to_string(size_bytes_max) +
                    " are allowed",
                key);
  return std::nullopt;
}

std::optional<std::string> url_field(JsonFields& fields, std::string_view key) {
  auto url = bounded_text(fields, key, kUrlBytesMax);
  if (!url || is_web_url(*url)) return url;
  fields.report(ErrorCode::invalid_argument,
                troupe::quoted(*url) +
                    " is no address that can be sent to: write \"https://host/path\", without a "
                    "user name or a fragment",
                key);
  return std::nullopt;
}

void require(JsonFields& fields, std::string_view key, const std::string& what) {
  if (!fields.has(key)) fields.report(ErrorCode::invalid_argument, "is missing: give " + what, key);
}

}  // namespace troupe::api
