#include "engine/wan/files/lost_pages.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>

namespace troupe::engine::wan {

struct LostPages::Watched {
  std::atomic<uintptr_t> begin{0}, end{0};  // both 0: free
  std::atomic<bool> lost{false};
};

// What the handler does uses atomics and system calls only.
struct LostPagesHandler {
  static inline LostPages::Watched all[kWatchedMax];
  static inline struct sigaction before = {};

  static LostPages::Watched* find(uintptr_t address) {
    for (LostPages::Watched& watched : all)
      if (address >= watched.begin.load() && address < watched.end.load()) return &watched;
    return nullptr;
  }

  // Zeros from the page of `address` to the end of the mapping.
  static bool fill(LostPages::Watched& watched, uintptr_t address) {
    const uintptr_t page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
    const uintptr_t from = address / page * page;
    watched.lost.store(true);
    return mmap(reinterpret_cast<void*>(from), watched.end.load() - from, PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
  }

  static void handle(int signal, siginfo_t* info, void* context) {
    LostPages::Watched* const watched = find(reinterpret_cast<uintptr_t>(info->si_addr));
    if (watched && fill(*watched, reinterpret_cast<uintptr_t>(info->si_addr))) return;
    if (before.sa_flags & SA_SIGINFO) return before.sa_sigaction(signal, info, context);
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) return before.sa_handler(signal);
    // Returning runs into it again, and then the process ends as it would have.
    sigaction(signal, &before, nullptr);
  }

  static void install() {
    struct sigaction action = {};
    action.sa_sigaction = &handle;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &before);
  }
};

LostPages::LostPages(std::span<const std::byte> mapping) {
  static std::once_flag once;
  std::call_once(once, &LostPagesHandler::install);
  const auto begin = reinterpret_cast<uintptr_t>(mapping.data());
  for (Watched& place : LostPagesHandler::all) {
    uintptr_t empty = 0;
    if (!place.begin.compare_exchange_strong(empty, begin)) continue;
    place.lost.store(false);
    place.end.store(begin + mapping.size());
    watched_ = &place;
    return;
  }
}

LostPages::~LostPages() {
  if (!watched_) return;
  watched_->end.store(0);
  watched_->begin.store(0);
}

bool LostPages::any() const { return watched_ && watched_->lost.load(); }

}  // namespace troupe::engine::wan
