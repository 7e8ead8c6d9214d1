// Jobs of a model that is made here, through the server.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <thread>

#include "store/test_disk.h"
#include "tests/chaos/api.h"
#include "tests/chaos/place.h"
#include "tests/neural/program.h"

namespace troupe::neural {
namespace {

using chaos::Json;

constexpr std::chrono::milliseconds kLook{20};
constexpr std::chrono::seconds kPatience{120};

class ServedNeural : public testing::Test {
 protected:
  void serve(bool weights = true) {
    if (weights) {
      const Ran added = add_weights(folder_.path() / "weights", "wan2.1-t2v-1.3b", "t2v");
      ASSERT_EQ(added.status, 0) << added.err;
    }
    start();
  }

  void start() {
    chaos::ServerCommand command = place_.server();
    command.arguments.insert(command.arguments.end(), {"--weights", folder_.path() / "weights"});
    server_.reset();
    server_ = std::make_unique<chaos::ServerProcess>(command);
    const auto port = server_->wait_ready();
    ASSERT_TRUE(port) << server_->log();
    api_ = std::make_unique<chaos::Api>(*port, place_.rich().secret);
  }

  Json submit(const std::string& resolution) {
    const Json spec{{"model", "wan2.1-t2v-1.3b"},
                    {"prompt", "a lake"},
                    {"duration", 1},
                    {"resolution", resolution},
                    {"seed", 5}};
    const auto answer = api_->call("POST", "/v1/jobs", spec.dump(), "Content-Type: application/json\r\n");
    EXPECT_TRUE(answer && answer->status == 202) << (answer ? answer->body : "no answer");
    return answer ? chaos::json_of(*answer) : Json::object();
  }

  Json job(const std::string& id) {
    const auto answer = api_->call("GET", "/v1/jobs/" + id);
    return answer ? chaos::json_of(*answer) : Json::object();
  }

  // The job, once it is as wanted; as it is when patience ends.
  Json wait(const std::string& id, const std::function<bool(const Json&)>& wanted) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    Json now = job(id);
    while (!wanted(now) && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(kLook);
      now = job(id);
    }
    return now;
  }
  static bool has_ended(const Json& job) {
    const std::string state = job.value("state", "");
    return state == "succeeded" || state == "failed" || state == "cancelled" || state == "parked";
  }
  static bool is_denoising(const Json& job) {
    return job.value("/progress/stage"_json_pointer, "") == "denoise" &&
           job.value("/progress/fraction"_json_pointer, 0.0) > 0.1;
  }

  std::string video(const std::string& id) {
    const auto answer = api_->call("GET", "/v1/jobs/" + id + "/video");
    EXPECT_TRUE(answer && answer->status == 200);
    return answer ? answer->body : "";
  }

  const store::test::TempFolder folder_;
  chaos::Place place_{folder_.path() / "data", folder_.path()};
  std::unique_ptr<chaos::ServerProcess> server_;
  std::unique_ptr<chaos::Api> api_;
};

TEST_F(ServedNeural, MakesAJob) {
  serve();
  const std::string id = submit("96x64").value("id", "");
  const Json made = wait(id, has_ended);
  ASSERT_EQ(made.value("state", ""), "succeeded") << made.dump(1);
  EXPECT_EQ(made.value("engine", ""), "wan");
  EXPECT_FALSE(made.value("draft", false));
  const Json& take = made.at("takes").at(0);
  EXPECT_EQ(take.value("frames", 0), 16);
  EXPECT_EQ(take.value("width", 0), 96);
  EXPECT_GT(video(id).size(), 500u);
}

TEST_F(ServedNeural, GoesOnAfterItWasKilled) {
  serve();
  const std::string whole = submit("320x192").value("id", "");
  ASSERT_EQ(wait(whole, has_ended).value("state", ""), "succeeded");
  const std::string expected = video(whole);
  const std::string id = submit("320x192").value("id", "");
  const Json begun = wait(id, [](const Json& json) { return is_denoising(json) || has_ended(json); });
  ASSERT_TRUE(is_denoising(begun)) << begun.dump(1);
  ASSERT_TRUE(server_->kill());
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "data" / "scratch" / (id + "-0.checkpoint")));
  start();
  const Json made = wait(id, has_ended);
  ASSERT_EQ(made.value("state", ""), "succeeded") << made.dump(1) << server_->log();
  EXPECT_EQ(made.value("attempts", 0), 2) << made.dump(1);
  EXPECT_TRUE(video(id) == expected) << "the same video as in one go";
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "data" / "scratch" / (id + "-0.checkpoint")));
}

TEST_F(ServedNeural, StopsAJobThatIsCancelled) {
  serve();
  const std::string id = submit("480p").value("id", "");
  const Json begun =
      wait(id, [](const Json& json) { return json.value("state", "") == "running" || has_ended(json); });
  ASSERT_EQ(begun.value("state", ""), "running") << begun.dump(1);
  const auto answer = api_->call("POST", "/v1/jobs/" + id + ":cancel");
  ASSERT_TRUE(answer);
  EXPECT_EQ(wait(id, has_ended).value("state", ""), "cancelled");
}

TEST_F(ServedNeural, DraftsWhatItHasNoWeightsFor) {
  serve(false);
  const Json job = submit("96x64");
  EXPECT_EQ(job.value("engine", ""), "stage");
  EXPECT_TRUE(job.value("draft", false)) << job.dump(1);
}

}  // namespace
}  // namespace troupe::neural
