// The subcommands of `troupe jobs`. Private to cli/remote.
#pragma once

#include <functional>
#include <string>

#include "cli/command.h"
#include "cli/remote/talk.h"

namespace troupe::cli::remote {

/// Each adds its subcommand to `jobs`, which is `troupe jobs`.
void add_submit(CLI::App& jobs, const Program& program, int& exit_code);
void add_list(CLI::App& jobs, const Program& program, int& exit_code);
/// show, watch, cancel, retry, download, delete.
void add_one_job_commands(CLI::App& jobs, const Program& program, int& exit_code);

/// Opens the talk that `flags` ask for and runs `command` in it. Returns the exit code.
int talk_and(const Program& program, const TalkFlags& flags, const std::function<int(Talk&)>& command);

}  // namespace troupe::cli::remote
