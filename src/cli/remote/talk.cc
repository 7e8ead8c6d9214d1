#include "cli/remote/talk.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/report.h"
#include "cli/terminal.h"
#include "fetch/url.h"

namespace troupe::cli::remote {
namespace {

constexpr const char* kUsualServer = "http://127.0.0.1:8080";

// "https://video.example.org/troupe": a server may live below a path, but not in a query.
Result<std::string> base_of(const std::string& server) {
  const auto parsed = fetch::parse_url(server);
  if (!parsed || server.find_first_of("?#") != std::string::npos) {
    const std::string why = parsed ? "it has a query or a fragment" : parsed.error().message;
    return make_error(
        ErrorCode::invalid_argument,
        "\"" + server + "\" is no server's address: " + why + ". Write for example " + kUsualServer,
        "--server");
  }
  std::string base = fetch::print(*parsed);
  while (base.ends_with('/')) base.pop_back();
  return base;
}

std::string problem_json(const Problem& problem) {
  const nlohmann::ordered_json json = {{"error",
                                        {{"code", problem.code.empty() ? "unavailable" : problem.code},
                                         {"message", problem.detail},
                                         {"status", problem.status}}}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

bool is_refusal(const Problem& problem) { return problem.status >= 400 && problem.status < 500; }

// What to do about a key is said in this program's words.
std::string sentence_of(const Problem& problem, const SessionOptions& options) {
  if (problem.status != 401) return problem.detail;
  return options.key.empty()
             ? options.server +
                   " wants an API key: put one into the variable TROUPE_KEY (or give --key); "
                   "\"troupe keys create\" makes one on the server's machine."
             : options.server + " does not know the API key that was given in TROUPE_KEY or --key.";
}

}  // namespace

void add_talk_flags(CLI::App& command, TalkFlags& flags) {
  command.add_option("--server", flags.server, "The server's address")
      ->type_name("URL")
      ->envname("TROUPE_SERVER")
      ->default_str(kUsualServer);
  command
      .add_option(
          "--key", flags.key,
          "The API key; give it in the variable rather than here, where the shell's history and other "
          "users see it")
      ->type_name("SECRET")
      ->envname("TROUPE_KEY");
  command.add_flag("--json", flags.json, "Print one JSON object");
  command.add_flag("-q,--quiet", flags.quiet, "No progress bar and no hints");
}

Result<std::unique_ptr<Talk>> Talk::open(const Program& program, const TalkFlags& flags) {
  SessionOptions options;
  TROUPE_TRY(options.server, base_of(flags.server.empty() ? kUsualServer : flags.server));
  options.key = flags.key;
  options.cancel = program.cancel;
  if (!flags.quiet && !flags.json) {
    options.say = [](const std::string& text) { std::cerr << colored("troupe: ", "33") << text << "\n"; };
  }
  return std::unique_ptr<Talk>(new Talk(program, flags, std::move(options)));
}

void Talk::say(const std::string& text) const {
  if (!flags.quiet && !flags.json) std::cerr << text << "\n";
}

std::optional<int> Talk::trouble(const Result<Answer>& answer, const GenerationSpec& spec) const {
  if (!answer) return fail(answer.error());
  if (answer->problem) return refuse(*answer->problem, spec);
  return std::nullopt;
}

int Talk::fail(const Error& error) const {
  Error told = error;
  if (error.code == ErrorCode::not_found && error.field.empty()) {
    told.code = ErrorCode::unavailable;
    told.message = "no server answers at " + session.options().server +
                   ": start one with \"troupe serve\", or name it with --server. (" + error.message + ")";
  }
  if (error.code == ErrorCode::cancelled && !flags.json) {
    std::cerr << "interrupted\n";
  } else {
    tell_error(told, flags.json);
  }
  if (error.code == ErrorCode::cancelled) return kInterrupted;
  return error.code == ErrorCode::invalid_argument ? kUsage : kFailed;
}

int Talk::refuse(const Problem& problem, const GenerationSpec& spec) const {
  std::vector<catalog::Violation> violations = problem.errors;
  for (catalog::Violation& violation : violations) violation.field = field_of_request(violation.field);
  if (is_refusal(problem) && !violations.empty()) {
    tell_violations(violations, spec, flags.json);
  } else if (flags.json) {
    std::cout << problem_json(problem);
  } else {
    std::cerr << colored(is_refusal(problem) ? "refused: " : "troupe: ", "31")
              << sentence_of(problem, session.options()) << "\n";
  }
  return is_refusal(problem) ? kRefused : kFailed;
}

std::string field_of_request(const std::string& pointer) {
  constexpr std::string_view kSpec = "/spec";
  constexpr std::array<std::pair<std::string_view, const char*>, 8> kFlags = {
      {{"/priority", "--priority"},
       {"/webhook_url", "--webhook-url"},
       {"/metadata", "--metadata"},
       {"Idempotency-Key", "--idempotency-key"},
       {"state", "--state"},
       {"model", "--model"},
       {"text", "--text"},
       {"take", "--take"}}};
  if (pointer == kSpec || pointer.starts_with("/spec/")) return pointer.substr(kSpec.size());
  for (const auto& [field, flag] : kFlags) {
    if (pointer == field) return flag;
  }
  return pointer;
}

}  // namespace troupe::cli::remote
