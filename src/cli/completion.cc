// Shell completions, written from the same commands and flags that --help shows.
#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "cli/command.h"

namespace troupe::cli {
namespace {

using Described = std::pair<std::string, std::string>;  // a word and what it means

// One command at any depth: "/" is troupe itself, "/jobs/submit" a command of a command.
struct CommandWords {
  std::string path;
  std::vector<Described> commands;  // the next word; empty: there is none
  std::vector<Described> flags;
};

void collect(const CLI::App& app, const std::string& path, std::vector<CommandWords>& all) {
  CommandWords words{path, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames())
      words.flags.emplace_back("--" + name, option->get_description());
    for (const std::string& name : option->get_snames())
      words.flags.emplace_back("-" + name, option->get_description());
  }
  const auto commands = app.get_subcommands(nullptr);
  for (const CLI::App* command : commands)
    words.commands.emplace_back(command->get_name(), command->get_description());
  all.push_back(std::move(words));
  for (const CLI::App* command : commands)
    collect(*command, (path == "/" ? path : path + "/") + command->get_name(), all);
}

std::string list(const std::vector<Described>& words) {
  std::string text;
  for (const auto& [word, meaning] : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// For a `case` on the path so far and the next word: which of them lead on.
std::string steps(const std::vector<CommandWords>& all) {
  std::string text;
  for (const CommandWords& words : all) {
    if (words.path != "/") text += (text.empty() ? "" : "|") + words.path;
  }
  return text;
}

// What was typed before the cursor is walked through, flags and their values passed over.
std::string bash(const std::vector<CommandWords>& all) {
  std::ostringstream out;
  out << "_troupe() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} at=/ word commands flags\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case ${at%/}/$word in "
      << steps(all)
      << ") at=${at%/}/$word ;; esac\n"
         "  done\n"
         "  case $at in\n";
  for (const CommandWords& words : all) {
    out << "    " << words.path << ") commands=\"" << list(words.commands) << "\" flags=\""
        << list(words.flags) << "\" ;;\n";
  }
  out << "  esac\n"
         "  case $current in\n"
         "    -*) COMPREPLY=($(compgen -W \"$flags\" -- \"$current\")) ;;\n"
         "    *) if [ -n \"$commands\" ]; then COMPREPLY=($(compgen -W \"$commands\" -- \"$current\"));\n"
         "       else COMPREPLY=($(compgen -f -- \"${current#*=}\")); fi ;;\n"
         "  esac\n}\ncomplete -o filenames -F _troupe troupe\n";
  return out.str();
}

// Quotes for a single-quoted word of zsh or fish.
std::string escaped(std::string text) {
  for (size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 4) text.replace(at, 1, "'\\''");
  return text;
}

// As an item of _describe, in which a colon ends the word.
std::string zsh_items(const std::vector<Described>& words) {
  std::string text;
  for (const auto& [word, meaning] : words) text += " '" + word + ":" + escaped(meaning) + "'";
  return text;
}

std::string zsh(const std::vector<CommandWords>& all) {
  std::ostringstream out;
  out << "#compdef troupe\n_troupe() {\n"
         "  local at=/ word\n  local -a commands flags\n"
         "  for word in ${words[2,CURRENT-1]}; do\n"
         "    case ${at%/}/$word in ("
      << steps(all) << ") at=${at%/}/$word ;; esac\n  done\n  case $at in\n";
  for (const CommandWords& words : all) {
    out << "    (" << words.path << ") commands=(" << zsh_items(words.commands) << " ) flags=("
        << zsh_items(words.flags) << " ) ;;\n";
  }
  out << "  esac\n"
         "  if [[ ${words[CURRENT]} == -* ]]; then _describe -o flag flags\n"
         "  elif (( $#commands )); then _describe command commands\n"
         "  else _files; fi\n}\ncompdef _troupe troupe\n";
  return out.str();
}

// True where exactly the commands of the path were typed.
std::string fish_condition(const CommandWords& words) { return "'test (__troupe_at) = " + words.path + "'"; }

std::string fish(const std::vector<CommandWords>& all) {
  std::ostringstream out;
  out << "function __troupe_at\n"
         "  set -l at /\n"
         "  for word in (commandline -opc)[2..-1]\n"
         "    set -l next (string trim -r -c / -- $at)/$word\n"
         "    contains -- $next";
  for (const CommandWords& words : all) out << " " << words.path;
  out << "; and set at $next\n  end\n  echo $at\nend\n";
  for (const CommandWords& words : all) {
    const std::string condition = fish_condition(words);
    for (const auto& [command, meaning] : words.commands) {
      out << "complete -c troupe -f -n " << condition << " -a " << command << " -d '" << escaped(meaning)
          << "'\n";
    }
    for (const auto& [flag, meaning] : words.flags) {
      const bool is_long = flag.starts_with("--");
      out << "complete -c troupe -n " << condition << " " << (is_long ? "-l " : "-s ")
          << flag.substr(is_long ? 2 : 1) << " -d '" << escaped(meaning) << "'\n";
    }
  }
  return out.str();
}

}  // namespace

void add_completion(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("completion", "Print shell completions");
  auto shell = std::make_shared<std::string>();
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer("Example:\n  troupe completion bash > /etc/bash_completion.d/troupe");
  command->callback([shell, &app, &exit_code] {
    std::vector<CommandWords> all;
    collect(app, "/", all);
    std::cout << (*shell == "bash" ? bash(all) : *shell == "zsh" ? zsh(all) : fish(all));
    exit_code = kOk;
  });
}

}  // namespace troupe::cli
