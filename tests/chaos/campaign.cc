#include "tests/chaos/campaign.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace troupe::chaos {
namespace {

constexpr int kCyclesUsual = 20;
constexpr uint64_t kSeedUsual = 20260301;
constexpr int kKillWithinMilliseconds = 700;
constexpr int kOrdersOfCycle = 4;
// Until everything has ended: far less than a lease could be held by mistake, far more than the jobs take.
constexpr std::chrono::seconds kEndPatience{120}, kJobPatience{1};
constexpr std::chrono::milliseconds kLook{5};
constexpr size_t kLogShown = 4000;

uint64_t seed_asked() {
  const char* text = std::getenv("TROUPE_CHAOS_SEED");
  return text ? std::strtoull(text, nullptr, 10) : kSeedUsual;
}

}  // namespace

int cycles_asked() {
  const char* text = std::getenv("TROUPE_CHAOS_CYCLES");
  return text ? std::atoi(text) : kCyclesUsual;
}

Campaign::Campaign(std::string name, const Place& place, std::vector<std::string> environment)
    : name_(std::move(name)),
      place_(place),
      environment_(std::move(environment)),
      seed_(seed_asked()),
      random_(derive_seed(seed_, name_)) {
  customers_.emplace_back("ann", place.rich(), seed_);
  customers_.emplace_back("bob", place.rich(), seed_);
  customers_.emplace_back("pam", place.poor(), seed_);
}

Campaign::~Campaign() {
  see_out();
  if (!testing::Test::HasFailure()) return;
  std::cout << "To try this again: TROUPE_CHAOS_SEED=" << seed_ << "\n";
  if (!server_) return;
  const std::string log = server_->log();
  std::cout << "The last server said:\n" << log.substr(log.size() - std::min(log.size(), kLogShown)) << "\n";
}

bool Campaign::try_start() {
  server_ = std::make_unique<ServerProcess>(place_.server(environment_));
  ++starts_;
  const auto port = server_->wait_ready();
  port_ = port.value_or(0);
  return port.has_value();
}

void Campaign::start() { ASSERT_TRUE(try_start()) << "the server does not start: " << server_->log(); }

void Campaign::let_in(int orders_max) {
  closing_ = false;
  for (Customer& customer : customers_) {
    threads_.emplace_back([&, port = port_, orders_max] { customer.use(port, orders_max, closing_); });
  }
}

void Campaign::see_out() {
  closing_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Campaign::kill() {
  EXPECT_TRUE(server_->kill()) << "a decoder goes on without its server";
  see_out();
}

void Campaign::let_pass(int milliseconds_max) {
  std::this_thread::sleep_for(std::chrono::milliseconds(random_.below(milliseconds_max)));
}

bool Campaign::wait_running() {
  const Api api(port_, place_.admin().secret);
  const auto end = std::chrono::steady_clock::now() + kEndPatience;
  while (std::chrono::steady_clock::now() < end) {
    const auto answer = api.call("GET", "/v1/jobs?state=running&limit=1");
    const Json jobs = answer ? json_of(*answer) : Json::object();
    if (jobs.contains("data") && !jobs["data"].empty()) return true;
    std::this_thread::sleep_for(kLook);
  }
  return false;
}

void Campaign::let_all_end() {
  resumed_ += let_everything_end(port_, place_.admin(), kEndPatience + kJobPatience * tally().acknowledged);
}

void Campaign::kill_cycle(int index) {
  if (index % 4 == 3) {
    server_ = std::make_unique<ServerProcess>(place_.server(environment_));
    ++starts_;
  } else {
    start();
    if (testing::Test::HasFatalFailure()) return;
    let_in(kOrdersOfCycle);
  }
  let_pass(kKillWithinMilliseconds);
  kill();
}

Tally Campaign::tally() const {
  Tally all;
  for (const Customer& customer : customers_) all.add(customer.tally());
  return all;
}

void Campaign::end(Expectation expectation) {
  see_out();
  if (!server_ || port_ == 0 || !server_->lives()) start();
  if (testing::Test::HasFatalFailure()) return;
  for (Customer& customer : customers_) {
    customer.expect_trouble(false);
    EXPECT_TRUE(customer.ask_again(port_));
  }
  let_all_end();
  check_answers(port_, customers_, expectation);
  const auto status = server_->stop();
  EXPECT_EQ(status, 0) << server_->log();
  print_figures(check_folder(place_, customers_));
}

void Campaign::print_figures(const Sums& sums) const {
  const Tally all = tally();
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began_);
  std::cout << name_ << ": " << starts_ << " starts; " << all.sent << " submits sent, " << all.acknowledged
            << " jobs acknowledged, " << all.replayed << " replays, " << all.unanswered << " unanswered, "
            << all.refused << " refused; " << all.cancels << " cancels, " << all.deletes << " deletes, "
            << all.files << " uploads; " << all.resumed + resumed_ << " resumed after being parked; kept "
            << sums.jobs << " jobs: " << sums.succeeded << " succeeded (" << sums.again
            << " of all were begun more than once), " << sums.cancelled << " cancelled, " << sums.failed
            << " failed; spent " << sums.spent_micros << " micros; " << seconds.count() << " s, seed "
            << seed_ << std::endl;
}

}  // namespace troupe::chaos
