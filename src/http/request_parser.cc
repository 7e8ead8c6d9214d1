#include "http/request_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <charconv>
#include <optional>

#include "http/fields.h"
#include "http/target.h"

namespace troupe::http {
namespace {

namespace beast = boost::beast;

constexpr int kBlankLinesMax = 2;                         // some clients end a body with a line too many
constexpr size_t kRequestLineMax = kTargetBytesMax + 64;  // and a method and a version
constexpr uint32_t kParsedHeadMax = 1 << 20;              // HeadScanner holds the real bound

constexpr const char* kNoRequest = "this is not an HTTP request; is it TLS sent to the plain port?";

Refusal bad_request(std::string detail) { return {400, std::move(detail)}; }

std::vector<std::string_view> values_of(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [field, value] : headers.fields()) {
    if (same_name(field, name)) values.push_back(value);
  }
  return values;
}

// "example.org:80", "[::1]:80" or nothing.
bool is_host(std::string_view host) { return host.find_first_of(" \t,/\\@?#<>\"") == std::string_view::npos; }

std::optional<Refusal> check_host(RequestHead& head) {
  const auto hosts = values_of(head.request.headers, "Host");
  if (hosts.size() > 1 || (hosts.empty() && !head.is_http_1_0))
    return bad_request("an HTTP/1.1 request has exactly one Host field");
  if (!hosts.empty() && !is_host(hosts[0])) return bad_request("the Host field does not name a host");
  return std::nullopt;
}

// How long the body is. Whatever two servers could read in two ways is refused.
std::optional<Refusal> read_framing(RequestHead& head) {
  const auto codings = values_of(head.request.headers, "Transfer-Encoding");
  const auto lengths = values_of(head.request.headers, "Content-Length");
  if (!codings.empty()) {
    if (!lengths.empty())
      return bad_request("a request has a Content-Length or a Transfer-Encoding, not both");
    if (codings.size() > 1 || !same_name(codings[0], "chunked"))
      return bad_request("the only Transfer-Encoding taken is \"chunked\", said once");
    if (head.is_http_1_0) return bad_request("HTTP/1.0 has no Transfer-Encoding; send a Content-Length");
    head.chunked = true;
    return std::nullopt;
  }
  if (lengths.size() > 1) return bad_request("a request has one Content-Length");
  if (lengths.empty()) {
    // HTTP/1.0 has no other way to end a body; in 1.1 no length means no body.
    const std::string& method = head.request.method;
    if (head.is_http_1_0 && (method == "POST" || method == "PUT" || method == "PATCH"))
      return Refusal{411, "an HTTP/1.0 request with a body needs a Content-Length"};
    return std::nullopt;
  }
  const std::string_view text = lengths[0];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), head.content_length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    return bad_request("the Content-Length is not a number of bytes");
  return std::nullopt;
}

std::optional<Refusal> read_expectation(RequestHead& head) {
  const std::string_view expectation = head.request.headers.get("Expect");
  if (expectation.empty() || head.is_http_1_0) return std::nullopt;
  if (!same_name(expectation, "100-continue"))
    return Refusal{417, "the only expectation met is \"100-continue\""};
  head.expects_continue = true;
  return std::nullopt;
}

std::optional<Refusal> read_target(RequestHead& head) {
  if (head.request.target.size() > kTargetBytesMax) {
    return Refusal{414, "the request's target is longer than " + std::to_string(kTargetBytesMax) +
                            " bytes; use the body"};
  }
  auto target = parse_target(head.request.target);
  if (!target) return bad_request(target.error().message);
  head.request.path = std::move(target->path);
  head.request.query = std::move(target->query);
  return std::nullopt;
}

}  // namespace

HeadScanner::Found HeadScanner::refuse(int status, std::string detail) {
  refusal_ = {status, std::move(detail)};
  return Found::refused;
}

HeadScanner::Found HeadScanner::read_line(std::string_view line, size_t next) {
  if (line.find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos)
    return refuse(400, "the head has a lone carriage return or a NUL");
  line_ = next;
  if (line.empty()) {
    if (lines_ > 0) return Found::whole;
    begin_ = next;
    return ++blank_lines_ > kBlankLinesMax ? refuse(400, "the request begins with blank lines") : Found::more;
  }
  if (lines_ == 0 && !is_token(line.substr(0, 1))) return refuse(400, kNoRequest);
  if (lines_++ == 0)
    return line.size() > kRequestLineMax ? refuse(414, "the request line is too long") : Found::more;
  if (line[0] == ' ' || line[0] == '\t') return refuse(400, "a header field is continued on a second line");
  return Found::more;
}

HeadScanner::Found HeadScanner::scan(std::string_view bytes) {
  for (size_t at; (at = bytes.find('\n', scanned_)) != std::string_view::npos;) {
    scanned_ = at + 1;
    if (at == line_ || bytes[at - 1] != '\r') return refuse(400, "a line of the head ends without \\r\\n");
    const Found found = read_line(bytes.substr(line_, at - 1 - line_), at + 1);
    if (found == Found::refused) return found;
    if (line_ - begin_ > size_bytes_max_) break;
    if (found == Found::whole) return found;
  }
  scanned_ = bytes.size();
  if (lines_ == 0 && bytes.size() > begin_ && bytes[begin_] != '\r' && !is_token(bytes.substr(begin_, 1)))
    return refuse(400, kNoRequest);
  if (bytes.size() - begin_ <= size_bytes_max_) return Found::more;
  if (lines_ == 0) return refuse(414, "the request line is too long");
  return refuse(431, "the header has more than " + std::to_string(size_bytes_max_) + " bytes");
}

std::variant<RequestHead, Refusal> parse_request_head(std::string_view text) {
  beast::http::request_parser<beast::http::empty_body> parser;
  parser.header_limit(kParsedHeadMax);
  parser.body_limit(boost::none);
  beast::error_code error;
  parser.put(boost::asio::buffer(text), error);
  if (error || !parser.is_header_done())
    return bad_request("the head is not one of HTTP/1.1: " + (error ? error.message() : "it ends early"));
  const auto& message = parser.get();
  RequestHead head;
  head.is_http_1_0 = message.version() == 10;
  if (!head.is_http_1_0 && message.version() != 11)
    return bad_request("only HTTP/1.0 and HTTP/1.1 are spoken here");
  head.request.method = std::string(message.method_string());
  head.request.target = std::string(message.target());
  for (const auto& field : message)
    head.request.headers.add(std::string(field.name_string()), std::string(field.value()));
  head.keep_alive = message.keep_alive();
  for (const auto& read : {check_host, read_framing, read_expectation, read_target}) {
    if (auto refusal = read(head)) return *refusal;
  }
  return head;
}

}  // namespace troupe::http
