// From a submission to a job that can be queued: what accepting and quoting have in common. Private to
// server/.
#pragma once

#include <string>
#include <vector>

#include "server/service.h"

namespace troupe::server {

/// A request looked at from every side but its media.
struct Considered {
  GenerationSpec spec;  ///< with the library's elements in it
  api::native::QuoteAnswer answer;
  std::vector<std::string> uploads;  ///< that it names
  Money price;                       ///< what a job of it holds: nothing for a free draft
};

/// Elements, uploads, limits, price, engine, estimate, budget. Errors: the store's; a model that isn't known,
/// an engine or an upload that isn't there are violations.
/// `known`: violations that were found before; they come first.
Result<Considered> consider(const Service& service, const ApiKey& key, GenerationSpec spec,
                            std::vector<catalog::Violation> known = {});

/// The job of a considered request without violations.
jobs::NewJob new_job(const Service& service, const ApiKey& key, const Considered& considered,
                     const api::native::Submission& submission);

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

/// Queues it and answers: 202 with Location, 200 for a replay, 402 … 429 for a refusal.
/// `fingerprint`: of all that was asked, for the idempotency key of the request's header, if it has one.
http::Response accept(const Service& service, Asked& asked, jobs::NewJob job, std::string_view fingerprint,
                      std::optional<api::native::CarryOver> carried = {});

/// 400 with every violation; their fields are put behind `pointer`.
http::Response refuse(const http::Request& request, const std::vector<catalog::Violation>& violations,
                      const std::string& pointer = "");

}  // namespace troupe::server
