#include "server/providers.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <iostream>
#include <optional>
#include <system_error>

#include "api/native/wire.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/secret_input.h"
#include "cli/server_flags.h"
#include "core/short_text.h"
#include "engine/upstream/provider.h"
#include "engine/upstream/upstream_engine.h"
#include "fetch/fetcher.h"
#include "server/data_folder.h"

namespace troupe::cli {
namespace {

constexpr const char* kProvidersExamples =
    "Examples:\n"
    "  troupe providers set venice                       asks for the key and does not show it\n"
    "  troupe providers set fal --key-file fal.key\n"
    "  troupe providers set my-vllm --kind openai --base-url http://127.0.0.1:8000/v1 --no-key\n"
    "  troupe providers test venice\n"
    "  troupe providers remove fal";

constexpr std::chrono::seconds kProviderAnswerIdle{30};

struct ProvidersFlags {
  ServerFlags server;
  std::string name, key_file;
  std::optional<std::string> kind, base_url;
  bool no_key = false, json = false;
};

// What a command works with.
struct ProvidersWork {
  const Program& program;
  const ProvidersFlags& flags;
  server::Providers& providers;
};

// Fields of the API as the flags that were typed.
std::string flag_of_field(const std::string& field) {
  return field == "/kind"       ? "--kind"
         : field == "/base_url" ? "--base-url"
         : field == "/key"      ? "the key"
                                : field;
}

int tell_trouble(Error error, bool json) {
  if (!json) error.field = flag_of_field(error.field);
  tell_error(error, json);
  return error.code == ErrorCode::cancelled          ? kInterrupted
         : error.code == ErrorCode::invalid_argument ? kUsage
                                                     : kFailed;
}

Result<std::string> key_of_file(const std::string& path) {
  if (path == "-") return read_secret(STDIN_FILENO, kProviderKeyBytesMax);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    const std::string why = std::generic_category().message(errno);
    return make_error(ErrorCode::io, troupe::quoted(path) + " can't be read: " + why + ".", "--key-file");
  }
  Result<std::string> key = read_secret(file, kProviderKeyBytesMax);
  ::close(file);
  if (key && key->empty())
    return make_error(ErrorCode::invalid_argument, troupe::quoted(path) + " is empty.", "--key-file");
  return key;
}

// The key that is handed over; none: whatever is stored stays.
Result<std::optional<std::string>> key_given(const ProvidersWork& work) {
  const ProvidersFlags& flags = work.flags;
  if (flags.no_key) return std::optional<std::string>("");
  Result<std::string> key =
      !flags.key_file.empty() ? key_of_file(flags.key_file)
      : ::isatty(STDIN_FILENO)
          ? read_hidden_line(STDIN_FILENO,
                             "Key of " + flags.name + " (empty: as it was): ", kProviderKeyBytesMax,
                             work.program.cancel)
          : read_secret(STDIN_FILENO, kProviderKeyBytesMax);
  if (!key) return key.error();
  if (key->empty()) return std::optional<std::string>();
  return std::optional(std::move(*key));
}

std::string provider_line(const ProviderSummary& provider) {
  const std::string key = !provider.has_key           ? "no key"
                          : provider.key_hint.empty() ? "key"
                                                      : "key …" + provider.key_hint;
  return provider.name + "  " + provider.kind + "  " + provider.base_url + "  " + key + "\n";
}

int list_providers(const ProvidersWork& work) {
  const Result<std::vector<ProviderSummary>> all = work.providers.list();
  if (!all) return tell_trouble(all.error(), work.flags.json);
  if (work.flags.json) {
    std::cout << api::native::print_providers(*all);
    return kOk;
  }
  for (const ProviderSummary& provider : *all) std::cout << provider_line(provider);
  return kOk;
}

int set_provider(const ProvidersWork& work) {
  const ProvidersFlags& flags = work.flags;
  Result<std::optional<std::string>> key = key_given(work);
  if (!key) return tell_trouble(key.error(), flags.json);
  const auto done = work.providers.set(flags.name, {flags.kind, flags.base_url, std::move(*key)});
  if (!done) return tell_trouble(done.error(), flags.json);
  if (flags.json) {
    std::cout << api::native::print_provider(done->provider);
  } else {
    std::cerr << (done->added ? "added: " : "changed: ") << provider_line(done->provider)
              << "Servers that run notice within seconds.\n";
  }
  return kOk;
}

int remove_provider(const ProvidersWork& work) {
  const Result<void> removed = work.providers.remove(work.flags.name);
  if (!removed) return tell_trouble(removed.error(), work.flags.json);
  if (!work.flags.json)
    std::cerr << work.flags.name << " is removed; servers that run notice within seconds.\n";
  return kOk;
}

int tell_test(const api::native::ProviderTest& test, bool json) {
  if (json) {
    std::cout << api::native::print_provider_test(test);
  } else if (test.ok) {
    std::cout << test.message << "\n";
  } else {
    std::cerr << "troupe: " << test.failure << ": " << test.message << "\n";
  }
  return test.ok ? kOk : kFailed;
}

int test_provider(const ProvidersWork& work) {
  const ProvidersFlags& flags = work.flags;
  fetch::Fetcher fetcher;
  upstream::UpstreamOptions options;
  options.user_agent = "Troupe/" + std::string(version());
  options.answer_idle = kProviderAnswerIdle;
  upstream::UpstreamEngine engine([&](const std::string& name) { return work.providers.access(name); },
                                  fetcher, options);
  const auto said = engine.test(flags.name, work.program.cancel);
  if (work.program.cancel.cancelled()) return kInterrupted;
  if (!said) return tell_trouble(said.error(), flags.json);
  api::native::ProviderTest test{said->value.has_value(), "", said->value.value_or(said->failure.message)};
  if (!test.ok) test.failure = engine::name(said->failure.kind);
  return tell_test(test, flags.json);
}

int with_providers(const Program& program, const ProvidersFlags& flags, int (*run)(const ProvidersWork&)) {
  const Result<server::Config> config = config_of(flags.server);
  if (!config) return tell_trouble(config.error(), flags.json);
  Result<server::DataFolder> folder = server::open_data_folder(config->data);
  if (!folder) return tell_trouble(folder.error(), flags.json);
  const SystemClock clock;
  server::Providers providers(folder->jobs->providers(), folder->secret, clock);
  return run({program, flags, providers});
}

std::string kinds_help() {
  std::string text = "Whose API it speaks (default: the one of its name):";
  for (const std::string_view kind : upstream::provider_names()) text += " " + std::string(kind);
  return text;
}

}  // namespace

