// HTTP to addresses that strangers name: media, and webhooks. Never reaches an inside address.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"
#include "fetch/address.h"
#include "fetch/url.h"

namespace troupe::fetch {

struct FetchLimits {
  std::chrono::milliseconds connect{5000};
  std::chrono::milliseconds first_byte{15000};
  std::chrono::milliseconds total{60000};
  int64_t bytes_per_second_min = 10000;  ///< over speed_window; 0 = none
  std::chrono::seconds speed_window{20};
  uint64_t size_bytes_max = 30u << 20;  ///< of the body, as sent (compressed bodies are not asked for)
  int redirects_max = 3;
};

/// A test's seam: where to connect instead of to an address that passed every check, so that a test can play
/// the public internet on a local socket. Programs leave it empty.
using ConnectOverride = std::function<std::pair<Address, uint16_t>(const Address& vetted, uint16_t port)>;

struct FetchOptions {
  Resolver resolver;  ///< empty = the system's; called from threads of the fetcher's, given up after 3 s
  bool allow_private = false;  ///< an operator's explicit choice: inside addresses and other ports too
  bool allow_http = true;      ///< plain http besides https
  std::string user_agent = "Troupe";
  std::filesystem::path ca_file;  ///< whom to trust for TLS, PEM; empty = whom the system trusts
  /// https goes through the environment's proxies (https_proxy, all_proxy, no_proxy), which are told the
  /// address that was checked, not the name. Else these variables are ignored.
  bool use_proxies = false;
  ConnectOverride connect_override;
};

struct HttpReply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; the last of a repeated one
  Bytes body;
  Url url;  ///< where the body came from in the end
};

/// A GET whose answer is handed on as it comes.
struct StreamRequest {
  std::string url;
  std::map<std::string, std::string> headers;  ///< Range, Authorization …
  /// Both may be empty; they are called from the calling thread, and an error of theirs ends the call with
  /// it.
  std::function<Result<void>(const HttpReply& head)> on_head;  ///< of a 2xx answer, before its body
  std::function<Result<void>(ByteView)> take;                  ///< the body of a 2xx answer, piece by piece
};

/// Each call resolves the host itself, refuses it unless every address is public, connects to exactly one of
/// those addresses and looks again at whom it is connected to; each redirect anew. Ports 80 and 443 only.
/// TLS is verified against the URL's host.
/// Thread-safety: safe. Blocks at most limits.total; `cancel` is looked at several times a second.
/// Errors: invalid_argument (the URL); unsupported (an address or port that is not allowed: the text doesn't
/// say what is there, and a name that leads inside reads like one that does not exist); over_limit (size,
/// redirects); timeout; unavailable; cancelled.
class Fetcher {
 public:
  explicit Fetcher(FetchOptions options = {});
  ~Fetcher();

  /// GET. A status other than 2xx is an error (not_found for 404 and 410, else unavailable). Redirects from
  /// https to http are refused.
  Result<HttpReply> get(std::string_view url, const FetchLimits& limits, const CancelToken& cancel = {});
  /// The same, written to `file` instead of `body`; what was there is replaced, and no file is left after an
  /// error. Errors as well: io; unavailable (disk full).
  Result<HttpReply> get_to_file(std::string_view url, const std::filesystem::path& file,
                                const FetchLimits& limits, const CancelToken& cancel = {});
  /// GET without following redirects, so that its headers go to nobody but the URL's host: who follows one
  /// asks again, and is checked again. Every status is a result; bodies of others than 2xx are left out.
  /// Errors as well: invalid_argument (a header, as for post()); those of the callbacks.
  Result<HttpReply> stream(const StreamRequest& request, const FetchLimits& limits,
                           const CancelToken& cancel = {});
  /// POST without following redirects; every status is a result. Errors as well: invalid_argument (a header's
  /// name or value, or one that the fetcher sets itself: Host, Content-Length, Transfer-Encoding, Connection
  /// …).
  Result<HttpReply> post(std::string_view url, const std::map<std::string, std::string>& headers,
                         ByteView body, const FetchLimits& limits, const CancelToken& cancel = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace troupe::fetch
