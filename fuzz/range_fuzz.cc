// A Range header and conditions (a line each) against a file: every part lies inside it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/fields.h"
#include "http/ranges.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// The next line of `text`; consumes it.
std::string take_line(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe::http;
  if (size == 0) return 0;
  const uint64_t size_bytes = data[0] == 255 ? UINT64_MAX : data[0];
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Request request;
  request.method = "GET";
  const std::string range = take_line(text);
  request.headers.add("Range", range);
  for (const char* name : {"If-Range", "If-None-Match", "If-Match"}) {
    std::string value = take_line(text);
    if (!value.empty()) request.headers.add(name, std::move(value));
  }
  if (const auto ranges = parse_range(range, size_bytes)) {
    require(ranges->size() <= 1);
    for (const ByteRange& part : *ranges) require(part.first <= part.last && part.last < size_bytes);
  }
  const FileAnswer answer{"video/mp4", "\"abc\"", std::string(text), true, ""};
  const Response response = serve_file(request, "/f", size_bytes, answer);
  if (const auto* part = std::get_if<FilePart>(&response.body)) {
    require(response.status == 200 || response.status == 206);
    require(part->offset <= size_bytes && part->size_bytes <= size_bytes - part->offset);
  }
  for (const auto& [name, value] : response.headers.fields())
    require(is_token(name) && is_field_value(value));
  return 0;
}