void add_providers(CLI::App& app, const Program& program, int& exit_code) {
  CLI::App* command = app.add_subcommand("providers", "Whom jobs are sent to, and with which keys");
  command->require_subcommand(1);
  command->footer(kProvidersExamples);
  auto flags = std::make_shared<ProvidersFlags>();
  const auto add = [&](const char* name, const char* help, int (*run)(const ProvidersWork&)) {
    CLI::App* one = command->add_subcommand(name, help);
    add_server_flags(*one, flags->server, {"data"});
    one->add_flag("--json", flags->json, "Print one JSON object");
    one->footer(kProvidersExamples);
    one->callback([flags, run, &program, &exit_code] { exit_code = with_providers(program, *flags, run); });
    return one;
  };
  add("list", "Print every provider that is set up", list_providers);
  CLI::App* set = add("set", "Set up a provider, or change it; the key comes from stdin", set_provider);
  set->add_option("--kind", flags->kind, kinds_help())->type_name("KIND");
  set->add_option("--base-url", flags->base_url, "Where its API is (\"\" or none: the usual address)")
      ->type_name("URL");
  CLI::Option* key_file =
      set->add_option("--key-file", flags->key_file, "File with the key (- reads stdin)")->type_name("FILE");
  set->add_flag("--no-key", flags->no_key, "It wants no key; forget the stored one")->excludes(key_file);
  CLI::App* remove = add("remove", "Forget a provider and its key", remove_provider);
  CLI::App* test = add("test", "Ask a provider whether it takes the key; costs nothing", test_provider);
  for (CLI::App* one : {set, remove, test})
    one->add_option("name", flags->name, "venice, fal … or a name of your own")->required();
}

}  // namespace troupe::cli
