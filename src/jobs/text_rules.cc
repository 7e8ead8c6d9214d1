#include "jobs/text_rules.h"

#include <string>

#include "base/utf8.h"

namespace troupe::jobs {
namespace {

constexpr size_t kDigestLength = 64;

Error refuse(ErrorCode code, std::string message, std::string_view field) {
  return make_error(code, std::move(message), std::string(field));
}

}  // namespace

Result<void> check_text(std::string_view text, std::string_view field, size_t size_bytes_max) {
  if (text.size() > size_bytes_max) {
    return refuse(ErrorCode::over_limit,
                  "The text has " + std::to_string(text.size()) + " bytes; at most " +
                      std::to_string(size_bytes_max) + " are kept: shorten it.",
                  field);
  }
  if (!is_utf8(text)) {
    return refuse(ErrorCode::invalid_argument, "The text is no UTF-8: encode it as UTF-8.", field);
  }
  if (text.find('\0') != std::string_view::npos) {
    return refuse(ErrorCode::invalid_argument, "The text holds the character U+0000: leave it out.", field);
  }
  return {};
}

Result<void> check_indexed_text(std::string_view text, std::string_view field) {
  if (text.empty()) return refuse(ErrorCode::invalid_argument, "The text is empty: give one.", field);
  return check_text(text, field, kIndexedTextBytesMax);
}

Result<void> check_count(size_t count, std::string_view field) {
  if (count <= kListMax) return {};
  return refuse(
      ErrorCode::over_limit,
      "The list has " + std::to_string(count) + " items; at most " + std::to_string(kListMax) + " are kept.",
      field);
}

Result<void> check_page(int limit) {
  if (limit >= 1 && limit <= kPageMax) return {};
  return refuse(ErrorCode::invalid_argument,
                "A page has 1 to " + std::to_string(kPageMax) + " items, not " + std::to_string(limit) + ".",
                "/limit");
}

Result<void> check_digest(std::string_view text, std::string_view field) {
  if (text.size() == kDigestLength && text.find_first_not_of("0123456789abcdef") == std::string_view::npos) {
    return {};
  }
  return refuse(ErrorCode::invalid_argument, "This must be a SHA-256 as 64 digits of lower-case hexadecimal.",
                field);
}

}  // namespace troupe::jobs
