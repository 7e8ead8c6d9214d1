// Links to media that are good for a time, for whoever has them. Private to server/.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"

namespace troupe::server {

/// `path` with "?expires=…&signature=…" behind it: HMAC-SHA256 of both under the server's secret. REQUIRES:
/// `server_secret` is not empty.
std::string sign_media_path(std::string_view server_secret, std::string_view path, Time expires);

enum class MediaLinkState { good, expired, forged };
/// Compares in time that does not depend on where they differ.
MediaLinkState check_media_path(std::string_view server_secret, std::string_view path,
                                std::string_view expires, std::string_view signature, Time now);

}  // namespace troupe::server
