#include "cli/secret_input.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/short_text.h"

namespace troupe::cli {
namespace {

constexpr int kLookForCancelMillis = 100;
constexpr size_t kAroundSecretMax = 1024;  // white space

Error input_error() {
  return make_error(ErrorCode::io, "The key can't be read: " + std::generic_category().message(errno) + ".");
}

Error too_long(size_t size_bytes_max) {
  return make_error(ErrorCode::over_limit,
                    "A key has at most " + std::to_string(size_bytes_max) + " characters.");
}

// A terminal that doesn't show what is typed, until the end of this.
class Hidden {
 public:
  explicit Hidden(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal_, &before_) != 0) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    done_ = ::tcsetattr(terminal_, TCSAFLUSH, &hidden) == 0;
  }
  ~Hidden() {
    if (done_) ::tcsetattr(terminal_, TCSADRAIN, &before_);
  }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;
  bool done() const { return done_; }

 private:
  int terminal_;
  termios before_{};
  bool done_ = false;
};

// Up to the end of the line or of the file.
Result<std::string> read_line(int terminal, size_t size_bytes_max, const CancelToken& cancel) {
  std::string line;
  while (true) {
    if (cancel.cancelled()) return make_error(ErrorCode::cancelled, "Interrupted.");
    pollfd waiting{terminal, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, kLookForCancelMillis);
    if (ready < 0 && errno != EINTR) return input_error();
    if (ready <= 0) continue;
    char byte = 0;
    const ssize_t got = ::read(terminal, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return input_error();
    if (got == 0 || byte == '\n') return line;
    if (line.size() == size_bytes_max) return too_long(size_bytes_max);
    line += byte;
  }
}

void say(int terminal, const std::string& text) {
  // A prompt that can't be shown is no reason to stop.
  [[maybe_unused]] const ssize_t ignored = ::write(terminal, text.data(), text.size());
}

}  // namespace

Result<std::string> read_hidden_line(int terminal, const std::string& prompt, size_t size_bytes_max,
                                     const CancelToken& cancel) {
  const Hidden hidden(terminal);
  if (!hidden.done()) return input_error();
  say(terminal, prompt);
  Result<std::string> line = read_line(terminal, size_bytes_max, cancel);
  say(terminal, "\n");
  if (!line) return line;
  return std::string(trim(*line));
}

Result<std::string> read_secret(int file, size_t size_bytes_max) {
  std::string text;
  char block[4096];
  while (true) {
    const ssize_t got = ::read(file, block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return input_error();
    if (got == 0) break;
    text.append(block, static_cast<size_t>(got));
    if (text.size() > size_bytes_max + kAroundSecretMax) return too_long(size_bytes_max);
  }
  const std::string_view secret = trim(text);
  if (secret.size() > size_bytes_max) return too_long(size_bytes_max);
  return std::string(secret);
}

}  // namespace troupe::cli
