// Takes at a provider when something happens between them: to one of several, to the lease, to the server.
#include "media/metadata.h"
#include "server/round_trip_for_test.h"

namespace troupe::server {
namespace {

const Kind &kGateway = kKinds[1], &kDashScope = kKinds[2], &kFal = kKinds[4];

class UpstreamTakes : public UpstreamRoundTrip {
 protected:
  jobs::JobQueue& queue() { return here_->folder().jobs->queue(); }

  static GenerationSpec spec_of(const Kind& kind, int count) {
    GenerationSpec spec = spec_for(kind);
    spec.references.clear();
    spec.prompt = "a park";
    spec.count = count;
    return spec;
  }

  // As a worker that was killed left it.
  std::string left_behind(const GenerationSpec& spec, const std::string& record) {
    const std::string id = here_->submit(spec);
    const auto lease =
        queue().lease({"killed", {"upstream"}, std::chrono::milliseconds(3'600'000)}, clock_.now());
    EXPECT_TRUE(lease && *lease && (*lease)->job.id == id);
    EXPECT_TRUE(queue().mark_submitted(**lease, record, clock_.now()));
    return id;
  }

  size_t tasks_of(const std::string& id) {
    const Json record = json_of_record(here_->find(id));
    if (!record.is_object()) return 0;
    return static_cast<size_t>(std::count_if(record["takes"].begin(), record["takes"].end(),
                                             [](const Json& take) { return take.contains("task"); }));
  }
  static void pause() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }
};

TEST_F(UpstreamTakes, OneThatAProviderForgotDoesNotCostItsSiblings) {
  std::mutex mutex;
  std::string forgotten;
  FaultyWay way(server_->port(), [&](const std::string& request) {
    const std::lock_guard lock(mutex);
    return !forgotten.empty() && request.find(forgotten) < request.find("\r\n") ? Fault::gone : Fault::none;
  });
  add_provider(kFal, way);
  engine_.hold();
  here_->start();
  const std::string id = here_->submit(spec_of(kFal, 3));
  while (tasks_of(id) < 3) pause();
  {
    const std::lock_guard lock(mutex);
    forgotten = json_of_record(here_->find(id))["takes"][1]["task"];
  }
  engine_.let_go();
  const Job parked = here_->wait(id);
  ASSERT_EQ(parked.state, JobState::parked);
  EXPECT_EQ(parked.error->code, ErrorCode::unknown_outcome);
  EXPECT_EQ(parked.takes.size(), 2u) << "what was made is kept";
  EXPECT_EQ(here_->held(), 1'000'000);
  {
    const std::lock_guard lock(mutex);
    forgotten.clear();
  }
  ASSERT_TRUE(queue().resume(id, clock_.now()));
  const Job job = here_->wait(id);
  ASSERT_EQ(job.state, JobState::succeeded);
  EXPECT_EQ(job.takes.size(), 3u);
  EXPECT_EQ(job.charged.micros, 1'000'000);
  EXPECT_EQ(jobs_there(), 3);
  here_->stop();
}

TEST_F(UpstreamTakes, AServerThatIsKilledBetweenTwoTakesSendsOnlyTheSecond) {
  const auto first = post("/fal-ai/kling-video/tiny", R"({"prompt":"a park","duration":"1"})");
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string task = json(first)["request_id"];
  const Json take{{"provider", "fal"}, {"model", kFal.model}, {"task", task}, {"sent", 1}, {"kind", "fal"}};
  const std::string id = left_behind(spec_of(kFal, 2), Json{{"takes", {take}}}.dump());
  ASSERT_TRUE(queue().expire_leases(clock_.now()));
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kFal, way);
  here_->start();
  const Job job = here_->wait(id);
  ASSERT_EQ(job.state, JobState::succeeded) << (job.error ? job.error->message : "");
  EXPECT_EQ(job.crashes, 1);
  EXPECT_EQ(job.takes.size(), 2u);
  EXPECT_EQ(json_of_record(job)["takes"][0]["task"], task);
  EXPECT_EQ(jobs_there(), 2);
  EXPECT_EQ(job.charged.micros, 1'000'000);
  here_->stop();
}

TEST_F(UpstreamTakes, WhoeverLosesItsLeaseWhileItWaitsWritesNothingMore) {
  FaultyWay way(server_->port(), [](const std::string&) { return Fault::none; });
  add_provider(kFal, way);
  engine_.hold();
  here_->start();
  const std::string id = here_->submit(spec_of(kFal, 1));
  while (tasks_of(id) < 1) pause();
  // Its worker may renew the lease in between.
  std::optional<jobs::Lease> other;
  while (!other) {
    ASSERT_TRUE(queue().expire_leases(clock_.now()));
    auto leased = queue().lease({"other", {"upstream"}, std::chrono::milliseconds(3'600'000)}, clock_.now());
    ASSERT_TRUE(leased);
    other = std::move(*leased);
  }
  engine_.let_go();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(here_->find(id).state, JobState::submitted);
  EXPECT_EQ(here_->held(), 1'000'000);
  ASSERT_TRUE(queue().give_back(*other, clock_.now()));
  expect_made(here_->wait(id), "taken up by whoever comes next");
  EXPECT_EQ(jobs_there(), 1);
  here_->stop();
}

