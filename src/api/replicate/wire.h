// The dialect of Replicate's predictions, below /v1: bytes to values and values to bytes. Pure functions;
// errors and thread-safety as api/native/wire.h. Source: npm replicate 1.4.0 and Replicate's HTTP reference.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "core/job.h"
#include "core/library.h"

namespace troupe::api::replicate {

inline constexpr std::string_view kDialect = "replicate";

/// POST /models/{owner}/{name}/predictions (`model` "owner/name") and /predictions ("" : the body names it).
/// A model is found by its name, whoever is said to own it.
Result<Submission> parse_prediction(std::string_view json, std::string_view model,
                                    std::vector<Error>* all = nullptr);

struct Prediction {
  const Job& job;
  std::string base_url;
  std::vector<std::string> output;  ///< addresses or data URLs of its videos
  bool starting = false;   ///< say "starting" while it runs: the answer to a wait, whose clients take every
                           ///< other state for the end
  std::string model = {};  ///< as it is called there; "" = the job's own
};
std::string print_prediction(const Prediction& prediction);
std::string print_predictions(const std::vector<Prediction>& predictions, const std::string& next_url);
/// GET /webhooks/default/secret.
std::string print_secret(const std::string& secret);

/// A file that inputs may name: POST /files and GET /files/{id}. `address`: how they name it.
std::string print_file(const Upload& file, const std::string& address);

/// {"title", "detail", "status", "invalid_fields"}
Answer print_problem(const Problem& problem);

}  // namespace troupe::api::replicate
