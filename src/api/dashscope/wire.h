// The dialect of Alibaba's DashScope (Model Studio) for Wan's videos, below /api/v1: bytes to values and
// values to bytes. Pure functions; errors and thread-safety as api/native/wire.h. Source: Model Studio's API
// reference of wan2.6, wan2.7 and wan3.0; @ai-sdk/alibaba 2.0.58 and 1.0.61.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "core/generation_spec.h"
#include "core/job.h"

namespace troupe::api::dashscope {

inline constexpr std::string_view kDialect = "dashscope";

/// POST /services/aigc/video-generation/video-synthesis, in the shape of every family: `reference_urls` and
/// `size` up to wan2.6, `media`, `resolution` and `ratio` from wan2.7 on. Unknown parameters are passed over,
/// as there.
Result<Submission> parse_create(std::string_view json, std::vector<Error>* all = nullptr);

std::string print_created(const Job& job, std::string_view request_id);

/// GET /tasks/{id}. `video`: an address or a data URL, for a job that succeeded. A draft says so in
/// "usage"."engine".
std::string print_task(const Job& job, const GenerationSpec& spec, const std::string& video,
                       std::string_view request_id);
/// A task that isn't there: no error, but a state of its own.
std::string print_unknown_task(std::string_view id, std::string_view request_id);

/// GET /tasks/: one page.
struct TaskPage {
  std::vector<Job> jobs;
  int page = 1, page_size = 10;
  int64_t total = 0;
};
std::string print_tasks(const TaskPage& page, std::string_view request_id);

/// "PENDING" … to states, for the list's filter; empty: no such status.
std::vector<JobState> states_of(std::string_view status);

std::string print_done(std::string_view request_id);

/// {"code", "message", "request_id"}
Answer print_problem(const Problem& problem);

}  // namespace troupe::api::dashscope
