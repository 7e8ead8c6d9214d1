// troupe jobs show, watch, cancel, retry, download and delete.
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/ids.h"
#include "cli/remote/commands.h"
#include "cli/remote/download.h"
#include "cli/remote/follow.h"
#include "cli/remote/job_json.h"
#include "cli/remote/job_text.h"
#include "cli/terminal.h"

namespace troupe::cli::remote {
namespace {

constexpr size_t kRetryKeyBytes = 16;
constexpr int kTakeMax = 1000;

struct JobFlags {
  TalkFlags talk;
  std::string id, output;
  bool thumbnail = false, last_frame = false, spritesheet = false, abandon = false;
  int take = 0;
};

Result<Answer> ask(Talk& talk, const char* method, const std::string& id, const char* what = "") {
  Call call;
  call.method = method;
  call.target = "/v1/jobs/" + id + what;
  return talk.session.ask(call);
}

int show(Talk& talk, const JobFlags& flags) {
  const Result<Answer> answer = ask(talk, "GET", flags.id);
  if (const auto code = talk.trouble(answer)) return *code;
  const Result<ToldJob> job = read_job(answer->json);
  if (!job) return talk.fail(job.error());
  std::cout << (talk.flags.json ? answer->text + "\n"
                                : print_job(*job, talk.program.catalog, SystemClock().now()));
  return kOk;
}

int watch(Talk& talk, const JobFlags& flags) {
  if (!flags.output.empty()) {
    if (const auto writable = check_output(flags.output); !writable) return talk.fail(writable.error());
  }
  return follow(talk, flags.id, {flags.output, {}});
}

int cancel(Talk& talk, const JobFlags& flags) {
  Call call;
  call.method = "POST";
  call.target = "/v1/jobs/" + flags.id + ":cancel";
  if (flags.abandon) call.body = R"({"abandon":true})";
  const Result<Answer> answer = talk.session.ask(call);
  if (const auto code = talk.trouble(answer)) return *code;
  const Result<ToldJob> job = read_job(answer->json);
  if (!job) return talk.fail(job.error());
  if (talk.flags.json) std::cout << answer->text << "\n";
  if (job->state == "cancelled") {
    talk.say(job->id + " is cancelled.");
  } else if (job->at_rest()) {
    talk.say(job->id + " had ended before: " + job->state + ".");
  } else {
    talk.say(job->id + " is being stopped.");
  }
  return kOk;
}

int retry(Talk& talk, const JobFlags& flags) {
  Call call;
  call.method = "POST";
  call.target = "/v1/jobs/" + flags.id + ":retry";
  call.headers["Idempotency-Key"] = to_hex(random_bytes(kRetryKeyBytes));
  const Result<Answer> answer = talk.session.ask(call);
  if (const auto code = talk.trouble(answer)) return *code;
  const Result<ToldJob> job = read_job(answer->json);
  if (!job) return talk.fail(job.error());
  std::cout << (talk.flags.json ? answer->text : job->id) << "\n";
  talk.say((job->id == flags.id ? "It goes on." : "A new job of the same request.") +
           std::string(" Watch it: troupe jobs watch ") + job->id);
  return kOk;
}

int forget(Talk& talk, const JobFlags& flags) {
  const Result<Answer> answer = ask(talk, "DELETE", flags.id);
  if (const auto code = talk.trouble(answer)) return *code;
  if (talk.flags.json) std::cout << nlohmann::json{{"id", flags.id}, {"deleted", true}}.dump(2) << "\n";
  talk.say(flags.id + " and its files are deleted.");
  return kOk;
}

const char* part_of(const JobFlags& flags) {
  if (flags.thumbnail) return "thumbnail";
  if (flags.last_frame) return "last-frame";
  return flags.spritesheet ? "spritesheet" : "video";
}

int fetch(Talk& talk, const JobFlags& flags) {
  const char* part = part_of(flags);
  const Wanted wanted{flags.id, part, flags.take, flags.output};
  Result<Answer> answer = Answer{};
  {
    ProgressBar bar(talk.has_bar());
    answer = download(talk.session, wanted, bar);
  }
  if (const auto code = talk.trouble(answer)) return *code;
  const uint64_t size_bytes = std::filesystem::file_size(wanted.output);
  if (talk.flags.json) {
    const nlohmann::ordered_json json = {{"job", flags.id},
                                         {"part", part},
                                         {"take", flags.take},
                                         {"output", flags.output},
                                         {"size_bytes", size_bytes}};
    std::cout << json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    return kOk;
  }
  std::cout << flags.output << "  " << print_size(size_bytes) << "\n";
  // Nobody takes a draft for what its model would have made.
  const Result<Answer> told = ask(talk, "GET", flags.id);
  const Result<ToldJob> job =
      told && !told->problem ? read_job(told->json) : Result<ToldJob>(Error{ErrorCode::unavailable, "", ""});
  const std::string draft = job ? draft_warning_of(*job, talk.program.catalog) : "";
  if (!draft.empty()) std::cout << colored("  ! ", "33", stdout) << draft << "\n";
  return kOk;
}

std::string check_id(const std::string& id) {
  return is_id(id, "job") ? ""
                          : "\"" + id +
                                "\" is no job's id: those are job_ and 26 letters and digits, as \"troupe "
                                "jobs list\" shows them";
}

struct Added {
  CLI::App* command;
  std::shared_ptr<JobFlags> flags;
};

Added add(CLI::App& jobs, const Program& program, int& exit_code, const char* name, const char* help,
          int (*run)(Talk&, const JobFlags&)) {
  CLI::App* command = jobs.add_subcommand(name, help);
  auto flags = std::make_shared<JobFlags>();
  command->add_option("ID", flags->id, "The job's id: job_...")->required()->check(check_id);
  add_talk_flags(*command, flags->talk);
  command->callback([flags, run, &program, &exit_code] {
    exit_code = talk_and(program, flags->talk, [&](Talk& talk) { return run(talk, *flags); });
  });
  command->footer(std::string("Example:\n  troupe jobs ") + name + " job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R");
  return {command, flags};
}

void add_download(CLI::App& jobs, const Program& program, int& exit_code) {
  const auto [command, flags] = add(jobs, program, exit_code, "download", "Fetch what a job made", fetch);
  command->add_option("-o,--output", flags->output, "The file to write")->type_name("FILE")->required();
  command->add_option("--take", flags->take, "Which take, from 0")
      ->type_name("N")
      ->check(CLI::Range(0, kTakeMax));
  command->add_flag("--thumbnail", flags->thumbnail, "A small picture of it instead");
  command->add_flag("--last-frame", flags->last_frame, "Its last frame as a PNG instead")
      ->excludes("--thumbnail");
  command->add_flag("--spritesheet", flags->spritesheet, "Up to 25 of its frames in one picture instead")
      ->excludes("--thumbnail")
      ->excludes("--last-frame");
  command->footer(
      "Examples:\n"
      "  troupe jobs download job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R -o fox.mp4\n"
      "  troupe jobs download job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R --last-frame -o end.png");
}

}  // namespace

void add_one_job_commands(CLI::App& jobs, const Program& program, int& exit_code) {
  add(jobs, program, exit_code, "show", "Tell all about a job", show);
  const auto [watched, flags] =
      add(jobs, program, exit_code, "watch", "Follow a job to its end; Ctrl-C leaves it running", watch);
  watched->add_option("-o,--output", flags->output, "Fetch the video when it is there")->type_name("OUT.mp4");
  add_download(jobs, program, exit_code);
  const auto [cancelled, cancel_flags] = add(jobs, program, exit_code, "cancel", "Stop a job", cancel);
  cancelled->add_flag("--abandon", cancel_flags->abandon,
                      "Close a parked job without asking the provider that may have it");
  add(jobs, program, exit_code, "retry", "Do a job again, or let a parked one go on", retry);
  add(jobs, program, exit_code, "delete", "Forget a job that has ended, and its files", forget);
}

}  // namespace troupe::cli::remote
