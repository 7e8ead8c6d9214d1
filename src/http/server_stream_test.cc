#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "http/sse.h"
#include "http/test_server.h"

namespace troupe::http {
namespace {

// Numbered events that any thread may append to, and whoever listens for them.
class Feed {
 public:
  void append(int count, bool end = false) {
    std::vector<std::function<void()>> wakes;
    {
      const std::lock_guard lock(mutex_);
      size_ += count;
      ended_ = ended_ || end;
      wakes = wakes_;
    }
    for (const auto& wake : wakes) wake();
  }
  void listen(std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    wakes_.push_back(std::move(wake));
  }
  // The events from `next` on; none at the end.
  std::optional<std::string> read(int& next) {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (; next < size_; ++next) text += sse_event(next + 1, "n", std::to_string(next));
    if (text.empty() && ended_) return std::nullopt;
    return text;
  }

 private:
  std::mutex mutex_;
  std::vector<std::function<void()>> wakes_;
  int size_ = 0;
  bool ended_ = false;
};

class FeedStream final : public Stream {
 public:
  explicit FeedStream(Feed& feed, Gate* gone = nullptr) : feed_(feed), gone_(gone) {}
  ~FeedStream() override {
    if (gone_) gone_->open();
  }
  std::optional<std::string> poll() override { return feed_.read(next_); }
  void on_ready(std::function<void()> wake) override { feed_.listen(std::move(wake)); }

 private:
  Feed& feed_;
  Gate* gone_;
  int next_ = 0;
};

class StreamTest : public ServerTest {
 protected:
  void add_feed(Gate* gone = nullptr) {
    add("GET", "/events", [this, gone](Request&) {
      Response response = reply(200, "text/event-stream", "");
      response.body = std::make_shared<FeedStream>(feed, gone);
      return response;
    });
  }
  static Answer begin(TestClient& client, const std::string& version = "HTTP/1.1") {
    client.send("GET /events " + version + "\r\nHost: x\r\n\r\n");
    return client.read_head();
  }
  // Reads on until `text` has that many events; false if the stream ends before.
  static bool read_events(TestClient& client, std::string& text, const std::string& last) {
    while (text.find("data: " + last + "\n") == std::string::npos) {
      const auto chunk = client.read_chunk();
      if (!chunk || chunk->empty()) return false;
      text += *chunk;
    }
    return true;
  }
  static std::string events(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += sse_event(i + 1, "n", std::to_string(i));
    return text;
  }

