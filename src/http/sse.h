// Server-sent events as text, as in the HTML standard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::http {

/// "id: …\nevent: …\ndata: …\n\n"; without the id line if `id` is 0; data of several lines becomes several
/// fields; `event` may be empty.
std::string sse_event(int64_t id, std::string_view event, std::string_view data);
/// ": text\n\n".
std::string sse_comment(std::string_view text);
/// "retry: 2000\n\n".
std::string sse_retry(int64_t milliseconds);

}  // namespace troupe::http
