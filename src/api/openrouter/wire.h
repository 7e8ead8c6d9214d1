// The dialect of OpenRouter's videos, below /api/v1/videos: bytes to values and values to bytes. Pure
// functions; errors and thread-safety as api/native/wire.h. Source: @openrouter/sdk 1.3.19.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "core/job.h"

namespace troupe::api::openrouter {

inline constexpr std::string_view kDialect = "openrouter";

/// POST /videos.
Result<Submission> parse_create(std::string_view json, std::vector<Error>* all = nullptr);
/// True if a JSON body on a path that OpenAI's dialect shares is of this one: it names a field that only this
/// one has.
bool is_ours(std::string_view json);

/// POST and GET /videos…. `links`: addresses of its videos.
std::string print_video(const Job& job, const std::string& base_url, const std::vector<std::string>& links);
/// GET /videos/models.
std::string print_models(const catalog::Catalog& catalog);

/// {"error": {"code": number, "message", "metadata"}}
Answer print_problem(const Problem& problem);

/// What the callback of a job that has ended says.
std::string print_callback(const Job& job, const std::vector<std::string>& links);

}  // namespace troupe::api::openrouter
