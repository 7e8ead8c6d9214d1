#include "cli/remote/job_json.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "cli/remote/json_values.h"
#include "cli/remote/plain_text.h"
#include "core/job.h"
#include "core/short_text.h"

namespace troupe::cli::remote {
namespace {

using AnyJson = nlohmann::json;

constexpr double kCountMax = 1e15;  // numbers past it are nonsense here

int64_t count_at(const AnyJson& object, const char* key) {
  return static_cast<int64_t>(std::clamp(number_at(object, key), 0.0, kCountMax));
}

// A number, or a text where a number would lose digits.
uint64_t seed_at(const AnyJson& object) {
  const AnyJson& seed = value_at(object, "seed");
  if (seed.is_number_unsigned()) return seed.get<uint64_t>();
  uint64_t number = 0;
  const std::string text = text_at(object, "seed");
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string> texts_at(const AnyJson& object, const char* key) {
  std::vector<std::string> texts;
  for (const AnyJson& item : list_at(object, key)) {
    if (item.is_string() && texts.size() < kListedMax)
      texts.push_back(plain(item.get_ref<const std::string&>()));
  }
  return texts;
}

std::vector<engine::Note> notes_at(const AnyJson& object) {
  std::vector<engine::Note> notes;
  for (const AnyJson& item : list_at(object, "notes")) {
    if (!item.is_object() || notes.size() >= kListedMax) continue;
    engine::Note note;
    note.code = text_at(item, "code");
    if (text_at(item, "severity") == "warning") note.severity = engine::Note::Severity::warning;
    if (const int64_t shot = count_at(item, "shot"); shot >= 1 && shot <= kShotsMax)
      note.shot = static_cast<int>(shot) - 1;
    note.text = text_at(item, "text");
    note.suggestion = text_at(item, "suggestion");
    notes.push_back(std::move(note));
  }
  return notes;
}

ToldTake read_take(const AnyJson& json) {
  ToldTake take;
  const auto side = [&](const char* key) {
    return static_cast<int>(std::min<int64_t>(count_at(json, key), 1 << 20));
  };
  take.report.size = {side("width"), side("height")};
  if (const auto rate = parse_frame_rate(print_number(number_at(json, "fps")))) take.report.rate = *rate;
  take.report.frames = count_at(json, "frames");
  take.report.size_bytes = static_cast<uint64_t>(count_at(json, "size_bytes"));
  take.report.seed = seed_at(json);
  take.report.audio = flag_at(json, "audio");
  take.seconds = number_at(json, "duration_seconds");
  take.has_video = value_at(json, "video").is_string();
  return take;
}

std::optional<Error> error_at(const AnyJson& object) {
  const AnyJson& error = value_at(object, "error");
  if (!error.is_object()) return std::nullopt;
  Error told{ErrorCode::internal, text_at(error, "message"), text_at(error, "field")};
  const std::string code = text_at(error, "code");
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    if (name(static_cast<ErrorCode>(i)) == code) told.code = static_cast<ErrorCode>(i);
  }
  return told;
}

}  // namespace

std::optional<Time> parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0;
  const int got = std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u.%3u", &year, &month, &day, &hour,
                              &minute, &second, &millis);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (got < 6 || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + std::chrono::milliseconds(millis);
}

ToldProgress read_progress(const AnyJson& json) {
  ToldProgress told;
  told.progress.stage = cut(text_at(json, "stage"), 24);
  told.progress.fraction = std::clamp(number_at(json, "fraction"), 0.0, 1.0);
  told.progress.frames_done = count_at(json, "frames_done");
  told.progress.frames_total = count_at(json, "frames_total");
  if (value_at(json, "seconds_left").is_number()) told.seconds_left = number_at(json, "seconds_left");
  return told;
}

bool ToldJob::at_rest() const {
  const std::optional<JobState> known = parse_job_state(state);
  return known && (is_final(*known) || *known == JobState::parked);
}

Result<ToldJob> read_job(const AnyJson& json) {
  ToldJob job;
  job.id = text_at(json, "id");
  job.state = text_at(json, "state");
  if (job.id.empty() || job.state.empty())
    return make_error(ErrorCode::corrupt_input, "what the server answered is no job: is the address right?");
  job.model = text_at(json, "model");
  job.prompt = text_at(json, "prompt");
  job.priority = text_at(json, "priority");
  job.price = text_at(value_at(json, "price"), "text");
  job.charged = text_at(value_at(json, "charged"), "text");
  job.engine.name = text_at(json, "engine");
  job.engine.draft = flag_at(json, "draft");
  job.created = parse_time(text_at(json, "created_at"));
  job.started = parse_time(text_at(json, "started_at"));
  job.finished = parse_time(text_at(json, "finished_at"));
  job.cancel_requested = flag_at(json, "cancel_requested");
  job.progress = read_progress(value_at(json, "progress"));
  job.error = error_at(json);
  job.render.understood = texts_at(json, "understood");
  job.render.not_understood = texts_at(json, "not_understood");
  job.render.notes = notes_at(json);
  for (const AnyJson& item : list_at(json, "takes")) {
    if (job.takes.size() < kListedMax) job.takes.push_back(read_take(item));
  }
  return job;
}

}  // namespace troupe::cli::remote
