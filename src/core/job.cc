#include "core/job.h"

#include <algorithm>
#include <iterator>

namespace troupe {
namespace {

constexpr std::string_view kNames[] = {"queued", "running",   "submitted", "succeeded",
                                       "failed", "cancelled", "parked"};

}  // namespace

std::string_view name(JobState state) { return kNames[static_cast<size_t>(state)]; }

std::optional<JobState> parse_job_state(std::string_view name) {
  const auto it = std::find(std::begin(kNames), std::end(kNames), name);
  if (it == std::end(kNames)) return std::nullopt;
  return static_cast<JobState>(it - std::begin(kNames));
}

bool is_final(JobState state) {
  return state == JobState::succeeded || state == JobState::failed || state == JobState::cancelled;
}

}  // namespace troupe
