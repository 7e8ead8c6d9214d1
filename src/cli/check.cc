#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/command.h"
#include "cli/report.h"
#include "cli/spec_flags.h"
#include "work/prepare.h"

namespace troupe::cli {
namespace {

struct CheckFlags {
  SpecFlags spec;
  bool json = false;
};

using OnTake = int (*)(const work::PreparedTake& take, const CheckFlags& flags);

// Both commands: prepare the request, tell all that is wrong, or hand the take on.
int prepared(const Program& program, const CheckFlags& flags, OnTake on_take) {
  SpecFromFlags given = spec_from_flags(flags.spec);
  const GenerationSpec spec = given.spec;
  Result<work::Preparation> preparation =
      work::prepare(program.catalog, std::move(given.spec), program.media, program.cancel);
  if (!preparation) {
    tell_error(preparation.error(), flags.json);
    return preparation.error().code == ErrorCode::cancelled ? kInterrupted : kRefused;
  }
  std::vector<catalog::Violation> violations;
  for (const Error& error : given.errors) violations.push_back(to_violation(error));
  violations.insert(violations.end(), preparation->violations.begin(), preparation->violations.end());
  if (violations.empty()) return on_take(*preparation->take, flags);
  tell_violations(violations, spec, flags.json);
  return kRefused;
}

int print_accepted(const work::PreparedTake& take, const CheckFlags& flags) {
  const auto& r = take.resolved;
  if (flags.json) {
    std::cout << "{\"ok\": true, \"model\": \"" << take.model->id << "\", \"mode\": \"" << name(r.mode)
              << "\"}\n";
  } else {
    std::cout << "ok: " << take.model->id << ", " << r.size.width << "x" << r.size.height << ", "
              << print_seconds(r.duration) << " s, " << print(take.quote.total) << "\n";
  }
  return kOk;
}

int print_price(const work::PreparedTake& take, const CheckFlags& flags) {
  if (flags.json) {
    std::cout << quote_json(*take.model, take.quote);
  } else {
    std::string text = print(take.quote);
    if (!text.ends_with('\n')) text += '\n';
    std::cout << text;
  }
  return kOk;
}

void add(CLI::App& app, const Program& program, int& exit_code, const char* name, const char* what,
         const char* examples, OnTake on_take) {
  CLI::App* command = app.add_subcommand(name, what);
  auto flags = std::make_shared<CheckFlags>();
  add_spec_flags(*command, flags->spec);
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->footer(examples);
  command->callback(
      [flags, &program, &exit_code, on_take] { exit_code = prepared(program, *flags, on_take); });
}

}  // namespace

void add_check(CLI::App& app, const Program& program, int& exit_code) {
  add(app, program, exit_code, "check", "Check a request against its model's rules",
      "Example:\n  troupe check --model kling-o3-pro-reference-to-video --element fox=fox.png --prompt "
      "\"@fox runs\"",
      print_accepted);
}

void add_quote(CLI::App& app, const Program& program, int& exit_code) {
  add(app, program, exit_code, "quote", "Say what a request costs",
      "Example:\n  troupe quote --model kling-o3-pro-reference-to-video --element fox=fox.png --prompt "
      "\"@fox runs\" "
      "--duration 10 --audio",
      print_price);
}

}  // namespace troupe::cli
