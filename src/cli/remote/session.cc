#include "cli/remote/session.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "base/version.h"
#include "cli/remote/json_values.h"
#include "cli/remote/plain_text.h"
#include "core/json_document.h"

namespace troupe::cli::remote {
namespace {

using std::chrono::milliseconds;

constexpr size_t kAnswerBytesMax = 32 << 20;
constexpr int kAnswerDepthMax = 64;
constexpr size_t kProblemErrorsMax = 200;
constexpr milliseconds kLook{50};  // how often a wait looks whether it is still wanted

Problem problem_of(const fetch::ApiReply& reply, const std::string& server) {
  Problem problem;
  problem.status = reply.status;
  const JsonDocument document = parse_json(reply.body, fetch::kRefusalBytesMax, kAnswerDepthMax);
  if (document.errors.empty()) {
    problem.code = text_at(document.root, "code");
    problem.detail = text_at(document.root, "detail");
    for (const auto& error : list_at(document.root, "errors")) {
      if (!error.is_object() || problem.errors.size() >= kProblemErrorsMax) continue;
      problem.errors.push_back({text_at(error, "pointer"), text_at(error, "code"), text_at(error, "detail"),
                                text_at(error, "fix")});
    }
  }
  if (!problem.detail.empty()) return problem;
  problem.detail = server + " answers with status " + std::to_string(reply.status);
  const std::string location = plain(reply.header("location"));
  problem.detail += location.empty() ? ", not as a Troupe server would: is the address right?"
                                     : " and leads on to " + location + ": name that server instead.";
  return problem;
}

std::optional<milliseconds> retry_after(const fetch::ApiReply& reply) {
  const std::string_view text = reply.header("retry-after");
  uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

Result<void> wait_for(milliseconds time, const CancelToken& cancel) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!cancel.cancelled()) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left.count() <= 0) return {};
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kLook));
  }
  return make_error(ErrorCode::cancelled, "cancelled");
}

fetch::ApiRequest Session::request(const Call& call) const {
  fetch::ApiRequest request;
  request.method = call.method;
  request.url = options_.server + call.target;
  request.headers = call.headers;
  if (!options_.key.empty()) request.headers["Authorization"] = "Bearer " + options_.key;
  request.body = call.body;
  request.user_agent = "troupe-cli/" + std::string(version());
  request.limits.size_bytes_max = kAnswerBytesMax;
  request.cancel = options_.cancel;
  request.sent = call.sent;
  return request;
}

Result<Answer> Session::answer_of(const fetch::ApiReply& reply) const {
  Answer answer{reply.status, reply.body, {}, {}};
  if (reply.status < 200 || reply.status >= 300) {
    answer.problem = problem_of(reply, options_.server);
    return answer;
  }
  if (reply.body.empty()) return answer;
  JsonDocument document = parse_json(reply.body, kAnswerBytesMax, kAnswerDepthMax);
  if (!document.errors.empty()) {
    return make_error(ErrorCode::corrupt_input,
                      options_.server + " does not answer as a Troupe server would: is the address right?");
  }
  answer.json = std::move(document.root);
  return answer;
}

std::optional<milliseconds> Session::patience(const Result<fetch::ApiReply>& outcome, int attempt) const {
  const milliseconds usual = kBackOffFirst * (1 << std::min(attempt - 1, 5));
  if (attempt >= kAttemptsMax) return std::nullopt;
  if (!outcome) {
    const ErrorCode code = outcome.error().code;
    const bool may_pass = code == ErrorCode::unavailable || code == ErrorCode::timeout;
    return may_pass ? std::optional(usual) : std::nullopt;
  }
  if (outcome->status == 502 || outcome->status == 504) return usual;
  if (outcome->status != 429 && outcome->status != 503) return std::nullopt;
  const milliseconds asked = retry_after(*outcome).value_or(usual);
  return asked <= kRetryAfterMax ? std::optional(asked) : std::nullopt;
}

Result<Answer> Session::ask(const Call& call) {
  for (int attempt = 1;; ++attempt) {
    const Result<fetch::ApiReply> reply = fetch::call_api(request(call));
    has_answered_ = has_answered_ || reply.has_value();
    const std::optional<milliseconds> wait = patience(reply, attempt);
    if (!wait) {
      if (!reply) return reply.error();
      return answer_of(*reply);
    }
    if (options_.say) {
      const std::string why = reply ? problem_of(*reply, options_.server).detail : reply.error().message;
      options_.say(why + " Trying again.");
    }
    TROUPE_CHECK_OK(pause(*wait));
  }
}

std::string in_query(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool safe = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '-' || c == '.' || c == '_' || c == '~';
    if (safe) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += "0123456789ABCDEF"[byte >> 4];
      out += "0123456789ABCDEF"[byte & 15];
    }
  }
  return out;
}

}  // namespace troupe::cli::remote
