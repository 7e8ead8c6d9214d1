// Any bytes as a request: refused with a status, or read into a head and body that keep their promises. The
// first byte says how the rest is cut into pieces.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "http/body_decoder.h"
#include "http/fields.h"
#include "http/request_parser.h"

namespace {

using namespace troupe::http;

constexpr size_t kHeadMax = 2048;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_refusal(const Refusal& refusal) {
  require(refusal.status >= 400 && refusal.status < 500 && !refusal.detail.empty());
  require(is_field_value(refusal.detail));
}

void check_head(const RequestHead& head) {
  const std::string& path = head.request.path;
  require(path.starts_with('/') && path.find('\0') == std::string::npos && troupe::is_utf8(path));
  require(("/" + path + "/").find("/../") == std::string::npos);
  require(is_token(head.request.method));
  require(!head.chunked || head.content_length == 0);
  for (const auto& [name, value] : head.request.headers.fields())
    require(is_token(name) && is_field_value(value));
  for (const auto& [name, value] : head.request.query)
    require(troupe::is_utf8(name) && troupe::is_utf8(value));
}

// Reads the body from `bytes`, which come `step` at a time.
void read_body(const RequestHead& head, std::string_view bytes, size_t step) {
  BodyDecoder decoder(head);
  std::vector<char> out(step);
  uint64_t size_bytes = 0;
  for (size_t at = 0; at < bytes.size();) {
    const std::string_view piece = bytes.substr(at, step);
    const BodyDecoder::Step result = decoder.read(piece, out);
    require(result.consumed <= piece.size() && result.produced <= out.size());
    require(result.consumed > 0 || result.done || result.refusal);
    at += result.consumed;
    size_bytes += result.produced;
    if (result.refusal) return check_refusal(*result.refusal);
    if (result.done) return require(head.chunked ? size_bytes <= at : size_bytes == head.content_length);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const size_t step = std::max<size_t>(data[0], 1);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  HeadScanner scanner(kHeadMax);
  auto found = HeadScanner::Found::more;
  for (size_t at = 0; at < bytes.size() && found == HeadScanner::Found::more; at += step)
    found = scanner.scan(bytes.substr(0, at + step));
  if (found == HeadScanner::Found::refused) check_refusal(scanner.refusal());
  if (found != HeadScanner::Found::whole) return 0;
  require(scanner.end() <= bytes.size() && scanner.head(bytes).ends_with("\r\n\r\n"));

  const auto read = parse_request_head(scanner.head(bytes));
  if (const auto* refusal = std::get_if<Refusal>(&read)) {
    check_refusal(*refusal);
    return 0;
  }
  const RequestHead& head = std::get<RequestHead>(read);
  check_head(head);
  if (head.has_body()) read_body(head, bytes.substr(scanner.end()), step);
  return 0;
}
