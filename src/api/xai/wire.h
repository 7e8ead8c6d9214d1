// The dialect of xAI's Grok Imagine videos, below /v1/videos: bytes to values and values to bytes. Pure
// functions; errors and thread-safety as api/native/wire.h. Source: @ai-sdk/xai 3.0.138. Its errors have the
// form of OpenAI's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "core/job.h"

namespace troupe::api::xai {

inline constexpr std::string_view kDialect = "xai";

/// POST /videos/generations.
Result<Submission> parse_generation(std::string_view json, std::vector<Error>* all = nullptr);

std::string print_started(const Job& job);
/// GET /videos/{id}: 202 while there is no end, else 200. `video_url`: an address or a data URL. Refused
/// content is "done" with "respect_moderation": false and no address.
Answer print_video(const Job& job, const std::string& video_url);

}  // namespace troupe::api::xai
