// troupe jobs submit.
#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/ids.h"
#include "cli/remote/commands.h"
#include "cli/remote/download.h"
#include "cli/remote/follow.h"
#include "cli/remote/job_json.h"
#include "cli/remote/job_text.h"
#include "cli/remote/send_inputs.h"
#include "cli/report.h"
#include "cli/spec_flags.h"
#include "core/spec_json.h"

namespace troupe::cli::remote {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kIdempotencyKeyBytes = 16;

constexpr const char* kSubmitExamples = R"(Examples:
  export TROUPE_KEY=trp_sk_...
  troupe jobs submit --element fox=fox.png --prompt "@fox walks through a forest" -o fox.mp4
  id=$(troupe jobs submit --element fox=fox.png --prompt "@fox runs" --priority low -q)
  troupe jobs submit --spec request.json --metadata '{"order": 7}' --webhook-url https://example.org/hook
  troupe jobs submit --server https://video.example.org --prompt "a quiet park" --wait --json)";

struct SubmitFlags {
  TalkFlags talk;
  SpecFlags spec;
  std::string priority, webhook_url, metadata, idempotency_key, output;
  bool wait = false;
};

class Submit {
 public:
  Submit(Talk& talk, const SubmitFlags& flags) : talk_(talk), flags_(flags) {}

  int run() {
    SpecFromFlags given = spec_from_flags(flags_.spec);
    std::vector<catalog::Violation> violations;
    for (const Error& error : given.errors) violations.push_back(to_violation(error));
    for (catalog::Violation& violation : check_inputs(given.spec)) violations.push_back(std::move(violation));
    const Json metadata = read_metadata(violations);
    typed_ = given.spec;
    if (!violations.empty()) {
      tell_violations(violations, typed_, talk_.flags.json);
      return kRefused;
    }
    if (const auto writable = output_is_writable(); !writable) return talk_.fail(writable.error());
    {
      ProgressBar bar(talk_.has_bar());
      if (const auto code = talk_.trouble(send_inputs(talk_.session, given.spec, bar), typed_)) return *code;
    }
    return submit(body_of(given.spec, metadata));
  }

 private:
  Json read_metadata(std::vector<catalog::Violation>& violations) const {
    if (flags_.metadata.empty()) return nullptr;
    Json metadata = Json::parse(flags_.metadata, nullptr, false);
    if (!metadata.is_object())
      violations.push_back({"--metadata", "invalid_argument", "this is no JSON object.",
                            "Write for example --metadata '{\"order\": 7}'."});
    return metadata;
  }

  Result<void> output_is_writable() const {
    return flags_.output.empty() ? Result<void>() : check_output(flags_.output);
  }

  std::string body_of(const GenerationSpec& spec, const Json& metadata) const {
    Json body = {{"spec", Json::parse(print_spec(spec), nullptr, false)}};
    if (!flags_.priority.empty()) body["priority"] = flags_.priority;
    if (!flags_.webhook_url.empty()) body["webhook_url"] = flags_.webhook_url;
    if (!metadata.is_null()) body["metadata"] = metadata;
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  int submit(std::string body) {
    Call call;
    call.method = "POST";
    call.target = "/v1/jobs";
    const std::string key =
        flags_.idempotency_key.empty() ? to_hex(random_bytes(kIdempotencyKeyBytes)) : flags_.idempotency_key;
    call.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
    call.body = std::move(body);
    const Result<Answer> answer = talk_.session.ask(call);
    if (const auto code = talk_.trouble(answer, typed_)) {
      // A connection that broke off leaves it open; one that was never made does not.
      if (!answer && answer.error().code != ErrorCode::not_found)
        talk_.say("It is not known whether the job was taken. The same command with --idempotency-key " +
                  key + " finds out, and submits nothing twice.");
      return *code;
    }
    const Result<ToldJob> job = read_job(answer->json);
    if (!job) return talk_.fail(job.error());
    return flags_.wait || !flags_.output.empty() ? wait(*job) : tell(*job, *answer);
  }

  int wait(const ToldJob& job) {
    talk_.say(job.id + "  " + summary_of(job));
    return follow(talk_, job.id, {flags_.output, typed_});
  }

  int tell(const ToldJob& job, const Answer& answer) {
    std::cout << (talk_.flags.json ? answer.text : job.id) << "\n";
    talk_.say(summary_of(job) + "\nWatch it: troupe jobs watch " + job.id);
    return kOk;
  }

  std::string summary_of(const ToldJob& job) const {
    std::string text = job.state + ", " + (job.engine.draft ? "a draft of " : "") + job.model + " by " +
                       job.engine.name + ", " + (job.price.empty() ? "free" : job.price);
    const std::string draft = draft_warning_of(job, talk_.program.catalog);
    return draft.empty() ? text : text + "\n" + draft;
  }

  Talk& talk_;
  const SubmitFlags& flags_;
  GenerationSpec typed_;  // with the paths that a person typed
};

}  // namespace

void add_submit(CLI::App& jobs, const Program& program, int& exit_code) {
  CLI::App* command = jobs.add_subcommand("submit", "Submit a job; local pictures and clips are sent along");
  auto flags = std::make_shared<SubmitFlags>();
  add_spec_flags(*command, flags->spec);
  add_talk_flags(*command, flags->talk);
  command->add_option("--priority", flags->priority, "low, normal or high")
      ->type_name("LANE")
      ->check(CLI::IsMember({"low", "normal", "high"}));
  command->add_option("--webhook-url", flags->webhook_url, "Told when the job has ended")->type_name("URL");
  command->add_option("--metadata", flags->metadata, "Yours, kept with the job: a JSON object")
      ->type_name("JSON");
  command
      ->add_option("--idempotency-key", flags->idempotency_key,
                   "The same key twice is one job (made when not given)")
      ->type_name("TEXT");
  command->add_flag("--wait,--watch", flags->wait, "Follow it to its end");
  command->add_option("-o,--output", flags->output, "Follow it and fetch the video")->type_name("OUT.mp4");
  command->footer(kSubmitExamples);
  command->callback([flags, &program, &exit_code] {
    exit_code = talk_and(program, flags->talk, [&](Talk& talk) { return Submit(talk, *flags).run(); });
  });
}

}  // namespace troupe::cli::remote
