// The server on a small disk that is full now and then: what it cannot keep it refuses, and what it took it
// keeps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "store/test_disk.h"
#include "tests/chaos/campaign.h"

namespace troupe::chaos {
namespace {

namespace fs = std::filesystem;

constexpr size_t kDiskBytes = 24 << 20;
constexpr int kMomentMilliseconds = 250, kOrders = 3;
constexpr int kOrdersUntilFull = 2000;  // far more than fit into what the database has left in its files

// A file that takes all room that there is.
class Ballast {
 public:
  explicit Ballast(const fs::path& disk) : file_(disk / "ballast") {}

  void load() const {
    const int file = ::open(file_.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    const Bytes block(4096);
    while (::write(file, block.data(), block.size()) > 0) {
    }
    ::close(file);
  }
  void drop() const { fs::remove(file_); }

 private:
  fs::path file_;
};

// A start on a full disk: it serves, or it ends by itself and says why.
void start_on_full_disk(Campaign& campaign) {
  if (!campaign.try_start()) {
    const auto status = campaign.server().wait_end();
    EXPECT_TRUE(status && *status > 0 && *status < 128) << "status " << status.value_or(-1);
    EXPECT_NE(campaign.server().log().find("troupe: "), std::string::npos) << campaign.server().log();
  } else {
    campaign.let_in(kOrders);
    campaign.let_pass(kMomentMilliseconds);
  }
  campaign.kill();
}

void full_cycle(Campaign& campaign, const Ballast& ballast, int index) {
  campaign.start();
  if (testing::Test::HasFatalFailure()) return;
  campaign.let_in(kOrders);
  campaign.let_pass(kMomentMilliseconds);
  ballast.load();
  campaign.let_pass(kMomentMilliseconds);
  if (index % 2 == 0) {
    ballast.drop();
    campaign.let_pass(kMomentMilliseconds);
  }
  campaign.kill();
  if (index % 2 == 1) start_on_full_disk(campaign);
  ballast.drop();
}

// In a process of its own, which sees the disk.
int fill_and_kill(const fs::path& disk, const fs::path& beside) {
  Place place(disk / "data", beside);
  const Ballast ballast(disk);
  {
    Campaign campaign("full disk", place);
    for (Customer& customer : campaign.customers()) customer.expect_trouble(true);
    const int cycles = std::max(4, cycles_asked() / 4);
    for (int i = 0; i < cycles && !testing::Test::HasFailure(); ++i) full_cycle(campaign, ballast, i);
    campaign.start();
    campaign.let_in(kOrders);
    campaign.see_out();
    ballast.load();
    EXPECT_TRUE(campaign.customers().front().order_until_trouble(campaign.port(), kOrdersUntilFull))
        << "a full disk refuses nobody";
    ballast.drop();
    campaign.end({.jobs_may_fail = true});
  }
  std::cout.flush();
  std::fflush(nullptr);
  return testing::Test::HasFailure() ? 1 : 0;
}

TEST(Chaos, AFullDiskRefusesAndLosesNothing) {
  const store::test::TempFolder folder;
  fs::create_directory(folder.path() / "disk");
  const int status = store::test::on_small_disk(folder.path() / "disk", kDiskBytes, [&] {
    return fill_and_kill(folder.path() / "disk", folder.path());
  });
  if (status == store::test::kCannotMount) GTEST_SKIP() << "no right to mount a small disk";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace troupe::chaos
