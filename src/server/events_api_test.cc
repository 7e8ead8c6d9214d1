// Watching jobs through the real HTTP server.
#include "server/test_service.h"

namespace troupe::server {
namespace {

class EventsApi : public TestService {
 protected:
  // Everything a job's stream says until it ends.
  std::string watch(const std::string& id, const std::string& more = "") {
    return get("/v1/jobs/" + id + "/events", more).body;
  }
  static std::vector<int64_t> ids_of(const std::string& stream) {
    std::vector<int64_t> ids;
    for (size_t at = stream.find("\nid: "); at != std::string::npos; at = stream.find("\nid: ", at + 1))
      ids.push_back(std::atoll(stream.c_str() + at + 5));
    return ids;
  }
};

TEST_F(EventsApi, AJobsStreamTellsItsLifeAndEndsWithIt) {
  engine_.hold();
  const std::string id = json(post("/v1/jobs", small_spec()))["id"];
  http::TestClient watcher(server_->port());
  watcher.send("GET /v1/jobs/" + id + "/events HTTP/1.1\r\nHost: test\r\n" + bearer(secret_) + "\r\n");
  engine_.wait_begun(1);
  engine_.let_go();
  const std::string stream = watcher.read_answer().body;
  for (const char* type : {"event: job.queued", "event: job.running", "event: job.succeeded"}) {
    EXPECT_NE(stream.find(type), std::string::npos) << type << "\n" << stream;
  }
  const std::vector<int64_t> ids = ids_of(stream);
  ASSERT_GE(ids.size(), 3u);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

TEST_F(EventsApi, WhoComesBackIsToldWhatItMissedAndNothingTwice) {
  const std::string id = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"];
  const std::vector<int64_t> all = ids_of(watch(id));
  ASSERT_GE(all.size(), 3u);
  const std::vector<int64_t> rest = ids_of(watch(id, "Last-Event-ID: " + std::to_string(all[0]) + "\r\n"));
  EXPECT_EQ(rest, std::vector<int64_t>(all.begin() + 1, all.end()));
  EXPECT_EQ(get("/v1/jobs/" + id + "/events", "Last-Event-ID: x\r\n").status, 400);
}

TEST_F(EventsApi, EventsOfBeforeTheStartComeFromTheLog) {
  const std::string id = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"];
  const std::vector<int64_t> before = ids_of(watch(id));
  close();
  open();
  EXPECT_EQ(ids_of(watch(id)), before);
}

TEST_F(EventsApi, NobodySeesAnothersEvents) {
  const std::string id = json(post("/v1/jobs", small_spec(), "Prefer: wait=60\r\n"))["id"];
  secret_ = key({"jobs:read"});
  EXPECT_EQ(get("/v1/jobs/" + id + "/events").status, 404);
}

}  // namespace
}  // namespace troupe::server
