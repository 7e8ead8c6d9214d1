// Somebody sets the machine's clock while jobs run and wait.
#include <gtest/gtest.h>

#include "base/places_for_test.h"
#include "store/test_disk.h"
#include "tests/chaos/campaign.h"
#include "tests/chaos/clock_dial.h"

namespace troupe::chaos {
namespace {

#ifdef TROUPE_CLOCK_SHIFT
using std::chrono::hours;

constexpr int kOrders = 4, kLongSeconds = 20, kMomentMilliseconds = 500;

// Customers are out when the clock jumps: an idempotency key that is older than a day is forgotten, and one
// that was answered before a jump and asked again after it would be another job.
void jump(Campaign& campaign, ClockDial& dial, std::chrono::seconds ahead) {
  for (Customer& customer : campaign.customers()) customer.order_one(campaign.port(), kLongSeconds);
  ASSERT_TRUE(campaign.wait_running());
  dial.set(ahead);
  campaign.let_in(kOrders);
  campaign.let_pass(kMomentMilliseconds);
  campaign.see_out();
}

TEST(Chaos, AClockThatJumpsHoldsNothingUpAndChargesNothingTwice) {
  const store::test::TempFolder folder;
  Place place(folder.path() / "data", folder.path());
  ClockDial dial(folder.path() / "clock");
  Campaign campaign("clock", place, dial.environment(places::built(TROUPE_CLOCK_SHIFT)));
  campaign.start();
  for (const std::chrono::seconds ahead : {hours(2), hours(-2), hours(72), hours(-2)}) {
    if (HasFailure()) break;
    jump(campaign, dial, ahead);
  }
  // Leases that were written two hours in the future of whoever finds them.
  jump(campaign, dial, hours(2));
  campaign.kill();
  dial.set(hours(0));
  campaign.end({});
}
#else
TEST(Chaos, AClockThatJumpsHoldsNothingUpAndChargesNothingTwice) {
  GTEST_SKIP() << "the clock cannot be shifted under a sanitizer";
}
#endif

}  // namespace
}  // namespace troupe::chaos
