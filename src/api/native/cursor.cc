#include <charconv>

#include "api/native/wire.h"
#include "base/bytes.h"
#include "base/ids.h"

namespace troupe::api::native {
namespace {

constexpr std::string_view kVersion = "1:";
constexpr size_t kCursorBytesMax = 256;

Error no_cursor() {
  return make_error(ErrorCode::invalid_argument,
                    "this is no cursor of this list: give a \"next_cursor\" as it came, or none for the "
                    "first page",
                    "cursor");
}

bool is_line_id(std::string_view text) {
  int64_t id = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), id);
  return code == std::errc() && end == text.data() + text.size() && id > 0;
}

}  // namespace

std::string make_cursor(std::string_view id) {
  std::string text = to_base64(as_bytes(std::string(kVersion) + std::string(id)));
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

Result<std::string> read_cursor(std::string_view cursor, std::string_view id_prefix) {
  if (cursor.size() > kCursorBytesMax) return no_cursor();
  const Result<Bytes> bytes = from_base64(cursor);
  if (!bytes) return no_cursor();
  const std::string text(bytes->begin(), bytes->end());
  if (!text.starts_with(kVersion)) return no_cursor();
  std::string id = text.substr(kVersion.size());
  if (!(id_prefix.empty() ? is_line_id(id) : is_id(id, id_prefix))) return no_cursor();
  // One spelling for each place, so that caches and logs see one.
  if (make_cursor(id) != cursor) return no_cursor();
  return id;
}

}  // namespace troupe::api::native