TEST_F(UpstreamTakes, TwoTasksThatCouldBeALostOneAreNotGuessedAt) {
  const auto twin = post("/api/v1/services/aigc/video-generation/video-synthesis",
                         R"({"model":"wan2.6-tiny","input":{"prompt":"a park"},"parameters":{"duration":1}})",
                         "X-DashScope-Async: enable\r\n");
  ASSERT_EQ(twin.status, 200) << twin.body;
  std::atomic<bool> lost = false;
  FaultyWay way(server_->port(), [&](const std::string& request) {
    return is_submission(request) && !lost.exchange(true) ? Fault::lost : Fault::none;
  });
  add_provider(kDashScope, way);
  here_->start();
  const Job job = here_->wait(here_->submit(spec_of(kDashScope, 1)));
  EXPECT_EQ(job.state, JobState::parked);
  EXPECT_EQ(job.error->code, ErrorCode::unknown_outcome);
  EXPECT_EQ(tasks_of(job.id), 0u);
  EXPECT_EQ(here_->held(), 1'000'000);
  EXPECT_EQ(jobs_there(), 2) << "it was not sent again";
  here_->stop();
}

TEST_F(UpstreamTakes, OneTaskAndTwoLostTakesOfOursAreNotGuessedAtEither) {
  left_behind(spec_of(kDashScope, 1),
              R"({"takes":[{"provider":"dashscope","model":"wan2.6-tiny","sent":1}]})");
  std::atomic<bool> lost = false;
  FaultyWay way(server_->port(), [&](const std::string& request) {
    return is_submission(request) && !lost.exchange(true) ? Fault::lost : Fault::none;
  });
  add_provider(kDashScope, way);
  here_->start();
  const Job job = here_->wait(here_->submit(spec_of(kDashScope, 1)));
  EXPECT_EQ(job.state, JobState::parked);
  EXPECT_EQ(job.error->code, ErrorCode::unknown_outcome);
  EXPECT_EQ(tasks_of(job.id), 0u);
  EXPECT_EQ(jobs_there(), 1) << "it was not sent again";
  here_->stop();
}

TEST_F(UpstreamTakes, AVideoInsideAnAnswerMayBeLargerThanAnyOtherAnswer) {
  const Job small = run(kGateway, Fault::none);
  ASSERT_EQ(small.state, JobState::succeeded);
  Bytes video = *here_->folder().objects->read(small.takes[0].video, 1 << 20);
  constexpr size_t kPadding = 5 << 20;  // in a box that players pass over
  const auto size = static_cast<uint32_t>(kPadding + 8);
  for (int shift = 24; shift >= 0; shift -= 8) video.push_back(static_cast<uint8_t>(size >> shift));
  for (const char c : std::string_view("free")) video.push_back(static_cast<uint8_t>(c));
  video.resize(video.size() + kPadding);
  const std::string done =
      R"({"status":"completed","videos":[{"type":"base64","mediaType":"video/mp4","data":")" +
      to_base64(video) + R"("}]})";
  fetch::test::HttpServer there([&](const auto& connection, const std::string& request) {
    const bool start = request.starts_with("POST /v4/ai/video-model/start");
    connection.send(fetch::test::reply(200, start ? R"({"operation":{"id":"op"}})" : done,
                                       "Content-Type: application/json\r\n"));
  });
  here_->providers.push_back({{"gateway", kGateway.model}, {"gateway", there.url("/v4/ai"), secret_}});
  here_->start();
  const Job job = here_->wait(here_->submit(spec_of(kGateway, 1)));
  expect_made(job, "large");
  EXPECT_EQ(job.takes[0].size_bytes, video.size());
  here_->stop();
}

TEST_F(UpstreamTakes, AVideoWithoutAMarkGetsOne) {
  const Job small = run(kGateway, Fault::none);
  ASSERT_EQ(small.state, JobState::succeeded);
  Bytes video = *here_->folder().objects->read(small.takes[0].video, 1 << 20);
  EXPECT_TRUE(media::read_metadata(video)->draft) << "one that says of itself that it is a draft stays so";
  const std::string_view uuid = "uuid";
  const auto box = std::find_end(video.begin(), video.end(), uuid.begin(), uuid.end());
  video.erase(box - 4, video.end());  // as somebody else makes it
  ASSERT_FALSE(media::read_metadata(video));
  const std::string done =
      R"({"status":"completed","videos":[{"type":"base64","mediaType":"video/mp4","data":")" +
      to_base64(video) + R"("}]})";
  fetch::test::HttpServer there([&](const auto& connection, const std::string& request) {
    const bool start = request.starts_with("POST /v4/ai/video-model/start");
    connection.send(fetch::test::reply(200, start ? R"({"operation":{"id":"op"}})" : done,
                                       "Content-Type: application/json\r\n"));
  });
  here_->providers.push_back({{"gateway", kGateway.model}, {"gateway", there.url("/v4/ai"), secret_}});
  here_->start();
  const Job job = here_->wait(here_->submit(spec_of(kGateway, 1)));
  expect_made(job, "marked");
  const Bytes kept = *here_->folder().objects->read(job.takes[0].video, 1 << 20);
  ASSERT_GT(kept.size(), video.size());
  EXPECT_EQ(kept.size(), job.takes[0].size_bytes);
  EXPECT_TRUE(std::equal(video.begin(), video.end(), kept.begin())) << "what came is all there";
  const auto metadata = media::read_metadata(kept);
  ASSERT_TRUE(metadata);
  EXPECT_EQ(metadata->source, media::DigitalSource::trained_algorithmic_media);
  EXPECT_EQ(metadata->engine, "gateway");
  EXPECT_EQ(metadata->model, "tiny");
  EXPECT_FALSE(metadata->draft);
  here_->stop();
}

}  // namespace
}  // namespace troupe::server
