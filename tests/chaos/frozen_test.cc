// The server is stopped for longer than its leases last, as a machine that sleeps or swaps: when it goes on,
// one worker may take up what another still makes.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "store/test_disk.h"
#include "tests/chaos/campaign.h"

namespace troupe::chaos {
namespace {

constexpr int kCyclesOfRound = 10, kLongSeconds = 60, kOrders = 4, kMomentMilliseconds = 500;
constexpr std::chrono::milliseconds kPastLease = kLease + std::chrono::milliseconds(500);

void freeze_past_lease(Campaign& campaign) {
  ASSERT_TRUE(campaign.wait_running());
  campaign.server().freeze();
  std::this_thread::sleep_for(kPastLease);  // the lease has to pass, by everybody's clock
  campaign.server().thaw();
}

TEST(Chaos, AServerThatSleptPastItsLeasesChargesNothingTwice) {
  const store::test::TempFolder folder;
  Place place(folder.path() / "data", folder.path());
  Campaign campaign("frozen", place);
  campaign.start();
  // One long job, and a worker that has nothing to do but to take it up.
  const int rounds = std::max(1, cycles_asked() / kCyclesOfRound);
  for (int i = 0; i < rounds && !HasFailure(); ++i) {
    campaign.customers().front().order_one(campaign.port(), kLongSeconds);
    freeze_past_lease(campaign);
    campaign.let_all_end();
  }
  campaign.customers().front().order_one(campaign.port(), kLongSeconds);
  campaign.let_in(kOrders);
  freeze_past_lease(campaign);
  campaign.let_pass(kMomentMilliseconds);
  campaign.end({});
}

}  // namespace
}  // namespace troupe::chaos
