#include <CLI/CLI.hpp>
#include <iostream>

#include "base/version.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/server_flags.h"
#include "cli/terminal.h"
#include "cli/weights_progress.h"
#include "cli/weights_text.h"
#include "engine/shelf/pull.h"
#include "engine/shelf/shelf.h"

namespace troupe::cli {
namespace {

constexpr const char* kWeightsExamples =
    "Examples:\n"
    "  troupe weights list\n"
    "  troupe weights pull refalign-1.3b\n"
    "  troupe weights pull skyreels-v3-r2v-14b --accept-licence --hub https://hub.example.org\n"
    "  troupe weights add phantom-wan-1.3b ~/Downloads/Phantom ~/Wan2.1-T2V-1.3B\n"
    "  troupe weights verify\n"
    "  troupe weights remove wan2.1-t2v-14b\n"
    "A token in TROUPE_HUB_TOKEN is sent to the hub and nobody else. Downloads that are interrupted go on "
    "where\n"
    "they were when the command is run again.";

struct WeightsFlags {
  ServerFlags server;
  std::string model;
  std::vector<std::string> sources;
  bool accept_licence = false, tiny_vae = false, allow_private = false;
  bool move = false, link = false;
  bool json = false;
};

struct WeightsWork {
  const Program& program;
  const WeightsFlags& flags;
  const server::Config& config;
  shelf::Shelf& shelf;
};

int tell_weights_error(const Error& error, bool json) {
  tell_error(error, json);
  switch (error.code) {
    case ErrorCode::invalid_argument:
      return kUsage;
    case ErrorCode::not_found:
    case ErrorCode::rejected:
    case ErrorCode::unsupported:
      return kRefused;
    case ErrorCode::cancelled:
      return kInterrupted;
    default:
      return kFailed;
  }
}

// `value` as JSON or for people on stdout.
template <class Report>
int tell_report(const WeightsWork& work, const Report& report, std::string (*text)(const Report&),
                std::string (*json)(const Report&)) {
  std::cout << (work.flags.json ? json(report) : text(report));
  return kOk;
}

int list_weights(const WeightsWork& work) {
  const auto models = work.shelf.list();
  if (!models) return tell_weights_error(models.error(), work.flags.json);
  std::cout << (work.flags.json ? weights_json(work.shelf.folder(), *models)
                                : weights_table(*models, stdout));
  return kOk;
}

shelf::PullRequest pull_request(const WeightsFlags& flags, const server::Config& config) {
  shelf::PullRequest request;
  request.model = flags.model;
  request.accept_licence = flags.accept_licence;
  request.with_tiny_vae = flags.tiny_vae;
  request.hub.url = config.hub;
  request.hub.token = server::process_environment()("TROUPE_HUB_TOKEN").value_or("");
  request.hub.allow_private = flags.allow_private;
  request.hub.user_agent = "Troupe/" + std::string(version());
  return request;
}

int pull_weights(const WeightsWork& work) {
  TransferBar bar(!work.flags.json);
  const auto report = shelf::pull(
      work.shelf, pull_request(work.flags, work.config),
      [&](const std::string& what, uint64_t done, uint64_t total) { bar.show(what, done, total); },
      work.program.cancel);
  bar.clear();
  if (!report && report.error().code == ErrorCode::cancelled) {
    const std::string again = "Interrupted; what was fetched is kept. \"troupe weights pull " +
                              work.flags.model + "\" goes on from there.";
    return tell_weights_error(make_error(ErrorCode::cancelled, again), work.flags.json);
  }
  if (!report) return tell_weights_error(report.error(), work.flags.json);
  return tell_report(work, *report, print_pulled, pulled_json);
}

int add_files(const WeightsWork& work) {
  shelf::AddRequest request{work.flags.model, {work.flags.sources.begin(), work.flags.sources.end()}, {}};
  request.placing = work.flags.move   ? shelf::Placing::move
                    : work.flags.link ? shelf::Placing::symbolic_link
                                      : shelf::Placing::hard_link;
  TransferBar bar(!work.flags.json);
  const auto report = work.shelf.add(
      request, [&](const std::string& what, uint64_t done, uint64_t total) { bar.show(what, done, total); },
      work.program.cancel);
  bar.clear();
  if (!report) return tell_weights_error(report.error(), work.flags.json);
  if (!work.flags.json) {
    const shelf::Licence& licence = report->state.model->licence;
    if (licence.must_accept) std::cerr << licence.name << ": " << licence.note << "\n";
    for (const std::string& warning : report->warnings)
      std::cerr << colored("warning: ", "33") << warning << "\n";
    for (const auto& file : report->passed_over) std::cerr << "passed over: " << file.string() << "\n";
  }
  return tell_report(work, *report, print_added, added_json);
}

int verify_weights(const WeightsWork& work) {
  TransferBar bar(!work.flags.json);
  const auto report = work.shelf.verify(
      work.flags.model,
      [&](const std::string& what, uint64_t done, uint64_t total) { bar.show(what, done, total); },
      work.program.cancel);
  bar.clear();
  if (!report) return tell_weights_error(report.error(), work.flags.json);
  tell_report(work, *report, print_verified, verified_json);
  if (!work.flags.json) std::cerr << print_troubles(*report);
  return report->troubles.empty() ? kOk : kFailed;
}

int remove_weights(const WeightsWork& work) {
  const auto report = work.shelf.remove(work.flags.model);
  if (!report) return tell_weights_error(report.error(), work.flags.json);
  std::cout << (work.flags.json ? removed_json(*report) : print_removed(work.flags.model, *report));
  return kOk;
}

int with_shelf(const Program& program, const WeightsFlags& flags, int (*run)(const WeightsWork&)) {
  const Result<server::Config> config = config_of(flags.server);
  if (!config) return tell_weights_error(config.error(), flags.json);
  shelf::Shelf shelf(config->weights);
  return run({program, flags, *config, shelf});
}

void add_pull_flags(CLI::App& command, WeightsFlags& flags) {
  command.add_flag("--accept-licence", flags.accept_licence,
                   "You have read the model's licence and accept it");
  command.add_flag("--tiny-vae", flags.tiny_vae, "Fetch the small decoder for previews too");
  command.add_flag("--allow-private-urls", flags.allow_private,
                   "Follow the hub's redirects to inside addresses and plain http too");
}

}  // namespace

void add_weights(CLI::App& app, const Program& program, int& exit_code) {
  CLI::App* command = app.add_subcommand("weights", "Weights of the models that are made on this machine");
  command->require_subcommand(1);
  command->footer(kWeightsExamples);
  auto flags = std::make_shared<WeightsFlags>();
  const auto add = [&](const char* name, const char* help, int (*run)(const WeightsWork&),
                       std::initializer_list<std::string_view> settings = {"data", "weights"}) {
    CLI::App* one = command->add_subcommand(name, help);
    add_server_flags(*one, flags->server, settings);
    one->add_flag("--json", flags->json, "Print one JSON object");
    one->footer(kWeightsExamples);
    one->callback([flags, run, &program, &exit_code] { exit_code = with_shelf(program, *flags, run); });
    return one;
  };
  add("list", "Print every model and what of it is here", list_weights);
  CLI::App* pull = add("pull", "Fetch a model's weights from a hub, or go on fetching them", pull_weights,
                       {"data", "weights", "hub"});
  add_pull_flags(*pull, *flags);
  CLI::App* verify =
      add("verify", "Look whether files are whole, with checksums where known", verify_weights);
  CLI::App* added = add("add", "Take weights that you have; what each file is, is told from it", add_files);
  CLI::Option* move =
      added->add_flag("--move", flags->move, "Move the files instead of linking or copying them");
  added->add_flag("--link", flags->link, "Make symbolic links; the files must stay where they are")
      ->excludes(move);
  CLI::App* remove = add("remove", "Delete a model's weights; what others need stays", remove_weights);
  for (CLI::App* one : {pull, added, remove})
    one->add_option("model", flags->model, "A name of \"troupe weights list\"")->required();
  verify->add_option("model", flags->model, "Only this model");
  added->add_option("sources", flags->sources, "Files, or folders with them")->required();
}

}  // namespace troupe::cli
