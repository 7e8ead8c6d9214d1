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
constexpr uint16_t kHttpsPort = 443;

// Ends a transfer whose head was all that was wanted; never seen by callers.
const Error kEnough{ErrorCode::conflict, "enough", ""};

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

bool Hub::is_hub(const fetch::Url& url) const {
  return url.scheme == origin_.scheme && url.host == origin_.host && url.port == origin_.port;
}

Result<void> Hub::check_redirect(const fetch::Url& from, const fetch::Url& to) const {
  if (is_hub(to) || options_.allow_private) return {};
  const auto refuse = [&](const std::string& why) {
    return make_error(ErrorCode::unsupported, from.host + " leads on to " + to.host + ", " + why +
                                                  ": that is followed only with --allow-private-urls.");
  };
  if (to.scheme != "https") return refuse("without TLS");
  if (to.port != kHttpsPort) return refuse("port " + std::to_string(to.port));
  std::vector<fetch::Address> addresses;
  if (const auto literal = to.host_is_address ? fetch::parse_address(to.host) : std::nullopt) {
    addresses.push_back(*literal);
  } else {
    const fetch::Resolver resolver = options_.resolver ? options_.resolver : fetch::system_resolver();
    const auto found = resolver(to.host);
    if (!found)
      return make_error(
          ErrorCode::unavailable,
          to.host + ", where the hub leads on to, can't be looked up: " + found.error().message);
    addresses = *found;
  }
  const bool inside = addresses.empty() || !std::all_of(addresses.begin(), addresses.end(), fetch::is_public);
  return inside ? Result<void>(refuse("which is no public address")) : Result<void>();
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
                                 const std::string& range) const {
  fetch::ApiRequest request;
  request.url = print(url);
  request.user_agent = options_.user_agent;
  request.ca_file = options_.ca_file;
  request.cancel = cancel_;
  request.limits.size_bytes_max = fetch::kNoBound;
  request.headers["Range"] = range;
  if (!wanted.if_range.empty()) request.headers["If-Range"] = wanted.if_range;
  if (is_hub(url) && !options_.token.empty()) request.headers["Authorization"] = "Bearer " + options_.token;
  request.on_head = wanted.on_head;
  request.take = wanted.take;
  Result<fetch::ApiReply> reply = fetch::call_api(request);
  if (reply || reply.error().code != ErrorCode::not_found) return reply;
  return make_error(ErrorCode::unavailable,
                    "can't be reached: " + reply.error().message);  // nobody was there
}

Result<void> Hub::get(const Wanted& wanted, const std::string& range, Answer& answer) {
  TROUPE_TRY(fetch::Url url,
             fetch::parse_url(options_.url + "/" + wanted.repository + "/resolve/main/" + wanted.file));
  for (int redirects = 0; redirects <= kRedirectsMax; ++redirects) {
    answer.from_hub = answer.from_hub && is_hub(url);
    TROUPE_TRY(answer.reply, ask(url, wanted, range));
    if (!is_redirect(answer.reply.status)) return {};
    if (is_hub(url)) {
      for (const auto& [header, value] : answer.reply.headers)
        if (header.starts_with("x-linked-")) answer.linked[header] = value;
    }
    TROUPE_TRY(fetch::Url next, fetch::resolve_redirect(url, answer.reply.header("location")));
    TROUPE_CHECK_OK(check_redirect(url, next));
    url = std::move(next);
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
