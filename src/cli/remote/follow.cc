#include "cli/remote/follow.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/remote/download.h"
#include "cli/remote/job_json.h"
#include "cli/remote/job_text.h"
#include "cli/remote/json_values.h"
#include "cli/remote/watch_job.h"
#include "cli/report.h"
#include "cli/take_files.h"
#include "core/spec_json.h"

namespace troupe::cli::remote {
namespace {

// The job's JSON as it came, with the files that were written.
std::string json_with(const Answer& answer, const std::vector<std::string>& outputs) {
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(answer.text, nullptr, false);
  if (!outputs.empty() && json.is_object()) json["outputs"] = outputs;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void tell_takes(const Talk& talk, const Answer& answer, const ToldJob& job,
                const std::vector<std::string>& outputs) {
  std::cout << (talk.flags.json ? json_with(answer, outputs)
                                : print_takes(job, talk.program.catalog, outputs));
}

void say_how_to_go_on(const Talk& talk, const std::string& id) {
  talk.say("The job goes on. To watch it again, or to stop it:\n  troupe jobs watch " + id +
           "\n  troupe jobs cancel " + id);
}

int tell_unmade(const Talk& talk, const Answer& answer, const ToldJob& job, GenerationSpec spec) {
  if (talk.flags.json) {
    std::cout << json_with(answer, {});
    return kFailed;
  }
  if (spec == GenerationSpec()) spec = parse_spec(value_at(answer.json, "spec").dump()).spec;
  std::cerr << print_outcome(job, spec);
  if (job.state == "parked") talk.say("Have it tried again: troupe jobs retry " + job.id);
  return kFailed;
}

}  // namespace

int fetch_takes(Talk& talk, const Answer& answer, const std::string& output) {
  const Result<ToldJob> job = read_job(answer.json);
  if (!job) return talk.fail(job.error());
  ProgressBar bar(talk.has_bar());
  std::vector<std::string> outputs;
  for (size_t i = 0; i < job->takes.size(); ++i) {
    const int index = static_cast<int>(i);
    const Wanted wanted{job->id, "video", index, output_of(output, index)};
    const Result<Answer> fetched = download(talk.session, wanted, bar);
    if (const auto code = talk.trouble(fetched)) return *code;
    outputs.push_back(wanted.output.string());
  }
  tell_takes(talk, answer, *job, outputs);
  return kOk;
}

int follow(Talk& talk, const std::string& id, const FollowOptions& options) {
  Result<Answer> answer = Answer{};
  {
    ProgressBar bar(talk.has_bar());
    answer = watch_job(talk.session, id, bar);
  }
  if (const auto code = talk.trouble(answer, options.spec)) {
    if (*code == kInterrupted || *code == kFailed) say_how_to_go_on(talk, id);
    return *code;
  }
  const Result<ToldJob> job = read_job(answer->json);
  if (!job) return talk.fail(job.error());
  if (job->state != "succeeded") return tell_unmade(talk, *answer, *job, options.spec);
  if (!options.output.empty()) return fetch_takes(talk, *answer, options.output);
  tell_takes(talk, *answer, *job, {});
  talk.say("Fetch it: troupe jobs download " + id + " -o OUT.mp4");
  return kOk;
}

}  // namespace troupe::cli::remote
