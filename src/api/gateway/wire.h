// The dialect of Vercel's AI Gateway for videos, as the `ai` package speaks it: bytes to values and values to
// bytes. Pure functions; errors and thread-safety as api/native/wire.h. Source: @ai-sdk/gateway 4.0.146 and
// 3.0.232.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "core/account.h"
#include "core/job.h"

namespace troupe::api::gateway {

inline constexpr std::string_view kDialect = "gateway";

/// POST …/video-model and …/video-model/start. `model`: of the header ai-model-id; the body has none.
Result<Submission> parse_video(std::string_view json, std::string_view model,
                               std::vector<Error>* all = nullptr);
/// POST …/video-model/status: {"operation": what …/start answered}: the job's id.
Result<std::string> parse_status(std::string_view json, std::vector<Error>* all = nullptr);

/// A finished video: an address that the client fetches itself, or the bytes as base 64, for clients that
/// would not fetch from where this server is.
struct Video {
  bool base64 = false;
  std::string text;
};

/// What clients show as warnings: fields that were passed over, and that a take is a draft.
struct Told {
  const Job& job;
  const std::vector<std::string>& ignored;
};

/// The data of the one event that …/video-model sends, without its framing.
std::string print_result(const Told& told, const std::vector<Video>& videos);
/// The same for a job without a video.
std::string print_failure_event(const Job& job);

/// …/video-model/start. `callback_secret`: signs the callback; "" = none was asked for.
std::string print_started(const Told& told, std::string_view callback_secret);
/// …/video-model/status: "pending", "completed" with the videos, "error", "cancelled".
std::string print_status(const Job& job, const std::vector<Video>& videos);

/// GET …/config; `version`: "v3" or "v4", which the client's own must match.
std::string print_config(const catalog::Catalog& catalog, std::string_view version);

/// GET /v1/credits: what is left of the key's budget and what it spent, in dollars, as texts.
std::string print_credits(const ApiKey& key, const std::vector<Balance>& balances);
/// GET /v1/generation.
std::string print_generation(const Job& job);

/// {"error": {"message", "type", "param", "code"}}
Answer print_problem(const Problem& problem);

/// What the callback of a job that has ended says: {"type", "created_at", "data": {"jobId", "status"}}.
std::string print_callback(const Job& job);

}  // namespace troupe::api::gateway
