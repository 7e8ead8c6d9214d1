// What the terminal can show, and the progress bar.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "core/progress.h"

namespace troupe::cli {

/// True if `stream` is a terminal that moves its cursor (TERM is not "dumb").
bool is_terminal(std::FILE* stream);
/// True if colour may be used on `stream`: a terminal, and NO_COLOR is not set.
bool may_color(std::FILE* stream);
/// `text` in an ANSI colour ("31" red, "33" yellow, "2" dim) where stderr may show it.
std::string colored(std::string_view text, const char* code);

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

  /// Redraws at most ten times a second.
  void show(const Progress& progress);

 private:
  bool enabled_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_, last_;
};

/// The bar's text for a moment: testable without a terminal. `columns`: of the terminal, >= 20.
std::string progress_line(const Progress& progress, double elapsed_seconds, int columns);

}  // namespace troupe::cli
