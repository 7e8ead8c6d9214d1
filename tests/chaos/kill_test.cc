// The server is killed at random moments while customers use it, and started again.
#include <gtest/gtest.h>

#include "store/test_disk.h"
#include "tests/chaos/campaign.h"

namespace troupe::chaos {
namespace {

TEST(Chaos, KillsLoseNothingThatWasAcknowledgedAndChargeNothingTwice) {
  const store::test::TempFolder folder;
  Place place(folder.path() / "data", folder.path());
  Campaign campaign("kills", place);
  const int cycles = cycles_asked();
  for (int i = 0; i < cycles && !testing::Test::HasFailure(); ++i) campaign.kill_cycle(i);
  campaign.end({});
  EXPECT_GE(campaign.tally().acknowledged, cycles);
}

}  // namespace
}  // namespace troupe::chaos
