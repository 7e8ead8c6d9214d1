// The dialect of Venice's video API, below /api/v1: bytes to values and values to bytes. Pure functions;
// errors and thread-safety as api/native/wire.h. Source: Venice's API reference (swagger of 2026-08-21) and
// its reference-to-video guide, whose field names differ: both are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "core/job.h"

namespace troupe::api::venice {

inline constexpr std::string_view kDialect = "venice";

/// POST /video/queue.
Result<Submission> parse_queue(std::string_view json, std::vector<Error>* all = nullptr);
/// POST /video/quote: what of a request decides its price; nothing else has to be there.
struct QuoteRequest {
  std::string model;
  std::optional<MediaTime> duration;
  std::optional<Resolution> resolution;
  std::optional<bool> audio;
};
Result<QuoteRequest> parse_quote(std::string_view json, std::vector<Error>* all = nullptr);

/// POST /video/retrieve and /video/complete.
struct Retrieval {
  std::string queue_id;
  bool delete_media = false;
};
Result<Retrieval> parse_retrieval(std::string_view json, std::vector<Error>* all = nullptr);

/// A retrieval is answered with the video's bytes, except to clients that read nothing but JSON: those that
/// accept exactly "application/json", Venice's command line program and its MCP server.
bool wants_json(std::string_view accept, std::string_view user_agent);

/// "queue_id" and, as the guide's programs read it, "id". `model`: what it is called there.
std::string print_queued(const Job& job, std::string_view model);
struct Pace {
  int64_t average_ms = 0;  ///< that such a video takes
  int64_t spent_ms = 0;    ///< since it was queued
};
std::string print_processing(const Pace& pace);
std::string print_completed(const Pace& pace, const std::string& video_url);
/// Dollars, or the provider's credits, as a number.
std::string print_quote(const Money& price);
std::string print_success();
/// GET /models?type=video. `type` is "video" or "all".
std::string print_models(const catalog::Catalog& catalog, std::string_view type);
/// GET /api_keys/rate_limits: requests a minute, 0 = no bound.
std::string print_rate_limits(int requests_per_minute);

/// {"error": text, "code"}; of a body's fields also "details" and "issues".
Answer print_problem(const Problem& problem);
/// What a retrieval says of a job that will have no video: there is no status for it, only an error, in the
/// form of print_problem() or, of refused content, {"error": {"message", "type", "credits_refunded"}}.
Answer print_failure(const Job& job);

}  // namespace troupe::api::venice
