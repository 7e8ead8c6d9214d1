// One HTTP exchange with one address that was looked at before.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"
#include "fetch/address.h"
#include "fetch/fetcher.h"
#include "fetch/header_fields.h"
#include "fetch/url.h"

namespace troupe::fetch {

struct Exchange {
  Url url;
  Address address;  ///< the only one that is connected to
  std::map<std::string, std::string> headers;
  std::optional<ByteView> post_body;  ///< POST if set, else GET
  std::string user_agent;
  std::filesystem::path ca_file;
  std::chrono::steady_clock::time_point deadline;
  const FetchLimits* limits = nullptr;
  CancelToken cancel;
  ConnectOverride connect_override;
  /// As the environment's proxy variables say; the proxy is told the address. Only for https.
  bool use_proxies = false;

  /// Whether the body of such an answer is wanted; otherwise the exchange ends with its head.
  std::function<bool(int status)> wants_body;
  /// Told of the head of an answer whose body is wanted; may be empty. Its error ends the exchange.
  std::function<Result<void>(const ReplyHead&)> on_head;
  /// Takes the body as it comes; its error ends the exchange.
  std::function<Result<void>(ByteView)> take;
};

/// Blocks. Errors: those of `on_head` and `take`; over_limit (size of the body or the head), timeout,
/// unavailable, cancelled. Their texts say nothing of the address or of who answered there.
Result<ReplyHead> exchange(const Exchange& exchange);

}  // namespace troupe::fetch
