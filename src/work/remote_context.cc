#include "work/remote_context.h"

#include <algorithm>
#include <thread>

namespace troupe::work {
namespace {

constexpr int kSaveTries = 6;
constexpr std::chrono::milliseconds kSaveAgain{1000}, kLook{20}, kWaitMax{60000};

}  // namespace

Result<void> RemoteContext::save() {
  const std::string text = print_record(record);
  for (int tries = 1;; ++tries) {
    const Result<void> saved = parts.queue.mark_submitted(keeper.lease(), text, parts.clock.now());
    if (saved) return saved;
    if (saved.error().code == ErrorCode::conflict) return cancelled_error();
    if (parts.complain)
      parts.complain(job.id + ": a provider's task could not be stored: " + to_string(saved.error()));
    if (tries == kSaveTries) return saved;
    std::this_thread::sleep_for(kSaveAgain * std::min(1.0, options.patience.pace));
  }
}

bool RemoteContext::pause(std::chrono::milliseconds time) const {
  return pause_until(std::chrono::steady_clock::now() +
                     std::chrono::duration_cast<std::chrono::milliseconds>(time * options.patience.pace));
}

bool RemoteContext::pause_until(std::chrono::steady_clock::time_point end) const {
  while (!cancelled()) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= left.zero()) return true;
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, kLook));
  }
  return false;
}

std::chrono::milliseconds backed_off(std::chrono::milliseconds first, int tries) {
  return std::min<std::chrono::milliseconds>(kWaitMax, first * (1 << std::clamp(tries - 1, 0, 10)));
}

}  // namespace troupe::work
