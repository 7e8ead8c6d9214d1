// A job as a server tells it, read without trust: what is missing or of another type is empty.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "core/progress.h"
#include "engine/engine.h"
#include "work/make_take.h"

namespace troupe::cli::remote {

inline constexpr size_t kListedMax = 64;  ///< takes, notes and the like of one job that are shown

struct ToldTake {
  work::TakeReport report;  ///< without output, engine and render, which are the job's
  double seconds = 0;
  bool has_video = false;
};

struct ToldProgress {
  Progress progress;
  std::optional<double> seconds_left;
};

/// Texts are plain(): fit for a terminal.
struct ToldJob {
  std::string id, state, model, prompt, priority, price, charged;
  engine::EngineInfo engine;  ///< with `draft`: its takes are drafts
  std::optional<Time> created, started, finished;
  bool cancel_requested = false;
  ToldProgress progress;
  std::optional<Error> error;  ///< why it failed or is parked
  engine::RenderReport render;
  std::vector<ToldTake> takes;

  /// Nothing happens to it by itself any more: final, or parked.
  bool at_rest() const;
};

/// Errors: corrupt_input: this is no job.
Result<ToldJob> read_job(const nlohmann::json& json);
ToldProgress read_progress(const nlohmann::json& json);

/// "2026-03-01T12:00:00.250Z".
std::optional<Time> parse_time(const std::string& text);

}  // namespace troupe::cli::remote
