// A hub of models: files of repositories by HTTP, as huggingface.co serves them.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/cancel.h"
#include "base/result.h"
#include "fetch/address.h"
#include "fetch/api_client.h"
#include "fetch/fetcher.h"
#include "fetch/url.h"

namespace troupe::shelf {

inline constexpr const char* kDefaultHub = "https://huggingface.co";

struct HubOptions {
  std::string url = kDefaultHub;  ///< http or https; the user names it, so it may be anywhere
  std::string token;  ///< sent to the hub's own scheme, host and port, and to nobody else; "" = none
  /// Follow redirects to inside addresses, other ports and plain http as well.
  bool allow_private = false;
  std::filesystem::path ca_file;  ///< whom to trust for TLS, PEM; empty = whom the system trusts
  std::string user_agent = "Troupe";
  int attempts_max = 6;                           ///< in a row that bring nothing
  std::chrono::milliseconds backoff_first{1000};  ///< doubles with each attempt, up to 30 s
  fetch::Resolver resolver;                       ///< of where the hub leads on to; empty = the system's
  fetch::ConnectOverride connect_override;        ///< a test's seam, as the fetcher's
};

/// What the hub says of a file before it is fetched.
struct RemoteFile {
  uint64_t size_bytes = 0;
  std::string identity;  ///< changes when the file does; "" = the hub doesn't say
  std::string sha256;    ///< lower-case hex; "" = the hub doesn't say
};

/// One hub. It may be anywhere, as the user names it; a redirect away from it is a stranger's address, and
/// followed through fetch::Fetcher, over https only (or as allow_private says). One that leads back to the
/// hub is a stranger's too. Thread-safety: one thread at a time. Blocks; `cancel` is looked at several times
/// a second. Errors of all calls: not_found (there is no such file), rejected (the hub wants a token, or its
/// terms accepted first), unsupported (a redirect that is not allowed, the hub's TLS), unavailable, timeout,
/// corrupt_input (an answer that makes no sense), over_limit, cancelled. Texts name the file and what to do.
class Hub {
 public:
  /// Errors: invalid_argument (the address).
  static Result<Hub> open(HubOptions options, CancelToken cancel);

  /// Asks for a byte, and hears size and checksum.
  Result<RemoteFile> look(const std::string& repository, const std::string& file);
  /// A small file's content.
  Result<std::string> text(const std::string& repository, const std::string& file, size_t size_bytes_max);

  /// One attempt at the file from byte `from`. `if_range`: the validator that on_head saw before; "" = none.
  /// The head that is told is of 200 or 206.
  struct Wanted {
    std::string repository, file;
    uint64_t from = 0;
    std::string if_range;
    std::function<Result<void>(const fetch::ApiReply& head)> on_head;
    std::function<Result<void>(ByteView)> take;
  };
  Result<void> read(const Wanted& wanted);

  /// Whether another attempt may help after this error.
  static bool may_pass(const Error& error);
  /// Waits before the next attempt after `fruitless` ones. Errors: cancelled.
  Result<void> pause(int fruitless) const;
  int attempts_max() const { return options_.attempts_max; }
  const std::string& url() const { return options_.url; }

 private:
  Hub(HubOptions options, fetch::Url origin, CancelToken cancel);

  struct Answer {
    fetch::ApiReply reply;
    std::map<std::string, std::string> linked;  ///< x-linked-…: of the hub's own answers on the way
    bool from_hub = true;                       ///< nobody else answered
  };
  // Follows redirects to who has the file. What was heard on the way is in `answer` after an error too.
  Result<void> get(const Wanted& wanted, const std::string& range, Answer& answer);
  Result<fetch::ApiReply> ask(const fetch::Url& url, const Wanted& wanted,
                              std::map<std::string, std::string> headers) const;
  Result<fetch::ApiReply> ask_guarded(const fetch::Url& url, const Wanted& wanted,
                                      std::map<std::string, std::string> headers) const;
  Result<RemoteFile> look_once(Wanted wanted);
  Error refusal(const Wanted& wanted, const fetch::ApiReply& reply) const;
  bool is_hub(const fetch::Url& url) const;

  HubOptions options_;
  fetch::Url origin_;
  CancelToken cancel_;
  std::unique_ptr<fetch::Fetcher> guarded_;
};

/// "bytes 100-199/200"; none for anything else, or an unknown total.
struct ContentRange {
  uint64_t first = 0, total = 0;
};
std::optional<ContentRange> content_range(std::string_view text);
/// A header's decimal number.
std::optional<uint64_t> header_number(std::string_view text);

}  // namespace troupe::shelf
