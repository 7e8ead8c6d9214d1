#include "cli/weights_progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "cli/terminal.h"

namespace troupe::cli {
namespace {

constexpr auto kTransferRedraw = std::chrono::milliseconds(100);
constexpr double kRateSeconds = 5;  // over which the rate is smoothed
constexpr double kWaitMaxSeconds = 360'000;
constexpr int kBarColumnsMin = 8, kBarColumnsMax = 30;

std::string time_to_go(double seconds) {
  const auto left = static_cast<int64_t>(std::llround(seconds));
  if (left < 60) return std::to_string(left) + " s left";
  if (left < 3600) return std::to_string(left / 60) + " min " + std::to_string(left % 60) + " s left";
  return std::to_string(left / 3600) + " h " + std::to_string(left % 3600 / 60) + " min left";
}

}  // namespace

std::string transfer_line(const std::string& what, uint64_t done, uint64_t total, double bytes_per_second,
                          int columns) {
  const double fraction =
      total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  std::string tail = " " + std::to_string(static_cast<int>(fraction * 100)) + "%  " + print_size(done) +
                     " of " + print_size(total);
  if (bytes_per_second >= 1) {
    tail += "  " + print_size(static_cast<uint64_t>(bytes_per_second)) + "/s";
    const double seconds = static_cast<double>(total - std::min(done, total)) / bytes_per_second;
    if (seconds <= kWaitMaxSeconds) tail += "  " + time_to_go(seconds);
  }
  const int room = columns - static_cast<int>(tail.size()) - 5;
  const int name_columns = std::min(static_cast<int>(what.size()), std::max(room - kBarColumnsMin, 0));
  const std::string head = name_columns < 8 ? "" : what.substr(0, static_cast<size_t>(name_columns)) + "  ";
  const int width = std::min(room + 2 - static_cast<int>(head.size()), kBarColumnsMax);
  if (width < kBarColumnsMin) return tail.substr(1, static_cast<size_t>(columns - 1));
  const auto full = static_cast<size_t>(fraction * width);
  return head + "[" + std::string(full, '#') + std::string(static_cast<size_t>(width) - full, '.') + "]" +
         tail;
}

TransferBar::TransferBar(bool enabled)
    : enabled_(enabled && is_terminal(stderr)), last_(std::chrono::steady_clock::now() - kTransferRedraw) {}

TransferBar::~TransferBar() { clear(); }

void TransferBar::clear() {
  if (std::exchange(drawn_, false)) std::fputs("\r\033[K", stderr);
}

void TransferBar::show(const std::string& what, uint64_t done, uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (!enabled_ || now - last_ < kTransferRedraw) return;
  const double seconds = std::chrono::duration<double>(now - last_).count();
  // What lay there before is no speed, nor is a step back.
  if (drawn_ && done >= done_) {
    const double rate = static_cast<double>(done - done_) / seconds;
    const double weight = rate_ <= 0 ? 1 : std::min(1.0, seconds / kRateSeconds);
    rate_ += weight * (rate - rate_);
  }
  done_ = done;
  last_ = now;
  drawn_ = true;
  std::fprintf(stderr, "\r\033[K%s", transfer_line(what, done, total, rate_, columns_of(stderr)).c_str());
  std::fflush(stderr);
}

}  // namespace troupe::cli
