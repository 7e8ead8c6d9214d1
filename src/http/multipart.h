// multipart/form-data, as in RFC 7578.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace troupe::http {

inline constexpr int kPartsMax = 256;
inline constexpr size_t kPartHeaderBytesMax = 8 << 10;

struct PartHead {
  std::string name;          ///< of the form field
  std::string file_name;     ///< empty for plain fields; never with a path
  std::string content_type;  ///< "text/plain" if none was said
};

/// Called for each part in order.
struct PartSink {
  std::function<Result<void>(const PartHead&)> begin;
  std::function<Result<void>(ByteView)> data;
  std::function<Result<void>()> end;
};

/// Reads a body in pieces, in bounded memory. Errors: invalid_argument (no boundary, not multipart),
/// corrupt_input (a part without a name, a body that ends early), over_limit, and what the sink says.
Result<void> read_multipart(const Body& body, std::string_view content_type, const PartSink& sink);

}  // namespace troupe::http
