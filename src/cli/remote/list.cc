// troupe jobs list.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "cli/remote/commands.h"
#include "cli/remote/job_json.h"
#include "cli/remote/job_text.h"
#include "cli/remote/json_values.h"
#include "cli/terminal.h"

namespace troupe::cli::remote {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kPageMax = 200;      // of the API
constexpr int kListMax = 100'000;  // with --all: memory has an end

constexpr const char* kListExamples =
    "Examples:\n"
    "  troupe jobs list\n"
    "  troupe jobs list --state queued --state running\n"
    "  troupe jobs list --text fox --model kling-o3-pro-reference-to-video --all --json";

struct ListFlags {
  TalkFlags talk;
  std::vector<std::string> states;
  std::string model, text;
  int limit = 20;
  bool all = false;
};

std::string target_of(const ListFlags& flags, int count, const std::string& cursor) {
  std::string target = "/v1/jobs?limit=" + std::to_string(count);
  for (const std::string& state : flags.states) target += "&state=" + in_query(state);
  if (!flags.model.empty()) target += "&model=" + in_query(flags.model);
  if (!flags.text.empty()) target += "&text=" + in_query(flags.text);
  return cursor.empty() ? target : target + "&cursor=" + in_query(cursor);
}

// The jobs as they came, and whether there are more.
struct Listed {
  Json data = Json::array();
  std::string next_cursor;
};

int tell(const Talk& talk, const Listed& listed) {
  if (talk.flags.json) {
    const Json json = {{"object", "list"},
                       {"data", listed.data},
                       {"next_cursor", listed.next_cursor.empty() ? Json() : Json(listed.next_cursor)}};
    std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
    return kOk;
  }
  std::vector<ToldJob> jobs;
  for (const Json& item : listed.data) {
    Result<ToldJob> job = read_job(nlohmann::json(item));
    if (!job) return talk.fail(job.error());
    jobs.push_back(std::move(*job));
  }
  if (jobs.empty()) {
    talk.say("no jobs");
    return kOk;
  }
  std::cout << print_table(jobs, SystemClock().now(), is_terminal(stdout) ? columns_of(stdout) : 0);
  if (!listed.next_cursor.empty()) talk.say("There are more: --limit N or --all shows them.");
  return kOk;
}

int list(Talk& talk, const ListFlags& flags) {
  const int wanted = flags.all ? kListMax : flags.limit;
  Listed listed;
  do {
    const int count = std::min(kPageMax, wanted - static_cast<int>(listed.data.size()));
    Call call;
    call.target = target_of(flags, count, listed.next_cursor);
    const Result<Answer> answer = talk.session.ask(call);
    if (const auto code = talk.trouble(answer)) return *code;
    if (!value_at(answer->json, "data").is_array())
      return talk.fail(make_error(ErrorCode::corrupt_input, "what the server answered is no list of jobs"));
    const Json page = Json::parse(answer->text, nullptr, false);
    for (const Json& item : page["data"]) listed.data.push_back(item);
    const std::string before = std::move(listed.next_cursor);
    listed.next_cursor = list_at(answer->json, "data").empty() ? "" : text_at(answer->json, "next_cursor");
    if (!before.empty() && listed.next_cursor == before)
      return talk.fail(
          make_error(ErrorCode::corrupt_input, "the server gives the same page again and again"));
  } while (!listed.next_cursor.empty() && static_cast<int>(listed.data.size()) < wanted);
  return tell(talk, listed);
}

}  // namespace

void add_list(CLI::App& jobs, const Program& program, int& exit_code) {
  CLI::App* command = jobs.add_subcommand("list", "Show jobs, newest first");
  auto flags = std::make_shared<ListFlags>();
  add_talk_flags(*command, flags->talk);
  command->add_option("--state", flags->states, "Only those in this state; repeat for several")
      ->type_name("STATE")
      ->expected(1)
      ->take_all()
      ->check(
          CLI::IsMember({"queued", "running", "submitted", "succeeded", "failed", "cancelled", "parked"}));
  command->add_option("--model", flags->model, "Only those of this model")->type_name("ID");
  command->add_option("--text", flags->text, "Only those with this in the prompt")->type_name("TEXT");
  command->add_option("--limit", flags->limit, "How many (default 20)")
      ->type_name("N")
      ->check(CLI::Range(1, kListMax));
  command->add_flag("--all", flags->all, "All of them")->excludes("--limit");
  command->footer(kListExamples);
  command->callback([flags, &program, &exit_code] {
    exit_code = talk_and(program, flags->talk, [&](Talk& talk) { return list(talk, *flags); });
  });
}

}  // namespace troupe::cli::remote
