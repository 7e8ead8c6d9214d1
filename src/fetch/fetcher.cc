#include "fetch/fetcher.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "fetch/header_fields.h"
#include "fetch/lookup.h"
#include "fetch/transfer.h"

namespace troupe::fetch {
namespace {

using Clock = std::chrono::steady_clock;
using Take = std::function<Result<void>(ByteView)>;

bool is_success(int status) { return status >= 200 && status < 300; }

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The same words for a name that leads inside and for one that leads nowhere: who asks does not learn which
// names are known inside.
Error no_public_address(const std::string& host) {
  return make_error(
      ErrorCode::unsupported,
      host + " has no address on the public internet: check the name; others are not fetched from");
}

bool is_proxy_named() {
  constexpr const char* kNames[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
  return std::any_of(std::begin(kNames), std::end(kNames), [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

// A regular file that is there only if keep() was called.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path path) : path_(std::move(path)) {
    // O_NONBLOCK: opening a pipe would wait for its reader.
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
    open_error_ = descriptor_ < 0 ? errno : 0;
    struct stat status {};
    is_regular_ = descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  }
  ~NewFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (is_regular_ && !kept_) ::unlink(path_.c_str());
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  Result<void> empty() {
    if (descriptor_ < 0) return error(open_error_);
    if (!is_regular_) return make_error(ErrorCode::io, path_.string() + " is not a regular file");
    return ::ftruncate(descriptor_, 0) == 0 ? Result<void>() : error(errno);
  }
  Result<void> write(ByteView bytes) {
    while (!bytes.empty()) {
      const ssize_t done = ::write(descriptor_, bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return error(errno);
      bytes = bytes.subspan(static_cast<size_t>(done));
    }
    return {};
  }
  void keep() { kept_ = true; }

 private:
  Result<void> error(int number) const {
    const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
    return make_error(full ? ErrorCode::unavailable : ErrorCode::io,
                      "cannot write " + path_.string() + ": " + std::strerror(number));
  }

  std::filesystem::path path_;
  int descriptor_ = -1, open_error_ = 0;
  bool is_regular_ = false, kept_ = false;
};

}  // namespace

struct Fetcher::State {
  FetchOptions options;
  LookupThreads threads;

  Result<void> check_allowed(const Url& url) const;
  Result<Address> vet(const Url& url, Clock::time_point deadline, const CancelToken& cancel);
  Result<Exchange> prepare(const Url& url, const FetchLimits& limits, Clock::time_point deadline,
                           const CancelToken& cancel);
  Result<HttpReply> follow(std::string_view text, const FetchLimits& limits, const CancelToken& cancel,
                           const Take& take);
};

Result<void> Fetcher::State::check_allowed(const Url& url) const {
  if (url.scheme == "http" && !options.allow_http) {
    return make_error(ErrorCode::unsupported, "plain http is not allowed here; use https");
  }
  if (!options.allow_private && url.port != 80 && url.port != 443) {
    return make_error(ErrorCode::unsupported,
                      "port " + std::to_string(url.port) + " is not allowed; only 80 and 443 are");
  }
  return {};
}

// The address to connect to: the first, once all are found to be allowed.
Result<Address> Fetcher::State::vet(const Url& url, Clock::time_point deadline, const CancelToken& cancel) {
  TROUPE_CHECK_OK(check_allowed(url));
  Result<std::vector<Address>> addresses(std::vector<Address>{});
  if (url.host_is_address) {
    const auto address = parse_address(url.host);
    if (address) addresses->push_back(*address);
  } else {
    const auto wait = std::min(deadline, Clock::now() + kLookupWait);
    addresses = threads.run(options.resolver ? options.resolver : Resolver(look_up), url.host, wait, cancel);
  }
  const bool missing = addresses ? addresses->empty() : addresses.error().code == ErrorCode::not_found;
  if (!options.allow_private &&
      (missing || (addresses && !std::all_of(addresses->begin(), addresses->end(), is_public)))) {
    return no_public_address(url.host);
  }
  if (missing) return make_error(ErrorCode::not_found, "there is no host named " + url.host);
  if (!addresses) return addresses.error();
  return addresses->front();
}

Result<Exchange> Fetcher::State::prepare(const Url& url, const FetchLimits& limits,
                                         Clock::time_point deadline, const CancelToken& cancel) {
  if (cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
  if (!is_header_value(options.user_agent)) {
    return make_error(ErrorCode::invalid_argument, "the user agent holds a control character");
  }
  Exchange exchange;
  TROUPE_TRY(exchange.address, vet(url, deadline, cancel));
  exchange.url = url;
  exchange.user_agent = options.user_agent;
  exchange.ca_file = options.ca_file;
  exchange.deadline = deadline;
  exchange.limits = &limits;
  exchange.cancel = cancel;
  exchange.connect_override = options.connect_override;
  exchange.use_proxies = options.use_proxies && url.scheme == "https" && is_proxy_named();
  return exchange;
}

namespace {

Error status_error(const Url& url, int status) {
  const bool gone = status == 404 || status == 410;
  return make_error(gone ? ErrorCode::not_found : ErrorCode::unavailable,
                    url.host + " answered with status " + std::to_string(status));
}

Result<Url> next_hop(const Url& url, const ReplyHead& head) {
  const auto location = head.headers.find("location");
  if (location == head.headers.end()) return status_error(url, head.status);
  TROUPE_TRY(Url next, resolve_redirect(url, location->second));
  if (url.scheme == "https" && next.scheme == "http") {
    return make_error(ErrorCode::unsupported, url.host + " leads on from https to plain http");
  }
  return next;
}

}  // namespace

Result<HttpReply> Fetcher::State::follow(std::string_view text, const FetchLimits& limits,
                                         const CancelToken& cancel, const Take& take) {
  const auto deadline = Clock::now() + limits.total;
  TROUPE_TRY(Url url, parse_url(text));
  for (int redirects = 0; redirects <= limits.redirects_max; ++redirects) {
    TROUPE_TRY(Exchange hop, prepare(url, limits, deadline, cancel));
    hop.wants_body = is_success;
    hop.take = take;
    TROUPE_TRY(ReplyHead head, exchange(hop));
    if (is_success(head.status)) return HttpReply{head.status, std::move(head.headers), {}, std::move(url)};
    if (!is_redirect(head.status)) return status_error(url, head.status);
    TROUPE_TRY(url, next_hop(url, head));
  }
  return make_error(ErrorCode::over_limit,
                    "more than " + std::to_string(limits.redirects_max) + " redirects; give the final URL");
}

Fetcher::Fetcher(FetchOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
}
Fetcher::~Fetcher() = default;

Result<HttpReply> Fetcher::get(std::string_view url, const FetchLimits& limits, const CancelToken& cancel) {
  Bytes body;
  TROUPE_TRY(HttpReply reply, state_->follow(url, limits, cancel, [&](ByteView bytes) -> Result<void> {
    body.insert(body.end(), bytes.begin(), bytes.end());
    return {};
  }));
  reply.body = std::move(body);
  return reply;
}

Result<HttpReply> Fetcher::get_to_file(std::string_view url, const std::filesystem::path& file,
                                       const FetchLimits& limits, const CancelToken& cancel) {
  NewFile target(file);
  TROUPE_CHECK_OK(target.empty());
  TROUPE_TRY(HttpReply reply,
             state_->follow(url, limits, cancel, [&](ByteView bytes) { return target.write(bytes); }));
  target.keep();
  return reply;
}

Result<HttpReply> Fetcher::stream(const StreamRequest& request, const FetchLimits& limits,
                                  const CancelToken& cancel) {
  TROUPE_TRY(Url url, parse_url(request.url));
  TROUPE_CHECK_OK(check_headers(request.headers));
  TROUPE_TRY(Exchange hop, state_->prepare(url, limits, Clock::now() + limits.total, cancel));
  hop.headers = request.headers;
  hop.wants_body = is_success;
  hop.on_head = [&](const ReplyHead& head) {
    return request.on_head ? request.on_head(HttpReply{head.status, head.headers, {}, url}) : Result<void>();
  };
  hop.take = [&](ByteView bytes) { return request.take ? request.take(bytes) : Result<void>(); };
  TROUPE_TRY(ReplyHead head, exchange(hop));
  return HttpReply{head.status, std::move(head.headers), {}, std::move(url)};
}

Result<HttpReply> Fetcher::post(std::string_view url, const std::map<std::string, std::string>& headers,
                                ByteView body, const FetchLimits& limits, const CancelToken& cancel) {
  TROUPE_TRY(Url target, parse_url(url));
  TROUPE_CHECK_OK(check_headers(headers));
  TROUPE_TRY(Exchange request, state_->prepare(target, limits, Clock::now() + limits.total, cancel));
  request.headers = headers;
  request.post_body = body;
  request.wants_body = [](int) { return true; };
  HttpReply reply;
  request.take = [&](ByteView bytes) -> Result<void> {
    reply.body.insert(reply.body.end(), bytes.begin(), bytes.end());
    return {};
  };
  TROUPE_TRY(ReplyHead head, exchange(request));
  reply.status = head.status;
  reply.headers = std::move(head.headers);
  reply.url = std::move(target);
  return reply;
}

}  // namespace troupe::fetch
