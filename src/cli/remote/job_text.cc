#include "cli/remote/job_text.h"

#include <algorithm>
#include <cstdio>

#include "cli/remote/plain_text.h"
#include "cli/report.h"
#include "cli/spec_flags.h"
#include "cli/terminal.h"

namespace troupe::cli::remote {
namespace {

constexpr int kIdColumns = 30, kStateColumns = 9, kAgeColumns = 6, kDraftColumns = 5, kGap = 2;
constexpr int kLabelColumns = 12;
constexpr int kModelColumnsMin = 8, kPromptColumnsMin = 12, kWithoutBound = 1 << 20;

const char* color_of(const std::string& state) {
  if (state == "succeeded") return "32";
  if (state == "failed") return "31";
  return state == "cancelled" || state == "queued" ? "2" : "33";
}

std::string age_of(const ToldJob& job, Time now) { return job.created ? print_age(now - *job.created) : ""; }

std::string field(const char* name, const std::string& value) {
  return value.empty() ? "" : "  " + padded(name, kLabelColumns) + value + "\n";
}

std::string when(const std::optional<Time>& time, Time now) {
  return time ? print_time(*time) + " (" + print_age(now - *time) + " ago)" : "";
}

std::string kind_of(const ToldJob& job) {
  return (job.engine.draft ? "draft of " : "") + job.model + " by " + job.engine.name;
}

std::string notes_of(const ToldJob& job) {
  std::string text;
  for (const engine::Note& note : job.render.notes)
    text += field("note", note.text + (note.suggestion.empty() ? "" : " " + note.suggestion));
  return text;
}

}  // namespace

std::string print_age(std::chrono::milliseconds age) {
  const int64_t seconds = std::max<int64_t>(0, age.count() / 1000);
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min";
  if (seconds < 86400) return std::to_string(seconds / 3600) + " h";
  return std::to_string(seconds / 86400) + " d";
}

std::string print_table(const std::vector<ToldJob>& jobs, Time now, int columns) {
  const auto is_draft = [](const ToldJob& job) { return job.engine.draft; };
  const bool drafts = std::any_of(jobs.begin(), jobs.end(), is_draft);
  int model = 5;
  for (const ToldJob& job : jobs) model = std::max(model, width_of(job.model));
  const int taken = kIdColumns + kStateColumns + kAgeColumns + (drafts ? kDraftColumns + kGap : 0) + 4 * kGap;
  int prompt = kWithoutBound;
  if (columns > 0) {
    model = std::min(model, std::max(kModelColumnsMin, (columns - taken) / 2));
    prompt = std::max(kPromptColumnsMin, columns - taken - model);
  }
  const auto line = [&](const std::string& id, const std::string& state, const std::string& age,
                        const char* draft, const std::string& of, const std::string& text) {
    const std::string gap(kGap, ' ');
    std::string out = padded(id, kIdColumns) + gap + state + gap + padded(age, kAgeColumns) + gap;
    if (drafts) out += padded(draft, kDraftColumns) + gap;
    out += padded(of, model) + gap + cut(text, prompt);
    return out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
  };
  std::string table = line("ID", padded("STATE", kStateColumns), "AGE", "DRAFT", "MODEL", "PROMPT");
  for (const ToldJob& job : jobs) {
    const std::string state = colored(padded(job.state, kStateColumns), color_of(job.state), stdout);
    table += line(job.id, state, age_of(job, now), job.engine.draft ? "draft" : "", job.model, job.prompt);
  }
  return table;
}

std::string draft_warning_of(const ToldJob& job, const catalog::Catalog& catalog) {
  if (!job.engine.draft) return "";
  const Result<const catalog::Model*> model = catalog.find(job.model);
  const bool own = model && (*model)->engine == catalog::EngineKind::stage;
  return own ? "" : draft_warning(job.model, "there");
}

std::string print_takes(const ToldJob& job, const catalog::Catalog& catalog,
                        const std::vector<std::string>& outputs) {
  std::string text;
  for (size_t i = 0; i < job.takes.size(); ++i) {
    work::TakeReport take = job.takes[i].report;
    take.output =
        i < outputs.size() ? outputs[i] : job.id + (job.takes.size() > 1 ? " take " + std::to_string(i) : "");
    take.engine = job.engine;
    // What was understood holds for all of them: it is told once, behind the last.
    const bool last = i + 1 == job.takes.size();
    if (last) take.render = job.render;
    text += print_take(take, job.model, last ? draft_warning_of(job, catalog) : "");
  }
  return text;
}

std::string print_job(const ToldJob& job, const catalog::Catalog& catalog, Time now) {
  std::string text =
      job.id + "  " + colored(job.state, color_of(job.state), stdout) + "  " + kind_of(job) + "\n";
  const std::string draft = draft_warning_of(job, catalog);
  if (!draft.empty()) text += colored("  ! ", "33", stdout) + draft + "\n";
  text += field("prompt", job.prompt) + field("created", when(job.created, now));
  if (job.started && job.finished) text += field("took", print_age(*job.finished - *job.started));
  text += field("price", job.price + (job.charged.empty() ? "" : ", charged " + job.charged));
  if (job.priority != "normal") text += field("priority", job.priority);
  if (!job.at_rest() && job.progress.progress.fraction > 0) {
    text +=
        field("progress", job.progress.progress.stage + " " +
                              std::to_string(static_cast<int>(job.progress.progress.fraction * 100)) + "%");
  }
  if (job.cancel_requested && !job.at_rest()) text += field("stopping", "cancelling was asked for");
  if (job.error) text += field("error", to_string(*job.error));
  for (size_t i = 0; i < job.takes.size(); ++i) {
    const work::TakeReport& take = job.takes[i].report;
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3g s", job.takes[i].seconds);
    text += field("take", std::to_string(i) + ": " + std::to_string(take.size.width) + "x" +
                              std::to_string(take.size.height) + "  " + print_frame_rate(take.rate) +
                              " fps  " + seconds + "  seed " + std::to_string(take.seed) + "  " +
                              print_size(take.size_bytes) + (take.audio ? "  with sound" : ""));
  }
  for (const std::string& line : job.render.understood) text += field("understood", line);
  return text + notes_of(job);
}

std::string print_outcome(const ToldJob& job, const GenerationSpec& spec) {
  std::string text = colored(job.state + ": ", "31");
  if (job.state == "cancelled") return colored("cancelled", "33") + "\n";
  if (!job.error) return text + "the server does not say why\n";
  std::string message = job.error->message;
  if (const std::string& field = job.error->field; !field.empty()) {
    text += flag_of(spec, field) + ": ";
    // Some messages name the field as well.
    if (message.starts_with(field + ": ")) message.erase(0, field.size() + 2);
  }
  return text + message + "\n";
}

}  // namespace troupe::cli::remote
