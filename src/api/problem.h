// Why a request is refused, in words that every dialect puts into its own form.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/submission.h"
#include "base/result.h"
#include "catalog/catalog.h"

namespace troupe::api {

struct Problem {
  int status = 500;        ///< as the native dialect gives it; others may have their own
  std::string code;        ///< "invalid_request", "over_budget", "queue_full", "not_found" …
  std::string title;       ///< a few words
  std::string detail;      ///< a sentence
  bool retryable = false;  ///< the same request may succeed later
  std::vector<catalog::Violation> errors;  ///< fields are pointers into the caller's body
  std::string request_id;
};

/// Every problem that there is.
struct ProblemKind {
  std::string_view code;
  int status;
  std::string_view title;
  bool retryable;  ///< the same request may succeed later
};
std::span<const ProblemKind> problem_kinds();
/// A problem of a known kind. REQUIRES a code of problem_kinds().
Problem make_problem(std::string_view code, std::string detail);

/// The problem that an error is: invalid_argument 400, not_found 404, conflict 409, over_limit 413,
/// corrupt_input and unsupported 422, unavailable 503, timeout 504; of a provider's words no_credit 402,
/// moderated and rejected 422, unknown_outcome 424, which no client repeats by itself; everything else 500
/// (without its text: it may tell of the inside).
Problem problem_of(const Error& error);
/// All of a body's errors as one problem: its status is the first's. REQUIRES at least one.
Problem problem_of(std::span<const Error> errors);
/// Rules of the model that a spec breaks: 400, each with its fix.
Problem problem_of(std::span<const catalog::Violation> violations, const FieldMap& fields);

/// An answer of a dialect.
struct Answer {
  int status = 200;
  std::string json;
};

}  // namespace troupe::api
