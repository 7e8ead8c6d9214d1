// Shell completions, written from the same flags that --help shows.
#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

#include "cli/command.h"

namespace troupe::cli {
namespace {

struct CommandWords {
  std::string name, description;
  std::vector<std::pair<std::string, std::string>> flags;  // spelling, description
};

std::vector<CommandWords> words_of(const CLI::App& app) {
  std::vector<CommandWords> commands;
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    CommandWords words{command->get_name(), command->get_description(), {}};
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames())
        words.flags.push_back({"--" + name, option->get_description()});
      for (const std::string& name : option->get_snames())
        words.flags.push_back({"-" + name, option->get_description()});
    }
    commands.push_back(std::move(words));
  }
  return commands;
}

std::string bash(const std::vector<CommandWords>& commands) {
  std::ostringstream out;
  out << "_troupe() {\n  local current=${COMP_WORDS[COMP_CWORD]} words=\"";
  for (const CommandWords& command : commands) out << command.name << " ";
  out << "--help --version\"\n  case ${COMP_WORDS[1]} in\n";
  for (const CommandWords& command : commands) {
    out << "    " << command.name << ") words=\"";
    for (const auto& [flag, description] : command.flags) out << flag << " ";
    out << "\" ;;\n";
  }
  out << "  esac\n  [ \"$COMP_CWORD\" -eq 1 ] && words=\"";
  for (const CommandWords& command : commands) out << command.name << " ";
  out << "--help --version\"\n"
         "  case $current in\n"
         "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$current\")) ;;\n"
         "    *) if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \"$words\" -- \"$current\"));\n"
         "       else COMPREPLY=($(compgen -f -- \"${current#*=}\")); fi ;;\n"
         "  esac\n}\ncomplete -o filenames -F _troupe troupe\n";
  return out.str();
}

// Quotes for a single-quoted word of zsh or fish.
std::string escaped(std::string text) {
  for (size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 4) text.replace(at, 1, "'\\''");
  return text;
}

std::string zsh(const std::vector<CommandWords>& commands) {
  std::ostringstream out;
  out << "#compdef troupe\n_troupe() {\n  if (( CURRENT == 2 )); then\n    local -a commands=(\n";
  for (const CommandWords& command : commands) {
    out << "      '" << command.name << ":" << escaped(command.description) << "'\n";
  }
  out << "    )\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n";
  for (const CommandWords& command : commands) {
    out << "    " << command.name << ") _values -w flag";
    for (const auto& [flag, description] : command.flags) out << " '" << flag << "'";
    out << "; _files ;;\n";
  }
  out << "  esac\n}\ncompdef _troupe troupe\n";
  return out.str();
}

std::string fish(const std::vector<CommandWords>& commands) {
  std::ostringstream out;
  for (const CommandWords& command : commands) {
    out << "complete -c troupe -n __fish_use_subcommand -a " << command.name << " -d '"
        << escaped(command.description) << "'\n";
    for (const auto& [flag, description] : command.flags) {
      const bool is_long = flag.starts_with("--");
      out << "complete -c troupe -n '__fish_seen_subcommand_from " << command.name << "' "
          << (is_long ? "-l " : "-s ") << flag.substr(is_long ? 2 : 1) << " -d '" << escaped(description)
          << "'\n";
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
    const std::vector<CommandWords> commands = words_of(app);
    std::cout << (*shell == "bash" ? bash(commands) : *shell == "zsh" ? zsh(commands) : fish(commands));
    exit_code = kOk;
  });
}

}  // namespace troupe::cli
