#include "fetch/lookup.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace troupe::fetch {
namespace {

using Addresses = std::vector<Address>;
using Clock = std::chrono::steady_clock;

constexpr size_t kAddressesMax = 256;
constexpr std::chrono::milliseconds kCancelLook{100};

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

std::optional<Address> address_of(const sockaddr& socket_address) {
  Address address;
  if (socket_address.sa_family == AF_INET) {
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in&>(socket_address).sin_addr, 4);
    return address;
  }
  if (socket_address.sa_family != AF_INET6) return std::nullopt;
  address.v6 = true;
  std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6&>(socket_address).sin6_addr, 16);
  return address;
}

Error lookup_error(int failure, const std::string& host) {
  if (failure == EAI_NONAME || failure == EAI_NODATA || failure == EAI_ADDRFAMILY) {
    return make_error(ErrorCode::not_found, "there is no host named " + host);
  }
  return make_error(ErrorCode::unavailable, "the name " + host + " cannot be looked up now");
}

// One question, shared by who asks and who finds out; either may be gone first.
struct Question {
  std::mutex mutex;
  std::condition_variable answered;
  std::optional<Result<Addresses>> answer;
};

Result<Addresses> ask(const Resolver& resolver, const std::string& host) {
  try {
    return resolver(host);
  } catch (const std::exception&) {
    return make_error(ErrorCode::unavailable, "the name " + host + " cannot be looked up now");
  }
}

}  // namespace

Result<Addresses> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failure = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (failure != 0) return lookup_error(failure, host);
  const std::unique_ptr<addrinfo, FreeAddresses> owner(list);
  Addresses addresses;
  for (const addrinfo* at = list; at != nullptr; at = at->ai_next) {
    const auto address = address_of(*at->ai_addr);
    if (!address || std::find(addresses.begin(), addresses.end(), *address) != addresses.end()) continue;
    // All must be looked at, so none may be left out.
    if (addresses.size() == kAddressesMax) {
      return make_error(ErrorCode::unavailable, "the name " + host + " has too many addresses");
    }
    addresses.push_back(*address);
  }
  if (addresses.empty()) return lookup_error(EAI_NONAME, host);
  return addresses;
}

struct LookupThreads::Running {
  explicit Running(int free_threads) : free(free_threads) {}
  std::atomic<int> free;
};

LookupThreads::LookupThreads(int threads_max) : running_(std::make_shared<Running>(threads_max)) {}
LookupThreads::~LookupThreads() = default;

Result<Addresses> LookupThreads::run(const Resolver& resolver, const std::string& host,
                                     Clock::time_point deadline, const CancelToken& cancel) {
  if (running_->free.fetch_sub(1) <= 0) {
    ++running_->free;
    return make_error(ErrorCode::unavailable, "too many names are being looked up at once; try again soon");
  }
  const auto question = std::make_shared<Question>();
  try {
    std::thread([question, resolver, host, running = running_] {
      auto answer = ask(resolver, host);
      ++running->free;
      const std::lock_guard lock(question->mutex);
      question->answer = std::move(answer);
      question->answered.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    ++running_->free;
    return make_error(ErrorCode::unavailable, "this machine has no thread left to look up " + host);
  }
  std::unique_lock lock(question->mutex);
  while (!question->answer) {
    if (cancel.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
    if (Clock::now() >= deadline) {
      return make_error(ErrorCode::timeout, "looking up the name " + host + " took too long");
    }
    question->answered.wait_until(lock, std::min(deadline, Clock::now() + kCancelLook));
  }
  return std::move(*question->answer);
}

Resolver system_resolver() {
  return [threads = std::make_shared<LookupThreads>()](const std::string& host) {
    return threads->run(look_up, host, Clock::now() + kLookupWait);
  };
}

}  // namespace troupe::fetch
