// The program's object graph, top to bottom.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/cancel.h"
#include "catalog/catalog.h"
#include "cli/command.h"
#include "engine/stage/stage_engine.h"
#include "work/decode_worker.h"
#include "work/media_reader.h"

namespace {

troupe::CancelSource* interrupted = nullptr;  // set before the handler is installed, never freed under it

// The first signal asks the work to stop and clean up; a second one stops at once.
extern "C" void on_signal(int signal_number) {
  interrupted->cancel();
  std::signal(signal_number, SIG_DFL);
}

// Threads of the neural engine that wait for each other by turning in circles take the processor from those
// that work: on two cores a video took ten times as long. How they wait is read from the environment when
// OpenMP's library is loaded, which is before main: the program starts itself once more. Where that fails it
// is only slow.
void let_threads_sleep(int argc, char** argv) {
  if (argc < 2 || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  const std::string_view command = argv[1];
  if (command != "generate" && command != "serve") return;
  ::setenv("OMP_WAIT_POLICY", "passive", 0);
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (!failed) ::execv(program.c_str(), argv);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == troupe::work::kDecodeWorkerFlag) {
    troupe::work::run_decode_worker({argv + 2, argv + argc});
  }
  let_threads_sleep(argc, argv);
  troupe::CancelSource cancel;
  interrupted = &cancel;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);

  const auto catalog = troupe::catalog::load_builtin();
  if (!catalog) {
    std::cerr << "troupe: the built-in catalog is broken: " << troupe::to_string(catalog.error()) << "\n";
    return troupe::cli::kFailed;
  }
  troupe::stage::StageEngine stage;
  troupe::work::LocalMediaReader media;
  const troupe::cli::Program program{*catalog, stage, media, cancel.token()};
  return troupe::cli::run(program, std::vector<std::string>(argv + 1, argv + argc));
}
