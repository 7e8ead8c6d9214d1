// troupe jobs: a client of a server's HTTP API.
#include <CLI/CLI.hpp>

#include "cli/remote/commands.h"
#include "cli/report.h"

namespace troupe::cli {
namespace remote {

int talk_and(const Program& program, const TalkFlags& flags, const std::function<int(Talk&)>& command) {
  const Result<std::unique_ptr<Talk>> talk = Talk::open(program, flags);
  if (talk) return command(**talk);
  tell_error(talk.error(), flags.json);
  return kUsage;
}

}  // namespace remote

namespace {

constexpr const char* kJobsExamples = R"(Examples:
  export TROUPE_KEY=trp_sk_...        # what "troupe serve" or "troupe keys create" printed
  troupe jobs submit --element fox=fox.png --prompt "@fox walks through a forest" -o fox.mp4
  troupe jobs list --state running
  troupe jobs watch job_01JB2M4Z9C6Q0S8W5V7X3Y1T2R -o fox.mp4
Exit codes: 0 ok, 2 wrong usage, 5 refused by the server, 8 job failed or no server, 130 interrupted.)";

}  // namespace

void add_jobs(CLI::App& app, const Program& program, int& exit_code) {
  CLI::App* command = app.add_subcommand("jobs", "Submit, watch and fetch jobs of a server");
  command->require_subcommand(1);
  command->footer(kJobsExamples);
  remote::add_submit(*command, program, exit_code);
  remote::add_list(*command, program, exit_code);
  remote::add_one_job_commands(*command, program, exit_code);
}

}  // namespace troupe::cli
