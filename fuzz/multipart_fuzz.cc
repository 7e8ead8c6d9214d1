// A Content-Type (the first line) and a body of any bytes: read or refused; parts come in order, their names
// are clean, and no byte comes from nowhere.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "http/multipart.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace troupe;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t line_end = std::min(all.find('\n'), all.size());
  const std::string_view content_type = all.substr(0, line_end);
  const http::Body body(std::string(all.substr(std::min(line_end + 1, all.size()))));
  int parts = 0;
  bool inside = false;
  size_t content = 0;
  const http::PartSink sink{[&](const http::PartHead& head) -> Result<void> {
                              require(!inside && !head.name.empty() && is_utf8(head.name));
                              require(is_utf8(head.file_name));
                              require(head.file_name.find_first_of("/\\\r\n") == std::string::npos);
                              inside = true;
                              ++parts;
                              return {};
                            },
                            [&](ByteView bytes) -> Result<void> {
                              require(inside && !bytes.empty());
                              content += bytes.size();
                              return {};
                            },
                            [&]() -> Result<void> {
                              require(inside);
                              inside = false;
                              return {};
                            }};
  const auto outcome = http::read_multipart(body, content_type, sink);
  require(!outcome || !inside);
  require(parts <= http::kPartsMax && content <= body.size_bytes());
  return 0;
}
