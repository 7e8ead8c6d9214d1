// What the commands that talk to a server have in common: their flags, the session, how troubles are told.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "cli/remote/session.h"
#include "core/generation_spec.h"

namespace CLI {
class App;
}

namespace troupe::cli::remote {

struct TalkFlags {
  std::string server, key;
  bool json = false, quiet = false;
};

/// Registers --server, --key, --json and -q. `flags` outlives `command`.
void add_talk_flags(CLI::App& command, TalkFlags& flags);

/// A command's talk with its server. Members may be used from one thread.
class Talk {
 public:
  /// Errors: invalid_argument: --server is no http or https URL.
  static Result<std::unique_ptr<Talk>> open(const Program& program, const TalkFlags& flags);

  const Program& program;
  const TalkFlags& flags;
  Session session;

  bool has_bar() const { return !flags.quiet && !flags.json; }
  /// For people, on stderr; nothing with --json and -q.
  void say(const std::string& text) const;

  /// If `answer` gave nothing, tells why and returns the exit code. `spec`: what a person typed, for the
  /// names of flags.
  std::optional<int> trouble(const Result<Answer>& answer, const GenerationSpec& spec = {}) const;
  /// Tells it and returns the exit code.
  int fail(const Error& error) const;
  int refuse(const Problem& problem, const GenerationSpec& spec = {}) const;

 private:
  Talk(const Program& of, const TalkFlags& given, SessionOptions options)
      : program(of), flags(given), session(std::move(options)) {}
};

/// The flag that a field of a request to /v1/jobs stands for where it is not of the spec: "/priority" is
/// "--priority"; the spec's own without "/spec", for flag_of().
std::string field_of_request(const std::string& pointer);

}  // namespace troupe::cli::remote
