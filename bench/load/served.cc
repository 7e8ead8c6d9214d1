#include "bench/load/served.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "bench/load/measures.h"

namespace troupe::bench {
namespace {

constexpr double kPatienceSeconds = 30;
constexpr int kLookMicros = 2000;
constexpr std::string_view kServes = "serves http://127.0.0.1:";

std::string read_text(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const size_t at = text.find(before);
  if (at == std::string::npos) return "";
  const size_t begin = at + before.size();
  return text.substr(begin, text.find(after, begin) - begin);
}

// "VmHWM:     1234 kB" of /proc/ID/status, or the like.
int64_t kilobytes_of(pid_t id, const std::string& name) {
  const std::string text = read_text("/proc/" + std::to_string(id) + "/status");
  return std::atoll(between(text, name, "kB").c_str());
}

// Between fork and exec: only what may be called there.
[[noreturn]] void become(char** arguments, int log) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a bench that is killed leaves no server behind
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

Result<ServedKey> make_key(const Ground& ground, bool admin) {
  const std::string command = "'" + ground.troupe.string() + "' keys create --json --data '" +
                              ground.data.string() + "'" + (admin ? " --scope admin" : "");
  std::FILE* output = ::popen(command.c_str(), "r");
  if (!output) return make_error(ErrorCode::unavailable, "no process for " + command);
  std::string text;
  char block[4096];
  for (size_t count; (count = std::fread(block, 1, sizeof block, output)) > 0;) text.append(block, count);
  ::pclose(output);
  ServedKey key{between(text, "\"id\": \"", "\""), between(text, "\"secret\": \"", "\"")};
  if (key.secret.empty()) return make_error(ErrorCode::unavailable, command + " made no key");
  return key;
}

Result<std::vector<ServedKey>> make_keys(const Ground& ground, int count) {
  std::vector<ServedKey> keys;
  for (int i = 0; i < count; ++i) {
    TROUPE_TRY(ServedKey key, make_key(ground));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<Served> Served::start(const Ground& ground, int workers) {
  std::vector<std::string> arguments{ground.troupe,
                                     "serve",
                                     "--data",
                                     ground.data,
                                     "--listen",
                                     "127.0.0.1:0",
                                     "--workers",
                                     std::to_string(workers),
                                     "--queue-max",
                                     "1000000",
                                     "--queue-per-key-max",
                                     "1000000"};
  std::vector<char*> addresses;
  for (std::string& argument : arguments) addresses.push_back(argument.data());
  addresses.push_back(nullptr);
  const std::filesystem::path log = ground.data.string() + ".log";
  const int file = ::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  Served served;
  served.id_ = ::fork();
  if (served.id_ == 0) become(addresses.data(), file);
  ::close(file);
  if (served.id_ > 0 && served.wait_listening(log)) return served;
  return make_error(ErrorCode::unavailable, "the server does not serve: " + read_text(log));
}

Served::Served(Served&& other) noexcept
    : id_(std::exchange(other.id_, 0)), port_(other.port_), listening_ms_(other.listening_ms_) {}

bool Served::wait_listening(const std::filesystem::path& log) {
  const double end = seconds_now() + kPatienceSeconds;
  while (seconds_now() < end && ::waitpid(id_, nullptr, WNOHANG) == 0) {
    const std::string port = between(read_text(log), std::string(kServes), " ");
    if (!port.empty()) {
      listening_ms_ = wall_milliseconds();
      port_ = static_cast<uint16_t>(std::atoi(port.c_str()));
      return true;
    }
    ::usleep(kLookMicros);
  }
  return false;
}

void Served::kill() {
  if (id_ <= 0) return;
  ::kill(id_, SIGKILL);
  ::waitpid(id_, nullptr, 0);
  id_ = 0;
}

void Served::stop() {
  if (id_ <= 0) return;
  ::kill(id_, SIGTERM);
  if (wait_end(kPatienceSeconds)) id_ = 0;
  kill();
}

bool Served::wait_end(double seconds) {
  const double end = seconds_now() + seconds;
  while (seconds_now() < end) {
    if (::waitpid(id_, nullptr, WNOHANG) == id_) return true;
    ::usleep(kLookMicros);
  }
  return false;
}

int64_t Served::resident_bytes() const { return kilobytes_of(id_, "VmRSS:") * 1024; }
int64_t Served::peak_bytes() const { return kilobytes_of(id_, "VmHWM:") * 1024; }

void Served::forget_peak() const { std::ofstream("/proc/" + std::to_string(id_) + "/clear_refs") << "5"; }

double Served::processor_seconds() const {
  const std::string text = read_text("/proc/" + std::to_string(id_) + "/stat");
  // Behind the name, which may hold anything: state, then ten numbers, then the ticks of user and system.
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

int64_t Served::descriptors_max() const {
  const std::string text = read_text("/proc/" + std::to_string(id_) + "/limits");
  return std::atoll(between(text, "Max open files", "files").c_str());
}

}  // namespace troupe::bench
