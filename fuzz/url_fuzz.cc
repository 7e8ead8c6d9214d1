// URLs and addresses of any bytes. What is accepted must read back the same, and curl must see the same host
// in it: a difference between who checks and who connects is the hole that guards are passed through.
#include <curl/curl.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "fetch/address.h"
#include "fetch/url.h"

namespace {

using namespace troupe::fetch;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string part_of(CURLU* url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

// Host names mean the same in either case.
std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

std::string without_brackets(const std::string& host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

// As curl itself will read the text that the fetcher gives it.
void check_against_curl(const Url& url, const std::string& text) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> seen(curl_url(), curl_url_cleanup);
  require(curl_url_set(seen.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) == CURLUE_OK);
  require(part_of(seen.get(), CURLUPART_SCHEME) == url.scheme);
  require(part_of(seen.get(), CURLUPART_USER).empty() && part_of(seen.get(), CURLUPART_PASSWORD).empty());
  require(part_of(seen.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT) == std::to_string(url.port));
  require(part_of(seen.get(), CURLUPART_ZONEID).empty());
  const std::string host = lower_case(without_brackets(part_of(seen.get(), CURLUPART_HOST)));
  if (url.host_is_address) {
    require(parse_address(host).has_value() && parse_address(host) == parse_address(url.host));
  } else {
    require(host == url.host && !parse_address(host));
  }
  const std::string query = part_of(seen.get(), CURLUPART_QUERY);
  const bool bare_question_mark = url.target.ends_with('?') && query.empty();
  const std::string target = part_of(seen.get(), CURLUPART_PATH) + (query.empty() ? "" : "?" + query);
  require(target + (bare_question_mark ? "?" : "") == url.target);
}

void check_url(const Url& url) {
  const std::string text = print(url);
  const auto again = parse_url(text);
  require(again.has_value() && *again == url && text.size() <= kUrlBytesMax);
  require(url.target.starts_with('/') && text.find_first_of("\r\n\t \\") == std::string::npos);
  check_against_curl(url, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = parse_url(text)) {
    check_url(*url);
    // What was typed, too: an embedded zero byte would have ended it, but none is accepted.
    const std::string typed(text.substr(0, text.find('#')));
    bool ascii = true;
    for (const char c : typed) ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    if (ascii) check_against_curl(*url, typed);
  }
  const Url base{"https", "a.example", false, 444, "/b/../c/d?e"};
  if (const auto next = resolve_redirect(base, text)) check_url(*next);
  if (const auto address = parse_address(text)) {
    const auto again = parse_address(print(*address));
    require(again.has_value() && *again == *address);
    (void)is_public(*address);
  }
  return 0;
}
