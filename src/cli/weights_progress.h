// The line that shows how far a long transfer is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace troupe::cli {

/// "x.pth  [####....]  43%  12 GB of 28 GB  85 MB/s  3 min 12 s left", fit to `columns` (>= 20). A rate of 0
/// is not known yet.
std::string transfer_line(const std::string& what, uint64_t done, uint64_t total, double bytes_per_second,
                          int columns);

/// One line on stderr, redrawn in place at most ten times a second. On anything but a terminal it prints
/// nothing. Thread-safety: unsafe.
class TransferBar {
 public:
  explicit TransferBar(bool enabled);
  /// Clears its line.
  ~TransferBar();
  TransferBar(const TransferBar&) = delete;
  TransferBar& operator=(const TransferBar&) = delete;

  void show(const std::string& what, uint64_t done, uint64_t total);
  void clear();

 private:
  bool enabled_, drawn_ = false;
  double rate_ = 0;  // of the last seconds
  uint64_t done_ = 0;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace troupe::cli
