#include "http/response_head.h"

#include <algorithm>
#include <boost/beast/http/status.hpp>
#include <cstdio>

#include "http/fields.h"

namespace troupe::http {
namespace {

constexpr std::string_view kServersOwn[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date",
                                            "Server",         "X-Request-Id",      "Keep-Alive"};

constexpr std::pair<std::string_view, std::string_view> kUnlessSet[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cache-Control", "no-store"},
};

void add_field(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ").append(value).append("\r\n");
}

bool is_servers_own(std::string_view name) {
  return std::any_of(std::begin(kServersOwn), std::end(kServersOwn),
                     [&](std::string_view own) { return same_name(own, name); });
}

std::string_view reason(int status) {
  const auto text = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {text.data(), text.size()};
}

}  // namespace

std::string print_http_date(Time time) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

Result<std::string> print_response_head(const Response& response, const AnswerFrame& frame) {
  if (response.status < 200 || response.status > 599)
    return make_error(ErrorCode::internal,
                      "the answer's status " + std::to_string(response.status) + " is not a final one");
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers.fields()) {
    if (!is_token(name) || !is_field_value(value))
      return make_error(ErrorCode::internal, "a field of the answer has characters that fields cannot have");
    if (!is_servers_own(name)) add_field(head, name, value);
  }
  for (const auto& [name, value] : kUnlessSet) {
    if (!response.headers.has(name)) add_field(head, name, value);
  }
  if (frame.content_length) add_field(head, "Content-Length", std::to_string(*frame.content_length));
  if (frame.chunked) add_field(head, "Transfer-Encoding", "chunked");
  add_field(head, "Connection", frame.keep_alive ? "keep-alive" : "close");
  add_field(head, "Date", print_http_date(frame.now));
  if (!frame.server_name.empty()) add_field(head, "Server", frame.server_name);
  if (!frame.request_id.empty()) add_field(head, "X-Request-Id", frame.request_id);
  return head += "\r\n";
}

}  // namespace troupe::http
