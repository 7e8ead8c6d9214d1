#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "base/version.h"
#include "cli/command.h"
#include "cli/terminal.h"

namespace troupe::cli {
namespace {

constexpr const char* kDescription =
    "Videos from pictures of your characters, objects and places, and a prompt.\n\n"
    "  troupe generate --element fox=fox.png --prompt \"@fox walks through a forest at golden hour\" -o "
    "fox.mp4";

constexpr const char* kFooter =
    "Exit codes: 0 ok, 2 wrong usage, 5 refused (a request; no such weights, or a licence to accept),\n"
    "8 failed (a generation; fetching or checking weights), 130 interrupted.\n"
    "\"troupe COMMAND --help\" shows a command's flags with examples.";

int parse_and_run(const Program& program, std::vector<std::string> arguments) {
  int exit_code = kOk;
  CLI::App app(kDescription, "troupe");
  app.footer(kFooter);
  app.set_version_flag("--version", "troupe " + std::string(version()), "Print the version");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  add_generate(app, program, exit_code);
  add_check(app, program, exit_code);
  add_quote(app, program, exit_code);
  add_models(app, program, exit_code);
  add_serve(app, program, exit_code);
  add_jobs(app, program, exit_code);
  add_keys(app, exit_code);
  add_providers(app, program, exit_code);
  add_weights(app, program, exit_code);
  add_config(app, exit_code);
  add_completion(app, exit_code);
  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them last first
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, std::cout, std::cerr);
    return code == 0 ? kOk : kUsage;
  }
  return exit_code;
}

}  // namespace

int run(const Program& program, const std::vector<std::string>& arguments) {
  try {
    return parse_and_run(program, arguments);
  } catch (const std::bad_alloc&) {
    std::cerr << "troupe: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "troupe: internal error: " << error.what() << "\n";
  }
  return kFailed;
}

}  // namespace troupe::cli
