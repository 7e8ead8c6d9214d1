// The JSON that an event carries beside its type.
#pragma once

#include <string>
#include <string_view>

#include "core/job.h"

namespace troupe::jobs {

/// {"state": …, "attempts": …, "crashes": …, "cancel_requested": …}, with "error" {code, message, field} if
/// the job has one and "charged" {micros, currency} once it is final.
std::string state_data(const Job& job);

/// The same of a job that is deleted, with "dialect", "model" and "created_ms" for messages that tell of it
/// later.
std::string deleted_data(const Job& job);

/// The same of a job that was cancelled without asking the provider that may have it: with "abandoned": true.
std::string abandoned_data(const Job& job);

/// {"stage": …, "fraction": …, "frames_done": …, "frames_total": …}, with "seconds_left" if it is known.
/// REQUIRES numbers that are finite.
std::string progress_data(const JobProgress& progress);

/// `text` as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace troupe::jobs
