// For tests: a server on loopback with routes to try, and what tests need to hold it at a certain point.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>

#include "http/server.h"
#include "http/test_client.h"

namespace troupe::http {

/// Opened once; whoever passes before waits.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void wait_for_arrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int arrived_ = 0;
};

/// Tests add routes and set options, then start().
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options.port = 0;
    options.temporary_folder = testing::TempDir();
  }

  // Before members of derived fixtures go that handlers use. Tests whose own variables are used stop it too.
  void TearDown() override {
    if (server) server->stop();
  }

  void add(const std::string& method, const std::string& pattern, Handler handler,
           uint64_t body_bytes_max = 1 << 20) {
    router.add({method, pattern, std::move(handler), body_bytes_max, ""});
  }
  void add_text(const std::string& method, const std::string& pattern, const std::string& text) {
    add(method, pattern, [text](Request&) { return reply(200, "text/plain", text); });
  }
  /// Answers with the size of the body and its first bytes.
  void add_echo(const std::string& pattern, uint64_t body_bytes_max = 1 << 20) {
    const auto echo = [](Request& request) {
      const std::string text = request.body.read(1 << 30).value();
      return reply(200, "text/plain", std::to_string(text.size()) + ":" + text.substr(0, 100));
    };
    add("POST", pattern, echo, body_bytes_max);
  }

  void start() {
    server = std::make_unique<Server>(router, options);
    const auto started = server->start();
    ASSERT_TRUE(started) << started.error().message;
  }
  TestClient client() const { return TestClient(server->port()); }

  Router router;
  ServerOptions options;
  std::unique_ptr<Server> server;
};

}  // namespace troupe::http