  Feed feed;
};

TEST_F(StreamTest, SendsEventsInOrderFromManyThreads) {
  add_feed();
  start();
  TestClient one = client();
  const Answer head = begin(one);
  EXPECT_EQ(head.headers.get("Content-Type"), "text/event-stream");
  EXPECT_EQ(head.headers.get("Transfer-Encoding"), "chunked");
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([this] {
      for (int event = 0; event < 500; ++event) feed.append(1);
    });
  }
  std::string text;
  EXPECT_TRUE(read_events(one, text, "1999"));
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(text, events(2000));
  EXPECT_EQ(server->counts().streams, 1);
  feed.append(0, true);
  EXPECT_EQ(one.read_chunk(), "");
  EXPECT_TRUE(one.is_closed());
}

TEST_F(StreamTest, SendsCommentsWhileThereIsNothing) {
  options.limits.heartbeat = std::chrono::milliseconds(10);
  add_feed();
  start();
  TestClient one = client();
  begin(one);
  EXPECT_TRUE(one.read_chunk()->starts_with(":"));
  feed.append(1);
  std::string text;
  EXPECT_TRUE(read_events(one, text, "0"));
  EXPECT_TRUE(one.read_chunk()->starts_with(":"));
}

TEST_F(StreamTest, LetsAStreamGoWhenItsPeerLeaves) {
  Gate gone;
  add_feed(&gone);
  start();
  TestClient one = client();
  begin(one);
  one.send("some input that nobody reads");
  one.close();
  gone.pass();
  feed.append(1);  // wakes nobody, harmlessly
  server->stop();
}

TEST_F(StreamTest, SpeaksToOldClientsWithoutChunks) {
  add_feed();
  feed.append(2, true);
  start();
  TestClient one = client();
  const Answer head = begin(one, "HTTP/1.0");
  EXPECT_FALSE(head.headers.has("Transfer-Encoding"));
  TestClient other = client();
  EXPECT_EQ(other.ask("HEAD", "/events").status, 200);
  EXPECT_EQ(begin(other).status, 200);
}

TEST_F(StreamTest, EndsStreamsWhenItStops) {
  add_feed();
  start();
  TestClient one = client();
  begin(one);
  feed.append(1);
  std::string text;
  EXPECT_TRUE(read_events(one, text, "0"));
  server->stop();
  EXPECT_EQ(one.read_chunk(), "");
  EXPECT_TRUE(one.is_closed());
  feed.append(1);  // the server is gone; its wake is not
}

TEST_F(StreamTest, CarriesHundredsAtOnce) {
  constexpr int kStreams = 500;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
  setrlimit(RLIMIT_NOFILE, &files);
  ASSERT_GE(files.rlim_cur, static_cast<rlim_t>(kStreams * 2 + 100));
  options.io_threads = 2;
  add_feed();
  start();
  std::vector<TestClient> watchers;
  for (int i = 0; i < kStreams; ++i) watchers.emplace_back(server->port());
  for (TestClient& watcher : watchers) ASSERT_EQ(begin(watcher).status, 200);
  for (int i = 0; i < 10; ++i) feed.append(1);
  for (TestClient& watcher : watchers) {
    std::string text;
    ASSERT_TRUE(read_events(watcher, text, "9"));
    EXPECT_EQ(text, events(10));
  }
  EXPECT_EQ(server->counts().streams, kStreams);
  server->stop();
  EXPECT_EQ(server->counts().streams, 0);
  EXPECT_EQ(server->counts().connections, 0);
}

// Ready when told; says whether it was, or the time was up.
class TestLater final : public Later {
 public:
  explicit TestLater(std::chrono::milliseconds time) { until = time; }
  std::optional<Response> poll(bool last) override {
    if (ready) return reply(200, "text/plain", "ready");
    if (last) return reply(202, "text/plain", "not yet");
    polled.open();
    return std::nullopt;
  }
  void on_ready(std::function<void()> wake) override { wake_ = std::move(wake); }
  void make_ready() {
    polled.pass();
    ready = true;
    wake_();
  }

  std::atomic<bool> ready = false;
  Gate polled;

 private:
  std::function<void()> wake_;
};

class LaterTest : public ServerTest {
 protected:
  void add_later(std::chrono::milliseconds time) {
    later = std::make_shared<TestLater>(time);
    add("GET", "/later", [this](Request&) {
      Response response;
      response.body = std::static_pointer_cast<Later>(later);
      return response;
    });
  }
  std::shared_ptr<TestLater> later;
};

TEST_F(LaterTest, AnswersWhenWoken) {
  add_later(std::chrono::hours(1));
  start();
  TestClient one = client();
  one.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  later->make_ready();
  EXPECT_EQ(one.read_answer().body, "ready");
  EXPECT_EQ(one.read_answer().body, "ready");
}

TEST_F(LaterTest, AnswersWhenTimeIsUp) {
  add_later(std::chrono::milliseconds(10));
  start();
  TestClient one = client();
  EXPECT_EQ(one.ask("GET", "/later").status, 202);
  later->ready = true;
  EXPECT_EQ(one.ask("GET", "/later").status, 200);
}

TEST_F(LaterTest, IsAskedForTheLastTimeWhenTheServerStops) {
  add_later(std::chrono::hours(1));
  start();
  TestClient one = client();
  one.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  later->polled.pass();
  server->stop();
  const Answer answer = one.read_answer();
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.headers.get("Connection"), "close");
}

TEST_F(LaterTest, IsDroppedWhenThePeerLeaves) {
  add_later(std::chrono::hours(1));
  int status = 0;
  Gate finished;
  options.finished = [&](const Request&, const std::string&, int told, double, const std::string&) {
    status = told;
    finished.open();
  };
  start();
  TestClient one = client();
  one.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  later->polled.pass();
  one.close();
  finished.pass();
  EXPECT_EQ(status, 499);
  server->stop();
}

}  // namespace
}  // namespace troupe::http
