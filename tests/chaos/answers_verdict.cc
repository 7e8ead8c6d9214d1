#include <gtest/gtest.h>

#include <thread>

#include "media/video_file.h"
#include "tests/chaos/verdict.h"

namespace troupe::chaos {
namespace {

constexpr std::chrono::milliseconds kLook{50};

void check_video(const Api& api, const Order& order) {
  const auto answer = api.call("GET", "/v1/jobs/" + order.job + "/video");
  ASSERT_TRUE(answer && answer->status == 200) << order.job << " succeeded and has no video";
  auto clip = media::VideoClip::open(Bytes(answer->body.begin(), answer->body.end()));
  ASSERT_TRUE(clip) << order.job << ": " << to_string(clip.error());
  EXPECT_EQ(clip->info().size, order.size) << order.job;
  EXPECT_EQ(clip->info().frames, order.frames) << order.job;
  const auto last = clip->last_frame();
  EXPECT_TRUE(last) << order.job << " does not play to its end";
}

void check_order(const Api& api, const Order& order, Expectation expectation) {
  const auto answer = api.call("GET", "/v1/jobs/" + order.job);
  ASSERT_TRUE(answer) << order.job;
  if (order.deleted) {
    EXPECT_EQ(answer->status, 404) << order.job << " was deleted and is back";
    return;
  }
  if (answer->status == 404 && order.delete_sent) return;  // nobody was told that it was deleted
  ASSERT_EQ(answer->status, 200) << order.job << " was acknowledged and is lost: " << answer->body;
  const Json job = json_of(*answer);
  const std::string state = job.value("state", "");
  EXPECT_TRUE(order.final_state.empty() || order.final_state == state)
      << order.job << " was " << order.final_state << " and is " << state;
  if (state == "succeeded") return check_video(api, order);
  EXPECT_TRUE(state == "cancelled" || (state == "failed" && expectation.jobs_may_fail)) << answer->body;
  EXPECT_TRUE(state != "failed" || job.contains("/error/message"_json_pointer)) << answer->body;
}

void check_file(const Api& api, const SentFile& file) {
  const auto answer = api.call("GET", "/v1/uploads/" + file.id);
  ASSERT_TRUE(answer) << file.id;
  ASSERT_EQ(answer->status, 200) << file.id << " was acknowledged and is lost: " << answer->body;
  const Json upload = json_of(*answer);
  EXPECT_TRUE(upload.value("complete", false) || !file.complete) << answer->body;
  EXPECT_GE(upload.value("offset", uint64_t{0}), file.safe_bytes) << answer->body;
}

}  // namespace

int let_everything_end(uint16_t port, const Purse& admin, std::chrono::seconds patience) {
  const Api api(port, admin.secret);
  const auto end = std::chrono::steady_clock::now() + patience;
  int resumed = 0;
  while (std::chrono::steady_clock::now() < end) {
    const auto answer =
        api.call("GET", "/v1/jobs?state=queued&state=running&state=submitted&state=parked&limit=200");
    const Json jobs = answer ? json_of(*answer) : Json::object();
    if (!jobs.contains("data")) {
      ADD_FAILURE() << "the server does not list its jobs";
      return resumed;
    }
    if (jobs["data"].empty()) return resumed;
    for (const Json& job : jobs["data"]) {
      if (job["state"] != "parked") continue;
      const auto retried = api.call("POST", "/v1/jobs/" + job["id"].get<std::string>() + ":retry");
      EXPECT_TRUE(retried && retried->status < 300) << job;
      ++resumed;
    }
    std::this_thread::sleep_for(kLook);
  }
  ADD_FAILURE() << "some jobs did not end within " << patience.count() << " s";
  return resumed;
}

void check_answers(uint16_t port, const std::vector<Customer>& customers, Expectation expectation) {
  for (const Customer& customer : customers) {
    const Api api(port, customer.secret());
    for (const Order& order : customer.orders()) {
      if (!order.job.empty()) check_order(api, order, expectation);
    }
    for (const SentFile& file : customer.files()) check_file(api, file);
  }
}

}  // namespace troupe::chaos
