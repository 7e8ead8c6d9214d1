// A job as a value: what queue, ledger and dialects say about one accepted request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "core/frame_size.h"
#include "core/media_time.h"
#include "core/money.h"

namespace troupe {

enum class JobState {
  queued,
  running,    ///< a worker has it
  submitted,  ///< a provider has it; its task id is stored
  succeeded,
  failed,
  cancelled,
  parked,  ///< set aside after crashes or with an unknown outcome: a person decides
};
std::string_view name(JobState state);
std::optional<JobState> parse_job_state(std::string_view name);
/// succeeded, failed and cancelled never change again.
bool is_final(JobState state);

/// One finished video of a job.
struct Take {
  std::string video;       ///< object
  std::string thumbnail;   ///< object, JPEG; may be empty
  std::string last_frame;  ///< object, PNG; may be empty
  uint64_t size_bytes = 0;
  FrameSize size;
  FrameRate rate;
  int64_t frames = 0;
  uint64_t seed = 0;
  bool audio = false;
  std::string model;        ///< that made it in place of the job's; "" = the job's own did
  std::string spritesheet;  ///< object, JPEG of frames at even steps; may be empty
  bool operator==(const Take&) const = default;
};

/// How far a job is, as its watchers see it.
struct JobProgress {
  std::string stage;
  double fraction = 0;  ///< 0 … 1
  int64_t frames_done = 0, frames_total = 0;
  std::optional<double> seconds_left;  ///< estimated
  bool operator==(const JobProgress&) const = default;
};

struct Job {
  std::string id;       ///< "job_…"
  std::string account;  ///< the key that pays
  std::string dialect;  ///< opaque: the API that created it answers for it
  std::string model;    ///< what was asked for
  std::string engine;   ///< what makes it: "stage", "wan", "upstream"
  bool draft = false;   ///< its takes are drafts
  std::string prompt;   ///< for lists and searches: the prompt, or the shots' joined
  std::string spec_json, spec_hash;
  std::string parent;         ///< the job that this one retries or promotes, or empty
  std::string metadata_json;  ///< the caller's own object, or empty
  std::string webhook_url;    ///< of this job alone, or empty
  std::string fields;         ///< FieldMap: where in its dialect's body the spec stood; "" = the spec was it
  int lane = 0;               ///< higher goes first
  JobState state = JobState::queued;
  Time created, updated;
  std::optional<Time> started, finished;
  Money price;    ///< of the quote; held until the job is final
  Money charged;  ///< settled and kept, once final
  int attempts = 0, crashes = 0;
  bool cancel_requested = false;
  std::string provider_task;  ///< set in state submitted
  std::optional<Error> error;
  std::vector<Take> takes;
  std::string report_json;  ///< the engine's report: understood, notes, timings; or empty
  JobProgress progress;
  bool operator==(const Job&) const = default;
};

/// Something that happened, in the order in which it was stored.
struct JobEvent {
  int64_t id = 0;  ///< rising over all jobs; never reused
  Time time;
  std::string account, job;
  std::string type;       ///< "job.queued", "job.running", "job.progress", "job.succeeded" … "job.deleted"
  std::string data_json;  ///< one object, or empty
  bool operator==(const JobEvent&) const = default;
};

}  // namespace troupe
