// The dialect of fal's queue for Kling's reference-to-video model: bytes to values and values to bytes. Pure
// functions; errors and thread-safety as api/native/wire.h. Source: @fal-ai/client 1.10.1 and the model's
// page.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/problem.h"
#include "api/submission.h"
#include "base/result.h"
#include "core/job.h"

namespace troupe::api::fal {

inline constexpr std::string_view kDialect = "fal";

/// What a path below the queue's host asks for: "fal-ai/kling-video/o3/pro/reference-to-video" to submit,
/// "fal-ai/kling-video/requests/ID[/status[/stream]|/cancel]" for one request.
struct Target {
  enum class What { submit, status, stream, result, cancel } what = What::submit;
  std::string model;       ///< to submit: the whole path
  std::string app;         ///< the first two segments: what requests are found below
  std::string request_id;  ///< of one request
};
/// None: the path is neither. Any text may be given; a leading slash is passed over.
std::optional<Target> parse_target(std::string_view path);

/// The model's input. `model`: its path; below "fal-ai/troupe/" stand the catalog's own ids.
Result<Submission> parse_input(std::string_view json, std::string_view model,
                               std::vector<Error>* all = nullptr);

/// Where a request is: its links, with `base_url` as of the queue's host, and its place in the queue.
struct Place {
  std::string base_url, app;
  int64_t ahead = 0;  ///< jobs in front of it
};
std::string print_queued(const Job& job, const Place& place);
std::string print_status(const Job& job, const Place& place, bool with_logs);
/// The model's output, once there is one.
std::string print_result(const Job& job, const std::string& video_url);
/// The answer to a cancellation: 202, or 400 where it came too late.
Answer print_cancelled(const Job& job, bool was_final);
/// The result of a job that has none: still in progress, failed, cancelled.
Answer print_no_result(const Job& job);

/// Where to send a file, and how inputs name it then: what a client asks before it sends one.
std::string print_upload(const std::string& upload_url, const std::string& file_url);

/// {"detail": text}, or 422 {"detail": [{"loc", "msg", "type"}]} of a body's fields.
Answer print_problem(const Problem& problem);

/// What the webhook of a job that has ended is sent.
std::string print_callback(const Job& job, const std::string& video_url);

}  // namespace troupe::api::fal
