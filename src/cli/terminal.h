// What the terminal can show, and the progress bar.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "core/progress.h"

namespace troupe::cli {

/// True if `stream` is a terminal that moves its cursor (TERM is not "dumb").
bool is_terminal(std::FILE* stream);
/// True if colour may be used on `stream`: a terminal, and NO_COLOR is not set.
bool may_color(std::FILE* stream);
/// `text` in an ANSI colour ("31" red, "32" green, "33" yellow, "2" dim) where `stream` may show it.
std::string colored(std::string_view text, const char* code, std::FILE* stream = stderr);
/// Width of the terminal behind `stream`; 80 where that is not known.
int columns_of(std::FILE* stream);

/// One line on stderr, redrawn in place: stage, bar, frames, time left. On anything but a terminal it prints
/// nothing. Thread-safety: unsafe.
class ProgressBar {
 public:
  /// `enabled` false: never prints.
  explicit ProgressBar(bool enabled);
  /// Clears its line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// Redraws at most ten times a second, and whenever the stage changes. `seconds_left`: as told by who makes
  /// it, negative = not to be shown; none = estimated from the time since the bar was made.
  void show(const Progress& progress, std::optional<double> seconds_left = {});
  /// A file that is sent or fetched.
  void show_bytes(const std::string& stage, uint64_t done, uint64_t total);
  /// Clears the line, so that something else can be printed.
  void clear();

 private:
  bool is_due(const std::string& stage);
  void draw(const std::string& line);

  bool enabled_;
  bool drawn_ = false;
  std::string stage_;
  std::chrono::steady_clock::time_point start_, last_;
};

/// The bar's text for a moment: testable without a terminal. `columns`: of the terminal, >= 20.
std::string progress_line(const Progress& progress, double elapsed_seconds, int columns,
                          std::optional<double> seconds_left = {});
std::string bytes_line(const std::string& stage, uint64_t done, uint64_t total, int columns);

/// "812 bytes", "24 kB", "1.3 MB": powers of 1000.
std::string print_size(uint64_t size_bytes);

}  // namespace troupe::cli
