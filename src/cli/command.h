// What every subcommand shares.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "work/media_reader.h"

namespace CLI {
class App;
}

namespace troupe::cli {

/// Exit codes: stable, documented in --help.
enum ExitCode {
  kOk = 0,
  kUsage = 2,         ///< the command line itself is wrong
  kRefused = 5,       ///< the request breaks a rule of its model, or a server refused it
  kFailed = 8,        ///< making the video failed, or no server answers
  kInterrupted = 130  ///< Ctrl-C or SIGTERM
};

/// The parts that subcommands work with, made by main. They outlive every command.
struct Program {
  const catalog::Catalog& catalog;
  engine::Engine& stage;
  work::MediaReader& media;
  CancelToken cancel;
};

/// Each adds its subcommand to `app`. The chosen one stores its exit code in `exit_code` when CLI11 runs it.
void add_generate(CLI::App& app, const Program& program, int& exit_code);
void add_check(CLI::App& app, const Program& program, int& exit_code);
void add_quote(CLI::App& app, const Program& program, int& exit_code);
void add_serve(CLI::App& app, const Program& program, int& exit_code);
void add_jobs(CLI::App& app, const Program& program, int& exit_code);
void add_keys(CLI::App& app, int& exit_code);
void add_providers(CLI::App& app, const Program& program, int& exit_code);
void add_weights(CLI::App& app, const Program& program, int& exit_code);
void add_config(CLI::App& app, int& exit_code);
void add_models(CLI::App& app, const Program& program, int& exit_code);
void add_completion(CLI::App& app, int& exit_code);

/// The whole command line. `arguments`: without the program's name. Prints, and returns the exit code.
/// Exceptions stop here.
int run(const Program& program, const std::vector<std::string>& arguments);

}  // namespace troupe::cli
