#include "fetch/lookup.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

namespace troupe::fetch {
namespace {

using Addresses = std::vector<Address>;
using namespace std::chrono_literals;

std::chrono::steady_clock::time_point in(std::chrono::milliseconds wait) {
  return std::chrono::steady_clock::now() + wait;
}

const Address kOne = *parse_address("1.1.1.1");

TEST(Lookup, GivesTheAnswer) {
  LookupThreads threads;
  const Resolver good = [](const std::string& host) -> Result<Addresses> {
    return host == "a" ? Addresses{kOne} : Addresses{};
  };
  EXPECT_EQ(threads.run(good, "a", in(10s)).value(), Addresses{kOne});
  const Resolver bad = [](const std::string&) -> Result<Addresses> {
    return make_error(ErrorCode::not_found, "none");
  };
  EXPECT_EQ(threads.run(bad, "a", in(10s)).error().code, ErrorCode::not_found);
}

TEST(Lookup, AnExceptionIsAnError) {
  LookupThreads threads;
  const Resolver throwing = [](const std::string&) -> Result<Addresses> { throw std::runtime_error("no"); };
  EXPECT_EQ(threads.run(throwing, "a", in(10s)).error().code, ErrorCode::unavailable);
}

// A resolver that answers only once it is let go.
class Stuck {
 public:
  Resolver resolver() const {
    return [go = go_](const std::string&) -> Result<Addresses> {
      go->wait();
      return Addresses{kOne};
    };
  }
  void let_go() { go_->count_down(); }

 private:
  std::shared_ptr<std::latch> go_ = std::make_shared<std::latch>(1);
};

TEST(Lookup, GivesUpAtTheDeadline) {
  Stuck stuck;
  LookupThreads threads;
  EXPECT_EQ(threads.run(stuck.resolver(), "a", in(20ms)).error().code, ErrorCode::timeout);
  stuck.let_go();
}

TEST(Lookup, GivesUpWhenCancelled) {
  Stuck stuck;
  LookupThreads threads;
  CancelSource cancel;
  cancel.cancel();
  EXPECT_EQ(threads.run(stuck.resolver(), "a", in(100s), cancel.token()).error().code, ErrorCode::cancelled);
  stuck.let_go();
}

TEST(Lookup, LeftBehindOnesAreBounded) {
  Stuck stuck;
  {
    LookupThreads threads(2);
    for (int i = 0; i < 2; ++i) {
      EXPECT_EQ(threads.run(stuck.resolver(), "a", in(1ms)).error().code, ErrorCode::timeout);
    }
    EXPECT_EQ(threads.run(stuck.resolver(), "a", in(100s)).error().code, ErrorCode::unavailable);
    stuck.let_go();
    while (!threads.run(stuck.resolver(), "a", in(10s))) std::this_thread::yield();
  }
  LookupThreads others(1);
  EXPECT_TRUE(others.run(stuck.resolver(), "a", in(10s)));
}

// Names of the machine's own file; no question leaves it.
TEST(Lookup, TheSystemKnowsLocalhost) {
  const auto addresses = system_resolver()("localhost");
  ASSERT_TRUE(addresses) << to_string(addresses.error());
  ASSERT_FALSE(addresses->empty());
  for (const Address& address : *addresses) EXPECT_FALSE(is_public(address)) << print(address);
}

}  // namespace
}  // namespace troupe::fetch
