// HTTP to a server that the user named himself: no guard on addresses, TLS verified, everything bounded.
// Strangers' URLs go through fetcher.h instead.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"

namespace troupe::fetch {

struct ApiLimits {
  std::chrono::milliseconds connect{5000};  ///< name look-up and TLS included
  std::chrono::milliseconds idle{60000};    ///< without a byte in either direction
  std::chrono::milliseconds total{0};       ///< 0 = as long as bytes come
  uint64_t size_bytes_max = 32u << 20;      ///< of the answer's body; kNoBound for one that is passed on
};
inline constexpr uint64_t kNoBound = std::numeric_limits<uint64_t>::max();
inline constexpr uint64_t kRefusalBytesMax = 1 << 20;  ///< of the body of an answer that is no 2xx

/// A stretch of a regular file, read as it is sent.
struct FilePart {
  std::filesystem::path file;
  uint64_t offset = 0;
  uint64_t size_bytes = 0;  ///< the file must hold as many from `offset`
};

struct ApiReply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; the last of a repeated one
  std::string body;                            ///< what `take` did not get

  /// "" if there is none; `name` in lower case.
  std::string_view header(const std::string& name) const;
};

struct ApiRequest {
  std::string method = "GET";
  std::string url;  ///< http or https, as parse_url() reads it
  std::map<std::string, std::string>
      headers;  ///< those that frame a message (Content-Length …) are not yours
  std::variant<std::monostate, std::string, FilePart> body;
  std::string user_agent = "Troupe";
  std::filesystem::path ca_file;  ///< whom to trust for TLS, PEM; empty = whom the system trusts
  ApiLimits limits;
  CancelToken cancel;

  /// All may be empty; they are called from the calling thread, and an error of theirs ends the call with it.
  std::function<Result<void>(const ApiReply&)> on_head;  ///< the head of a 2xx answer, before its body
  std::function<Result<void>(ByteView)> take;            ///< the body of a 2xx answer, piece by piece
  std::function<void(uint64_t size_bytes)> sent;         ///< how much of a FilePart was handed over so far
};

/// Sends one request over a connection of its own and reads the answer. Every status is a result; redirects
/// are not followed, so that a key goes to nobody but the server that was named. Proxies are those of the
/// environment (https_proxy, no_proxy …), but this machine is always reached directly.
/// Blocks until the answer has ended; `cancel` and the limits are looked at several times a second.
/// Thread-safety: safe.
/// Errors: invalid_argument (the URL, a header); not_found (nobody could be connected to: nothing was sent);
/// unavailable (the connection broke off, what came is no HTTP answer); unsupported (TLS: the certificate is
/// not the server's); timeout; over_limit (size); io (the file to send); cancelled; those of the callbacks.
Result<ApiReply> call_api(const ApiRequest& request);

}  // namespace troupe::fetch
