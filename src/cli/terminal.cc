#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace troupe::cli {
namespace {

constexpr int kDefaultColumns = 80;
constexpr double kEtaAfterFraction = 0.15;  // before that the estimate says nothing
constexpr auto kRedrawEvery = std::chrono::milliseconds(100);

int terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return kDefaultColumns;
}

std::string time_left(double fraction, double elapsed) {
  if (fraction < kEtaAfterFraction) return "";
  const auto left = static_cast<int>(std::lround(elapsed * (1 - fraction) / fraction));
  return left < 60 ? std::to_string(left) + " s left"
                   : std::to_string(left / 60) + " min " + std::to_string(left % 60) + " s left";
}

}  // namespace

bool is_terminal(std::FILE* stream) {
  const char* term = std::getenv("TERM");
  return isatty(fileno(stream)) && !(term && std::strcmp(term, "dumb") == 0);
}

bool may_color(std::FILE* stream) {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal(stream) && !(no_color && *no_color);
}

std::string colored(std::string_view text, const char* code) {
  if (!may_color(stderr)) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

std::string progress_line(const Progress& progress, double elapsed_seconds, int columns) {
  const double fraction = std::clamp(progress.fraction, 0.0, 1.0);
  const std::string head =
      progress.stage + std::string(progress.stage.size() < 8 ? 8 - progress.stage.size() : 0, ' ');
  std::string tail = " " + std::to_string(static_cast<int>(fraction * 100)) + "%";
  if (progress.frames_total > 0) {
    tail += "  frame " + std::to_string(progress.frames_done) + "/" + std::to_string(progress.frames_total);
  }
  const std::string left = time_left(fraction, elapsed_seconds);
  if (!left.empty()) tail += "  " + left;
  const int room = columns - static_cast<int>(head.size() + tail.size()) - 4;
  if (room < 6) return (head + tail).substr(0, static_cast<size_t>(columns - 1));
  const int width = std::min(room, 40);
  const int full = static_cast<int>(fraction * width);
  return head + "[" + std::string(static_cast<size_t>(full), '#') +
         std::string(static_cast<size_t>(width - full), '.') + "]" + tail;
}

ProgressBar::ProgressBar(bool enabled)
    : enabled_(enabled && is_terminal(stderr)),
      start_(std::chrono::steady_clock::now()),
      last_(start_ - kRedrawEvery) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (!enabled_ || now - last_ < kRedrawEvery) return;
  last_ = now;
  drawn_ = true;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  std::fprintf(stderr, "\r\033[K%s", progress_line(progress, elapsed, terminal_columns()).c_str());
  std::fflush(stderr);
}

}  // namespace troupe::cli
