#include "http/sse.h"

#include <algorithm>

namespace troupe::http {
namespace {

// Each line of `text`, whatever ends it, behind `name`: a line break inside would start another field.
void add_lines(std::string& out, std::string_view name, std::string_view text) {
  for (size_t start = 0;;) {
    const size_t end = std::min(text.find_first_of("\r\n", start), text.size());
    out.append(name).append(text.substr(start, end - start)).append("\n");
    if (end == text.size()) return;
    start = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
  }
}

}  // namespace

std::string sse_event(int64_t id, std::string_view event, std::string_view data) {
  std::string out;
  if (id != 0) out += "id: " + std::to_string(id) + "\n";
  if (!event.empty()) {
    const size_t end = std::min(event.find_first_of("\r\n"), event.size());
    out.append("event: ").append(event.substr(0, end)).append("\n");
  }
  add_lines(out, "data: ", data);
  return out += "\n";
}

std::string sse_comment(std::string_view text) {
  std::string out;
  add_lines(out, ": ", text);
  return out += "\n";
}

std::string sse_retry(int64_t milliseconds) { return "retry: " + std::to_string(milliseconds) + "\n\n"; }

}  // namespace troupe::http
