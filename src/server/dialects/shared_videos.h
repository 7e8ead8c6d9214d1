// Dialects that live on paths of OpenAI's: a job answers in the one that made it. Private to server/.
#pragma once

#include <optional>

#include "server/request_media.h"
#include "server/service.h"

namespace troupe::server {

/// A body that is OpenRouter's, wherever it was sent: 202, or why not.
http::Response create_openrouter(const Service& service, Asked& asked, RequestText text);

/// The job as OpenRouter or xAI tell it; none for those of other dialects.
std::optional<http::Response> tell_in_its_dialect(const Service& service, const http::Request& request,
                                                  const Job& job);

}  // namespace troupe::server
