// Header fields of requests and answers. Private to fetch/.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace troupe::fetch {

inline constexpr size_t kHeadBytesMax = 64 << 10;  ///< of an answer's head, trailers included

/// The head of an answer.
struct ReplyHead {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; the last of a repeated one
};

/// True if `value` can stand in a header: no control characters but tabs.
bool is_header_value(std::string_view value);

/// Whether a caller may send these. Errors: invalid_argument (no header's name, a control character in the
/// value, or a header that says where a request ends and who it is for: Host, Content-Length …).
Result<void> check_headers(const std::map<std::string, std::string>& headers);

/// Adds a line of an answer's head to `head`; one that starts with "HTTP/" begins it anew, what is no header
/// is passed over.
void add_head_line(std::string_view line, ReplyHead& head);

/// True for the empty line that ends a head.
bool ends_head(std::string_view line);

}  // namespace troupe::fetch
