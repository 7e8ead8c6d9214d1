#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <utility>

namespace troupe::cli {
namespace {

constexpr int kDefaultColumns = 80;
constexpr double kTimeLeftMaxSeconds = 360'000;  // what is longer is not known
constexpr double kEtaAfterFraction = 0.15;       // before that the estimate says nothing
constexpr auto kRedrawEvery = std::chrono::milliseconds(100);

std::string time_left(double seconds) {
  if (!(seconds >= 0) || seconds > kTimeLeftMaxSeconds) return "";
  const auto left = static_cast<int>(std::lround(seconds));
  return left < 60 ? std::to_string(left) + " s left"
                   : std::to_string(left / 60) + " min " + std::to_string(left % 60) + " s left";
}

// "render  [####....] 50%  frame 60/120  10 s left"; without a bar where there is no room.
std::string bar_line(const std::string& stage, double fraction, const std::string& details, int columns) {
  const std::string head = stage + std::string(stage.size() < 8 ? 8 - stage.size() : 1, ' ');
  const std::string tail = " " + std::to_string(static_cast<int>(fraction * 100)) + "%" + details;
  const int room = columns - static_cast<int>(head.size() + tail.size()) - 4;
  if (room < 6) return (head + tail).substr(0, static_cast<size_t>(columns - 1));
  const int width = std::min(room, 40);
  const int full = static_cast<int>(fraction * width);
  return head + "[" + std::string(static_cast<size_t>(full), '#') +
         std::string(static_cast<size_t>(width - full), '.') + "]" + tail;
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

int columns_of(std::FILE* stream) {
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  return kDefaultColumns;
}

std::string colored(std::string_view text, const char* code, std::FILE* stream) {
  if (!may_color(stream)) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

std::string progress_line(const Progress& progress, double elapsed_seconds, int columns,
                          std::optional<double> seconds_left) {
  const double fraction = std::clamp(progress.fraction, 0.0, 1.0);
  std::string details;
  if (progress.frames_total > 0) {
    details = "  frame " + std::to_string(progress.frames_done) + "/" + std::to_string(progress.frames_total);
  }
  if (!seconds_left && fraction >= kEtaAfterFraction)
    seconds_left = elapsed_seconds * (1 - fraction) / fraction;
  const std::string left = seconds_left ? time_left(*seconds_left) : "";
  if (!left.empty()) details += "  " + left;
  return bar_line(progress.stage, fraction, details, columns);
}

std::string bytes_line(const std::string& stage, uint64_t done, uint64_t total, int columns) {
  const double fraction =
      total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  return bar_line(stage, fraction, "  " + print_size(done) + (total > 0 ? " of " + print_size(total) : ""),
                  columns);
}

std::string print_size(uint64_t size_bytes) {
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB"};
  if (size_bytes < 1000) return std::to_string(size_bytes) + " bytes";
  double size = static_cast<double>(size_bytes) / 1000;
  size_t unit = 0;
  for (; size >= 999.5 && unit + 1 < std::size(kUnits); ++unit) size /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, size < 9.95 ? "%.1f %s" : "%.0f %s", size, kUnits[unit]);
  return text;
}

ProgressBar::ProgressBar(bool enabled)
    : enabled_(enabled && is_terminal(stderr)),
      start_(std::chrono::steady_clock::now()),
      last_(start_ - kRedrawEvery) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::clear() {
  if (std::exchange(drawn_, false)) std::fputs("\r\033[K", stderr);
}

bool ProgressBar::is_due(const std::string& stage) {
  const auto now = std::chrono::steady_clock::now();
  if (!enabled_ || (stage == stage_ && now - last_ < kRedrawEvery)) return false;
  last_ = now;
  stage_ = stage;
  return true;
}

void ProgressBar::draw(const std::string& line) {
  drawn_ = true;
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
}

void ProgressBar::show(const Progress& progress, std::optional<double> seconds_left) {
  if (!is_due(progress.stage)) return;
  const double elapsed = std::chrono::duration<double>(last_ - start_).count();
  draw(progress_line(progress, elapsed, columns_of(stderr), seconds_left));
}

void ProgressBar::show_bytes(const std::string& stage, uint64_t done, uint64_t total) {
  if (is_due(stage)) draw(bytes_line(stage, done, total, columns_of(stderr)));
}

}  // namespace troupe::cli
