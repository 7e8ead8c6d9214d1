// One server, spoken to over its HTTP API: whom to ask, with which key, and when to ask again.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "fetch/api_client.h"

namespace troupe::cli::remote {

inline constexpr int kAttemptsMax = 5;                          ///< of one request
inline constexpr std::chrono::seconds kRetryAfterMax{60};       ///< who asks for more is not waited for
inline constexpr std::chrono::milliseconds kBackOffFirst{500};  ///< doubled from attempt to attempt

/// What a server says when it does not do what was asked (RFC 9457), in texts that a terminal may show.
struct Problem {
  int status = 0;
  std::string code;    ///< "invalid_request", "over_budget" …; "" if it is not one of Troupe's answers
  std::string detail;  ///< a sentence
  std::vector<catalog::Violation> errors;  ///< fields as the server names them: "/spec/duration"
};

/// What came of a call: JSON (null for an empty answer), or a problem.
struct Answer {
  int status = 0;
  std::string text;     ///< the JSON as it came
  nlohmann::json json;  ///< never trusted: any value may stand anywhere
  std::optional<Problem> problem;
};

struct Call {
  std::string method = "GET";
  std::string target;  ///< "/v1/jobs?limit=20"
  std::map<std::string, std::string> headers;
  std::variant<std::monostate, std::string, fetch::FilePart> body;
  std::function<void(uint64_t size_bytes)> sent;
};

/// Waits, or returns cancelled. A test puts its own in.
using Pause = std::function<Result<void>(std::chrono::milliseconds, const CancelToken&)>;
Result<void> wait_for(std::chrono::milliseconds time, const CancelToken& cancel);

struct SessionOptions {
  std::string server;  ///< "http://host:port", without a slash at the end
  std::string key;     ///< "" = none is sent
  CancelToken cancel;
  Pause pause = wait_for;
  std::function<void(const std::string&)> say;  ///< told when something is waited for; may be empty
};

/// Blocks; `cancel` is looked at several times a second. Thread-safety: one thread at a time.
class Session {
 public:
  explicit Session(SessionOptions options) : options_(std::move(options)) {}

  /// One request and its answer. What may pass is tried again, kAttemptsMax times in all: a connection that
  /// breaks off, 502, 504, and 429 or 503 after the time that Retry-After asks for. So every call must be one
  /// that does no harm twice. Errors: those of fetch::call_api(); corrupt_input (a 2xx that is no JSON).
  Result<Answer> ask(const Call& call);

  /// The request of `call` with server, key and cancel, for who reads the answer as it comes; one attempt.
  fetch::ApiRequest request(const Call& call) const;
  /// Reads what came. Errors: as ask().
  Result<Answer> answer_of(const fetch::ApiReply& reply) const;
  /// How long to wait before the same is asked again after `attempt` (from 1) ended so; none = don't.
  std::optional<std::chrono::milliseconds> patience(const Result<fetch::ApiReply>& outcome,
                                                    int attempt) const;
  /// Waits. Errors: cancelled.
  Result<void> pause(std::chrono::milliseconds time) const { return options_.pause(time, options_.cancel); }

  const SessionOptions& options() const { return options_; }
  /// Whether ask() has had an answer, of whatever kind: the server is there, or was.
  bool has_answered() const { return has_answered_; }

 private:
  const SessionOptions options_;
  bool has_answered_ = false;
};

/// `value` as it may stand in a query.
std::string in_query(std::string_view value);

}  // namespace troupe::cli::remote
