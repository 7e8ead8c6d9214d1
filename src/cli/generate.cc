#include <CLI/CLI.hpp>
#include <iostream>

#include "base/task_queue.h"
#include "cli/command.h"
#include "cli/local_models.h"
#include "cli/report.h"
#include "cli/server_flags.h"
#include "cli/spec_flags.h"
#include "cli/take_files.h"
#include "cli/terminal.h"
#include "work/make_take.h"

namespace troupe::cli {
namespace {

constexpr const char* kGenerateExamples = R"(Examples:
  troupe generate --element fox=fox.png --prompt "@fox walks through a forest, golden hour" -o fox.mp4
  troupe generate --element mira=front.png,side.png,back.png --scene street.jpg --audio -o mira.mp4 \
      --shot "4s: wide shot, @mira walks down the street, camera tracks from behind" \
      --shot "3s: close-up of @mira, she says \"hello\""
  troupe generate --first-frame start.jpg --last-frame end.jpg --prompt "slow push in" -o move.mp4
  troupe generate --extend fox.mp4 --prompt "the camera pulls back" -o longer.mp4
  troupe generate --model refalign-1.3b --element fox=fox.png --prompt "@fox dances in the rain" -o fox.mp4
  troupe generate --spec request.json --json -o out.mp4)";

struct GenerateFlags {
  SpecFlags spec;
  std::string output;
  bool json = false, dry_run = false, quiet = false, draft = false;
  int threads = 0;
  // Of models that are made here with open weights.
  ServerFlags settings;
  std::string solver;
  std::vector<std::string> loras;
  int steps = 0;
};

Result<LocalModelOptions> local_options(const GenerateFlags& flags, const server::Config& config) {
  LocalModelOptions options;
  options.engine = engine_options(config);
  if (flags.steps > 0) options.steps = flags.steps;
  if (!flags.solver.empty()) options.solver = flags.solver;
  for (const std::string& lora : flags.loras) {
    TROUPE_TRY(engine::wan::ModelLora parsed, parse_lora(lora));
    options.loras.push_back(std::move(parsed));
  }
  return options;
}

class Generate {
 public:
  Generate(const Program& program, const GenerateFlags& flags)
      : program_(program), flags_(flags), engine_(&program.stage) {}

  int run() {
    SpecFromFlags given = spec_from_flags(flags_.spec);
    std::vector<catalog::Violation> violations;
    for (const Error& error : given.errors) violations.push_back(to_violation(error));
    const GenerationSpec spec = given.spec;
    Result<work::Preparation> prepared =
        work::prepare(program_.catalog, std::move(given.spec), program_.media, program_.cancel);
    if (!prepared) return fail(prepared.error());
    violations.insert(violations.end(), prepared->violations.begin(), prepared->violations.end());
    if (!violations.empty()) return refuse(violations, spec);
    work::PreparedTake& take = *prepared->take;
    // Models with open weights are made by the neural engine; a draft of theirs is made where one is asked
    // for.
    if (take.model->engine == catalog::EngineKind::wan && !flags_.draft) {
      const Result<server::Config> config = config_of(flags_.settings);
      if (!config) return misused(config.error());
      if (const Result<void> found = find_engine(*take.model, *config); !found) return fail(found.error());
    }
    return flags_.dry_run ? plan(take) : make(take);
  }

 private:
  Result<void> find_engine(const catalog::Model& model, const server::Config& config) {
    TROUPE_TRY(LocalModelOptions options, local_options(flags_, config));
    local_ = std::make_unique<LocalModels>(config.weights, std::move(options));
    Result<void> ready = local_->ready(model.id);
    if (ready) {
      engine_ = local_->engine();
      return {};
    }
    Error error = ready.error();
    error.message += " A draft needs no weights: --draft.";
    return error;
  }

  int refuse(const std::vector<catalog::Violation>& violations, const GenerationSpec& spec) {
    tell_violations(violations, spec, flags_.json);
    return kRefused;
  }

  int misused(const Error& error) {
    tell_error(error, flags_.json);
    return kUsage;
  }

  int fail(const Error& error) {
    tell_error(error, flags_.json);
    if (error.code == ErrorCode::cancelled) return kInterrupted;
    return error.code == ErrorCode::not_found && error.field.empty() ? kRefused : kFailed;
  }

  int plan(const work::PreparedTake& take) {
    const Result<engine::RenderReport> report = work::plan_take(take, *engine_);
    if (!report) return fail(report.error());
    std::cout << (flags_.json ? plan_json(take, *report, engine_->info().draft) : print_plan(take, *report));
    return kOk;
  }

  int make(work::PreparedTake& take) {
    std::vector<work::TakeReport> takes;
    for (int index = 0; index < take.resolved.count; ++index) {
      ProgressBar bar(!flags_.quiet && !flags_.json);
      work::TakeOptions options;
      options.output = output_of(flags_.output, index);
      options.index = index;
      options.threads = flags_.threads > 0 ? flags_.threads : available_threads();
      options.cancel = program_.cancel;
      options.progress = [&](const Progress& progress) { bar.show(progress); };
      Result<work::TakeReport> made = work::make_take(take, *engine_, options);
      if (!made) return fail(made.error());
      takes.push_back(std::move(*made));
    }
    if (flags_.json) {
      std::cout << takes_json(takes, *take.model);
    } else {
      for (const work::TakeReport& made : takes)
        std::cout << print_take(made, take.model->id, draft_warning(*take.model, made.engine.draft));
    }
    return kOk;
  }

  const Program& program_;
  const GenerateFlags& flags_;
  std::unique_ptr<LocalModels> local_;
  engine::Engine* engine_;
};

void add_local_flags(CLI::App& command, GenerateFlags& flags) {
  add_server_flags(command, flags.settings, {"data", "weights", "device", "precision", "decoder", "memory"});
  command.add_flag("--draft", flags.draft, "Make a draft with the stage engine, whatever the model");
  command.add_option("--steps", flags.steps, "Of models made here: steps, other than their authors say")
      ->check(CLI::Range(1, 1000));
  command.add_option("--solver", flags.solver, "Of models made here: how to sample")
      ->check(CLI::IsMember({"unipc", "dpmpp", "euler", "flow_match", "unipc_diffusers", "distilled"}));
  command.add_option("--lora", flags.loras, "Of models made here: a LoRA to merge; repeatable")
      ->type_name("FILE[=STRENGTH]");
}

}  // namespace

void add_generate(CLI::App& app, const Program& program, int& exit_code) {
  CLI::App* command = app.add_subcommand("generate", "Make a video");
  auto flags = std::make_shared<GenerateFlags>();
  add_spec_flags(*command, flags->spec);
  command->add_option("-o,--output", flags->output, "The video file to write")->type_name("OUT.mp4");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->add_flag("--dry-run", flags->dry_run, "Say what would be made and what it costs, make nothing");
  command->add_flag("-q,--quiet", flags->quiet, "No progress bar");
  command->add_option("--threads", flags->threads, "Threads (default: all)")->check(CLI::Range(1, 256));
  add_local_flags(*command, *flags);
  command->footer(kGenerateExamples);
  command->callback([flags, &program, &exit_code] {
    if (flags->output.empty() && !flags->dry_run) {
      throw CLI::RequiredError("-o OUT.mp4 (or --dry-run)");
    }
    exit_code = Generate(program, *flags).run();
  });
}

}  // namespace troupe::cli
