// One experiment: a server in trouble again and again, its customers, and the verdict at the end.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/random.h"
#include "tests/chaos/customer.h"
#include "tests/chaos/place.h"
#include "tests/chaos/server_process.h"
#include "tests/chaos/verdict.h"

namespace troupe::chaos {

/// TROUPE_CHAOS_CYCLES, or 20.
int cycles_asked();

class Campaign {
 public:
  /// `environment`: of the server. The seed is TROUPE_CHAOS_SEED, or always the same.
  Campaign(std::string name, const Place& place, std::vector<std::string> environment = {});
  /// Says how to do it again, and what the last server said, if the test failed.
  ~Campaign();

  /// Starts a server, lets the customers use it, and kills it at a random moment: of its start, or of its
  /// work.
  void kill_cycle(int index);

  /// A server that serves; fails the test if it does not.
  void start();
  /// False if it ended by itself instead.
  bool try_start();
  /// Customers use the server on threads of their own, with up to `orders_max` new orders each, until it is
  /// gone or they are seen out.
  void let_in(int orders_max);
  void see_out();
  /// And sees the customers out.
  void kill();
  /// Any moment will do: a random time below this. It is the experiment, and nothing waits for anything.
  void let_pass(int milliseconds_max);
  /// Blocks until a job runs; false if none does for long.
  bool wait_running();
  /// Until every job is final; what is parked is resumed.
  void let_all_end();
  ServerProcess& server() { return *server_; }
  uint16_t port() const { return port_; }
  std::vector<Customer>& customers() { return customers_; }
  Random& random() { return random_; }
  Tally tally() const;

  /// On the server that runs, or a new one: lets everything end, stops it, gives the verdict and prints the
  /// figures.
  void end(Expectation expectation);

 private:
  void print_figures(const Sums& sums) const;

  std::string name_;
  const Place& place_;
  std::vector<std::string> environment_;
  uint64_t seed_;
  Random random_;
  std::vector<Customer> customers_;
  std::vector<std::thread> threads_;
  std::atomic<bool> closing_ = false;
  std::unique_ptr<ServerProcess> server_;
  uint16_t port_ = 0;
  int starts_ = 0, resumed_ = 0;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace troupe::chaos
