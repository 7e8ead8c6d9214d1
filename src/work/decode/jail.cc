#include "work/decode/jail.h"

#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

namespace troupe::work {
namespace {

// Sanitizers reserve terabytes of addresses and make system calls of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

constexpr rlim_t kSanitizerDescriptors = 16;  // they look at memory through pipes

Result<void> limit(int resource, rlim_t soft, rlim_t hard) {
  const rlimit bound{soft, hard};
  if (setrlimit(static_cast<__rlimit_resource_t>(resource), &bound) == 0) return {};
  return make_error(ErrorCode::internal,
                    std::string("a decode worker cannot limit itself: ") + std::strerror(errno));
}

uint64_t mapped_bytes() {
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

// Where memory runs out all the same, this process goes and not its parent.
void volunteer_for_the_oom_killer() { std::ofstream("/proc/self/oom_score_adj") << 1000; }

Result<void> give_up_privileges() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
      prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
    return make_error(ErrorCode::internal,
                      std::string("a decode worker cannot give up its rights: ") + std::strerror(errno));
  }
  return {};
}

bool leave_the_network() { return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 || unshare(CLONE_NEWNET) == 0; }

struct FreeFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

// False where the kernel has no filters.
bool allow_few_system_calls(int answer_descriptor) {
  const std::unique_ptr<void, FreeFilter> filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return false;
  bool good = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0;
  const auto allow = [&](int call, auto... conditions) {
    const scmp_arg_cmp list[] = {conditions..., {}};
    good =
        good && seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, sizeof...(conditions), list) == 0;
  };
  for (const int call :
       {SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
        SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrandom), SCMP_SYS(sched_getaffinity),
        SCMP_SYS(sched_yield), SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(exit),
        SCMP_SYS(exit_group)}) {
    allow(call);
  }
  const auto is = [](unsigned argument, scmp_datum_t value) {
    return scmp_arg_cmp{argument, SCMP_CMP_EQ, value, 0};
  };
  const auto bits_are = [](unsigned argument, scmp_datum_t bits, scmp_datum_t value) {
    return scmp_arg_cmp{argument, SCMP_CMP_MASKED_EQ, bits, value};
  };
  allow(SCMP_SYS(write), is(0, static_cast<scmp_datum_t>(answer_descriptor)));
  // No memory ever becomes code.
  allow(SCMP_SYS(mmap), bits_are(2, PROT_EXEC, 0), bits_are(3, MAP_ANONYMOUS, MAP_ANONYMOUS));
  allow(SCMP_SYS(mprotect), bits_are(2, PROT_EXEC, 0));
  return good && seccomp_load(filter.get()) == 0;
}

}  // namespace

Result<JailReport> enter_jail(const JailLimits& limits, int answer_descriptor) {
  JailReport report;
  volunteer_for_the_oom_killer();
  const uint64_t mapped = mapped_bytes();
  report.network = leave_the_network();
  TROUPE_CHECK_OK(give_up_privileges());
  TROUPE_CHECK_OK(limit(RLIMIT_CORE, 0, 0));
  TROUPE_CHECK_OK(limit(RLIMIT_FSIZE, 0, 0));
  const auto seconds = static_cast<rlim_t>(limits.cpu_seconds_max);
  TROUPE_CHECK_OK(limit(RLIMIT_CPU, seconds, seconds + 1));
  if (!kSanitized) TROUPE_CHECK_OK(limit(RLIMIT_NPROC, 0, 0));
  report.memory = !kSanitized && mapped > 0;
  if (report.memory) {
    const rlim_t memory = mapped + limits.memory_bytes_max;
    TROUPE_CHECK_OK(limit(RLIMIT_AS, memory, memory));
  }
  // Open descriptors stay; there will be no other, be it a file, a socket or a pipe.
  const rlim_t descriptors = kSanitized ? kSanitizerDescriptors : 0;
  TROUPE_CHECK_OK(limit(RLIMIT_NOFILE, descriptors, descriptors));
  report.system_calls = !kSanitized && allow_few_system_calls(answer_descriptor);
  return report;
}

}  // namespace troupe::work
