// From a submission to a job that can be queued: what accepting and quoting have in common. Private to
// server/.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "server/request_media.h"
#include "server/service.h"

namespace troupe::server {

inline constexpr uint64_t kSubmissionBytesMax = 110u << 20;  ///< 100 MB of data URLs and the rest

/// A request looked at from every side but its media.
struct Considered {
  GenerationSpec spec;  ///< with the library's elements in it
  api::native::QuoteAnswer answer;
  std::vector<std::string> uploads;  ///< that it names
  Money price;                       ///< what a job of it holds: nothing for a free draft
};

/// Elements, uploads, limits, price, engine, estimate, budget. `dialect`: whose names of models count first.
/// Errors: the store's; a model that isn't known, an engine or an upload that isn't there are violations.
/// `known`: violations that were found before; they come first.
Result<Considered> consider(const Service& service, const ApiKey& key, std::string_view dialect,
                            GenerationSpec spec, std::vector<catalog::Violation> known = {});

/// How a dialect reads a body: errors as of api::native::parse_submission().
using ParseSubmission =
    std::function<Result<api::Submission>(std::string_view json, std::vector<Error>* all)>;

/// A body's submission, looked at from every side but its media's content.
struct Read {
  std::string fingerprint;
  api::Submission submission;
  Considered considered;
};
/// Or the answer that says what is wrong with the body; rules of the model that are broken are in
/// `considered`. `to_keep`: the media inside are stored.
std::variant<Read, http::Response> read_submission(const Service& service, Asked& asked,
                                                   std::string_view dialect, const ParseSubmission& parse,
                                                   bool to_keep);
/// The same of a body that was read before.
std::variant<Read, http::Response> read_submission(const Service& service, Asked& asked,
                                                   std::string_view dialect, const ParseSubmission& parse,
                                                   RequestText text);

/// Who pays for a job made of `old`: of an administrator too, it is the account that `old` belongs to, with
/// its uploads and its budget. None: its key is gone. Errors: the store's.
Result<std::optional<ApiKey>> payer_of(const Service& service, const Asked& asked, const Job& old);

/// The job of a considered request without violations.
jobs::NewJob new_job(const Service& service, const ApiKey& key, std::string_view dialect,
                     const Considered& considered, const api::Submission& submission);

/// Queues it, or says why not: 402 … 429. `fingerprint`: of all that was asked, for the idempotency key of
/// the request, if it has one.
std::variant<jobs::Submitted, http::Response> queue_job(const Service& service, Asked& asked,
                                                        jobs::NewJob job, std::string_view fingerprint);

/// All of it: from a body to a queued job, or to the answer that says why there is none.
struct Accepted {
  jobs::Submitted submitted;
  std::vector<std::string> ignored;  ///< as in api::Submission
};
std::variant<Accepted, http::Response> accept(const Service& service, Asked& asked, std::string_view dialect,
                                              const ParseSubmission& parse);
std::variant<Accepted, http::Response> accept(const Service& service, Asked& asked, std::string_view dialect,
                                              Read read);

/// Answers by `tell` when the job is at rest (final or parked), at the latest after `wait`.
http::Response when_at_rest(const Service& service, const Job& job, std::chrono::seconds wait,
                            std::function<http::Response(const Job&)> tell);

/// How a job is told to the caller.
struct JobAnswer {
  int status = 200;
  std::chrono::seconds wait{0};  ///< for its end: see wait_asked()
  http::Headers headers;
  std::optional<api::native::CarryOver> carried;  ///< of a promotion: told with the job
};
/// The answer now, or when the job has ended, or when the time is up.
http::Response tell(const Service& service, const Job& job, JobAnswer answer);

/// "Prefer: wait=N" or "?wait=N": how long the answer may wait for the job's end, at most kWaitMax; 0 = not
/// at all.
inline constexpr std::chrono::seconds kWaitMax{60};
std::chrono::seconds wait_asked(const http::Request& request);

/// Queues a job and answers: 202 with Location, 200 for a replay, 402 … 429 for a refusal.
http::Response answer_queued(const Service& service, Asked& asked, jobs::NewJob job,
                             std::string_view fingerprint,
                             std::optional<api::native::CarryOver> carried = {});

/// For a body that has the spec's own fields.
api::FieldMap same_fields();

/// Says in a header which fields of the request had no meaning.
void name_ignored(http::Response& response, const std::vector<std::string>& ignored);

/// 400 with every violation, in the words of the body.
http::Response refuse(const http::Request& request, const std::vector<catalog::Violation>& violations,
                      const api::FieldMap& fields);

}  // namespace troupe::server
