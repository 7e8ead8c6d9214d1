#include "engine/shelf/hub.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "core/short_text.h"

namespace troupe::shelf {
namespace {

using std::chrono::milliseconds;

constexpr int kRedirectsMax = 5;
constexpr milliseconds kBackoffMax{30000};
constexpr milliseconds kLook{50};
constexpr int kDoublingsMax = 10;
constexpr size_t kSha256Digits = 64;

// A file may take as long as it comes, up to this.
constexpr std::chrono::hours kTransferMax{7 * 24};
constexpr std::chrono::seconds kSilenceMax{60};

// Ends a transfer whose head was all that was wanted; never seen by callers.
const Error kEnough{ErrorCode::conflict, "enough", ""};

fetch::FetchLimits transfer_limits() {
  fetch::FetchLimits limits;
  limits.first_byte = kSilenceMax;
  limits.total = kTransferMax;
  limits.bytes_per_second_min = 1;
  limits.speed_window = kSilenceMax;
  limits.size_bytes_max = fetch::kNoBound;  // who takes the bytes knows how many there are
  return limits;
}

std::string unquoted(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return std::string(etag);
}

bool is_sha256_text(std::string_view text) {
  return text.size() == kSha256Digits &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string value_of(const std::map<std::string, std::string>& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? "" : found->second;
}

}  // namespace

std::optional<uint64_t> header_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<ContentRange> content_range(std::string_view text) {
  constexpr std::string_view kUnit = "bytes ";
  const size_t dash = text.find('-'), slash = text.find('/');
  if (!text.starts_with(kUnit) || dash == std::string_view::npos || slash == std::string_view::npos ||
      slash < dash || dash < kUnit.size())
    return std::nullopt;
  const auto first = header_number(text.substr(kUnit.size(), dash - kUnit.size()));
  const auto last = header_number(text.substr(dash + 1, slash - dash - 1));
  const auto total = header_number(text.substr(slash + 1));
  if (!first || !last || !total || *first > *last || *last >= *total) return std::nullopt;
  return ContentRange{*first, *total};
}

Result<Hub> Hub::open(HubOptions options, CancelToken cancel) {
  while (options.url.ends_with('/')) options.url.pop_back();
  const Result<fetch::Url> url = fetch::parse_url(options.url + "/");
  if (!url)
    return make_error(
        ErrorCode::invalid_argument,
        "the hub's address " + troupe::quoted(options.url) + " can't be used: " + url.error().message, "hub");
  return Hub(std::move(options), *url, std::move(cancel));
}

Hub::Hub(HubOptions options, fetch::Url origin, CancelToken cancel)
    : options_(std::move(options)), origin_(std::move(origin)), cancel_(std::move(cancel)) {
  fetch::FetchOptions guard;
  guard.resolver = options_.resolver;
  guard.allow_http = false;
  guard.user_agent = options_.user_agent;
  guard.ca_file = options_.ca_file;
  guard.use_proxies = true;
  guard.connect_override = options_.connect_override;
  guarded_ = std::make_unique<fetch::Fetcher>(std::move(guard));
}

bool Hub::is_hub(const fetch::Url& url) const {
  return url.scheme == origin_.scheme && url.host == origin_.host && url.port == origin_.port;
}

Error Hub::refusal(const Wanted& wanted, const fetch::ApiReply& reply) const {
  const std::string what = wanted.repository + "/" + wanted.file;
  const std::string page = options_.url + "/" + wanted.repository;
  const std::string said =
      options_.url + " answers with status " + std::to_string(reply.status) + " for " + what;
  switch (reply.status) {
    case 401:
      return make_error(ErrorCode::rejected,
                        said + ": it wants a token, or has nothing of that name. Look at " + page +
                            " and set TROUPE_HUB_TOKEN to a token of your account.");
    case 403:
      return make_error(ErrorCode::rejected,
                        said + ": it is only for who has accepted its terms. Accept them at " + page +
                            " and set TROUPE_HUB_TOKEN to a token of that account.");
    case 404:
    case 410:
      return make_error(ErrorCode::not_found,
                        said +
                            ": the file is not there. If its authors have moved it, fetch it "
                            "yourself and use \"troupe weights add\".");
    default:
      return make_error(
          reply.status == 429 || reply.status >= 500 ? ErrorCode::unavailable : ErrorCode::corrupt_input,
          said + ".");
  }
}

Result<fetch::ApiReply> Hub::ask(const fetch::Url& url, const Wanted& wanted,
                                 std::map<std::string, std::string> headers) const {
  fetch::ApiRequest request;
  request.url = print(url);
  request.user_agent = options_.user_agent;
  request.ca_file = options_.ca_file;
  request.cancel = cancel_;
  request.limits.size_bytes_max = fetch::kNoBound;
  request.headers = std::move(headers);
  request.on_head = wanted.on_head;
  request.take = wanted.take;
  Result<fetch::ApiReply> reply = fetch::call_api(request);
  if (reply || reply.error().code != ErrorCode::not_found) return reply;
  return make_error(ErrorCode::unavailable,
                    "can't be reached: " + reply.error().message);  // nobody was there
}

Result<fetch::ApiReply> Hub::ask_guarded(const fetch::Url& url, const Wanted& wanted,
                                         std::map<std::string, std::string> headers) const {
  fetch::StreamRequest request{print(url), std::move(headers), {}, wanted.take};
  request.on_head = [&](const fetch::HttpReply& head) {
    return wanted.on_head ? wanted.on_head({head.status, head.headers, ""}) : Result<void>();
  };
  Result<fetch::HttpReply> reply = guarded_->stream(request, transfer_limits(), cancel_);
  if (reply) return fetch::ApiReply{reply->status, std::move(reply->headers), ""};
  if (reply.error().code != ErrorCode::unsupported) return reply.error();
  return make_error(ErrorCode::unsupported, options_.url + " leads on to " + url.host + ":" +
                                                std::to_string(url.port) + ": " + reply.error().message +
                                                ". It is followed there only with --allow-private-urls.");
}

Result<void> Hub::get(const Wanted& wanted, const std::string& range, Answer& answer) {
  TROUPE_TRY(fetch::Url url,
             fetch::parse_url(options_.url + "/" + wanted.repository + "/resolve/main/" + wanted.file));
  std::map<std::string, std::string> headers{{"Range", range}};
  if (!wanted.if_range.empty()) headers["If-Range"] = wanted.if_range;
  for (int redirects = 0; redirects <= kRedirectsMax; ++redirects) {
    answer.from_hub = answer.from_hub && is_hub(url);
    auto own = headers;
    if (answer.from_hub && !options_.token.empty()) own["Authorization"] = "Bearer " + options_.token;
    const bool open = answer.from_hub || options_.allow_private;
    TROUPE_TRY(answer.reply,
               open ? ask(url, wanted, std::move(own)) : ask_guarded(url, wanted, std::move(own)));
    if (!is_redirect(answer.reply.status)) return {};
    if (answer.from_hub) {
      for (const auto& [header, value] : answer.reply.headers)
        if (header.starts_with("x-linked-")) answer.linked[header] = value;
    }
    TROUPE_TRY(url, fetch::resolve_redirect(url, answer.reply.header("location")));
  }
  return make_error(ErrorCode::over_limit,
                    options_.url + " leads on again and again for " + wanted.file + ".");
}

Result<RemoteFile> Hub::look_once(Wanted wanted) {
  fetch::ApiReply head;
  wanted.on_head = [&](const fetch::ApiReply& reply) -> Result<void> {
    head = reply;
    return kEnough;
  };
  Answer answer;
  const Result<void> asked = get(wanted, "bytes=0-0", answer);
  if (asked) return refusal(wanted, answer.reply);
  if (asked.error() != kEnough) return asked.error();
  if (answer.from_hub) answer.linked.insert(head.headers.begin(), head.headers.end());
  RemoteFile file;
  auto size = header_number(value_of(answer.linked, "x-linked-size"));
  if (!size && head.status == 206) {
    if (const auto range = content_range(head.header("content-range"))) size = range->total;
  } else if (!size) {
    size = header_number(head.header("content-length"));
  }
  if (!size)
    return make_error(ErrorCode::corrupt_input,
                      options_.url + " does not say how large " + wanted.file + " is.");
  file.size_bytes = size.value_or(0);
  file.identity = unquoted(value_of(answer.linked, "x-linked-etag"));
  if (file.identity.empty()) file.identity = unquoted(value_of(answer.linked, "etag"));
  if (is_sha256_text(file.identity)) file.sha256 = lower_ascii(file.identity);
  if (file.identity.empty()) file.identity = unquoted(head.header("etag"));
  return file;
}

Result<RemoteFile> Hub::look(const std::string& repository, const std::string& file) {
  Wanted wanted{repository, file, 0, "", {}, {}};
  for (int fruitless = 0;; ++fruitless) {
    Result<RemoteFile> found = look_once(wanted);
    if (found || !may_pass(found.error()) || fruitless + 1 >= options_.attempts_max) return found;
    TROUPE_CHECK_OK(pause(fruitless + 1));
  }
}

Result<std::string> Hub::text(const std::string& repository, const std::string& file, size_t size_bytes_max) {
  for (int fruitless = 0;; ++fruitless) {
    std::string text;
    Wanted wanted{repository, file, 0, "", {}, {}};
    wanted.on_head = [&](const fetch::ApiReply&) -> Result<void> {
      text.clear();
      return {};
    };
    wanted.take = [&](ByteView bytes) -> Result<void> {
      if (bytes.size() > size_bytes_max - text.size())
        return make_error(ErrorCode::over_limit, file + " is larger than any real one.");
      text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      return {};
    };
    const Result<void> done = read(wanted);
    if (done) return text;
    if (!may_pass(done.error()) || fruitless + 1 >= options_.attempts_max) return done.error();
    TROUPE_CHECK_OK(pause(fruitless + 1));
  }
}

Result<void> Hub::read(const Wanted& wanted) {
  Answer answer;
  TROUPE_CHECK_OK(get(wanted, "bytes=" + std::to_string(wanted.from) + "-", answer));
  if (answer.reply.status >= 200 && answer.reply.status < 300) return {};
  return refusal(wanted, answer.reply);
}

bool Hub::may_pass(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout;
}

Result<void> Hub::pause(int fruitless) const {
  const milliseconds wait = std::min(
      kBackoffMax, options_.backoff_first * (1 << std::min(std::max(fruitless - 1, 0), kDoublingsMax)));
  const auto end = std::chrono::steady_clock::now() + wait;
  while (!cancel_.cancelled()) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left.count() <= 0) return {};
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kLook));
  }
  return make_error(ErrorCode::cancelled, "cancelled");
}

}  // namespace troupe::shelf
