// What must be true when everything has ended, whatever happened before. Each check fails the test with what
// it found.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "tests/chaos/customer.h"
#include "tests/chaos/place.h"

namespace troupe::chaos {

struct Expectation {
  bool jobs_may_fail = false;  ///< where something that they need was taken away
};

/// Until no job waits or runs; resumes what is parked, as an operator would. Returns how many it resumed.
/// Fails the test if it takes longer than `patience`.
int let_everything_end(uint16_t port, const Purse& admin, std::chrono::seconds patience);

/// Through the API: every acknowledged job is there and ended as it was once told, every video plays, every
/// upload is there.
void check_answers(uint16_t port, const std::vector<Customer>& customers, Expectation expectation);

struct Sums {
  int jobs = 0, succeeded = 0, failed = 0, cancelled = 0, again = 0;  ///< again: begun more than once
  int64_t spent_micros = 0;
};
/// In the data folder, with no server on it: each order is one job at most, each job has one hold and one end
/// in the ledger, sums are right, and after a sweep nothing lies there that nobody names.
Sums check_folder(const Place& place, const std::vector<Customer>& customers);

}  // namespace troupe::chaos
