// Fetching what a provider made: links that expire, break, or lead inside.
#include "server/round_trip_for_test.h"

namespace troupe::server {
namespace {

// The server there hands out links of a public name, which the guarded fetcher follows to it.
class PublicRoundTrip : public UpstreamRoundTrip {
 protected:
  PublicRoundTrip() { public_url_ = "http://video.example.org"; }

  Job run_with_first_fetch(const Kind& kind, Fault fault, bool always = false) {
    std::atomic<bool> met = false;
    FaultyWay way(server_->port(), [&](const std::string& request) {
      if (!request.starts_with("GET /media/")) return Fault::none;
      return always || !met.exchange(true) ? fault : Fault::none;
    });
    here_->fetch_options = {};
    here_->fetch_options.resolver = [](const std::string&) -> Result<std::vector<fetch::Address>> {
      return std::vector<fetch::Address>{*fetch::parse_address("93.184.216.34")};
    };
    here_->fetch_options.connect_override = [&way](const fetch::Address&, uint16_t) {
      return std::pair(*fetch::parse_address("127.0.0.1"), way.port());
    };
    return run_through(kind, way);
  }
};

TEST_F(PublicRoundTrip, ALinkThatExpiredOrBreaksIsAskedForAgain) {
  for (const Kind& kind : {kKinds[1], kKinds[2], kKinds[3], kKinds[4], kKinds[5]}) {
    for (const Fault fault : {Fault::none, Fault::gone, Fault::html, Fault::lost, Fault::busy}) {
      const int64_t before = jobs_there();
      expect_made(run_with_first_fetch(kind, fault), kind.name);
      EXPECT_EQ(jobs_there(), before + 1) << kind.name;
    }
  }
}

TEST_F(PublicRoundTrip, WhatIsMadeButCannotBeFetchedIsParkedAndFetchedLater) {
  const Job parked = run_with_first_fetch(kKinds[4], Fault::gone, true);
  EXPECT_EQ(parked.state, JobState::parked);
  EXPECT_EQ(parked.error->code, ErrorCode::unavailable);
  EXPECT_EQ(here_->held(), 1'000'000) << "it will be paid for";
  here_->fetch_options.connect_override = [this](const fetch::Address&, uint16_t) {
    return std::pair(*fetch::parse_address("127.0.0.1"), server_->port());
  };
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kKinds[4], way);
  here_->start();
  ASSERT_TRUE(here_->folder().jobs->queue().resume(parked.id, clock_.now()));
  expect_made(here_->wait(parked.id), "fetched later");
  EXPECT_EQ(jobs_there(), 1);
}

TEST_F(PublicRoundTrip, ALinkToTheInsideIsNotFollowed) {
  here_->fetch_options = {};
  here_->fetch_options.resolver = [](const std::string&) -> Result<std::vector<fetch::Address>> {
    return std::vector<fetch::Address>{*fetch::parse_address("10.0.0.1")};
  };
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kKinds[4], way);
  here_->start();
  EXPECT_EQ(here_->wait(here_->submit(spec_for(kKinds[4]))).state, JobState::parked);
}

}  // namespace
}  // namespace troupe::server
