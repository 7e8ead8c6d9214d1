#include <CLI/CLI.hpp>
#include <iostream>

#include "base/task_queue.h"
#include "cli/command.h"
#include "cli/report.h"
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
  troupe generate --spec request.json --json -o out.mp4)";

struct GenerateFlags {
  SpecFlags spec;
  std::string output;
  bool json = false, dry_run = false, quiet = false;
  int threads = 0;
};

class Generate {
 public:
  Generate(const Program& program, const GenerateFlags& flags) : program_(program), flags_(flags) {}

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
    return flags_.dry_run ? plan(take) : make(take);
  }

 private:
  int refuse(const std::vector<catalog::Violation>& violations, const GenerationSpec& spec) {
    tell_violations(violations, spec, flags_.json);
    return kRefused;
  }

  int fail(const Error& error) {
    tell_error(error, flags_.json);
    if (error.code == ErrorCode::cancelled) return kInterrupted;
    return error.code == ErrorCode::not_found && error.field.empty() ? kRefused : kFailed;
  }

  int plan(const work::PreparedTake& take) {
    const Result<engine::RenderReport> report = work::plan_take(take, program_.stage);
    if (!report) return fail(report.error());
    std::cout << (flags_.json ? plan_json(take, *report) : print_plan(take, *report));
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
      Result<work::TakeReport> made = work::make_take(take, program_.stage, options);
      if (!made) return fail(made.error());
      takes.push_back(std::move(*made));
    }
    if (flags_.json) {
      std::cout << takes_json(takes, *take.model);
    } else {
      for (const work::TakeReport& made : takes)
        std::cout << print_take(made, take.model->id, draft_warning(*take.model));
    }
    return kOk;
  }

  const Program& program_;
  const GenerateFlags& flags_;
};

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
  command->footer(kGenerateExamples);
  command->callback([flags, &program, &exit_code] {
    if (flags->output.empty() && !flags->dry_run) {
      throw CLI::RequiredError("-o OUT.mp4 (or --dry-run)");
    }
    exit_code = Generate(program, *flags).run();
  });
}

}  // namespace troupe::cli
