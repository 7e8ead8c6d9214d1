// The dialect of Pictory's AI Studio, below /pictoryapis/v1: bytes to values and values to bytes. Pure
// functions; errors and thread-safety as api/native/wire.h. Source: Pictory's API reference, "Generate video"
// and "Get job".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "catalog/catalog.h"
#include "core/generation_spec.h"
#include "core/job.h"

namespace troupe::api::pictory {

inline constexpr std::string_view kDialect = "pictory";

/// POST /aistudio/videos.
Result<Submission> parse_video(std::string_view json, std::vector<Error>* all = nullptr);

/// What a request means that names no model, shape or duration: Pictory's first of each, not the catalog's.
void fill_in(const catalog::Catalog& catalog, GenerationSpec& spec);

std::string print_accepted(const Job& job);

/// Links to what a job made; empty where there is none.
struct Links {
  std::string video, thumbnail, last_frame;
};
/// GET /jobs/{id}, and what the webhook of a job that has ended is sent.
std::string print_job(const Job& job, const Links& links);
/// A job that isn't there is no HTTP error there.
std::string print_unknown_job(std::string_view id);

/// {"message"} or {"code", "message", "fields": [{"name", "errors"}]}
Answer print_problem(const Problem& problem);

}  // namespace troupe::api::pictory
