#include <sys/resource.h>

#include <thread>

#include "http/test_server.h"

namespace troupe::http {
namespace {

TEST_F(ServerTest, AnswersOverloadWith503) {
  Gate gate;
  options.handler_threads = 1;
  options.limits.handlers_waiting_max = 1;
  add("GET", "/hold", [&](Request&) {
    gate.pass();
    return reply(200, "text/plain", "done");
  });
  start();
  const std::string request = "GET /hold HTTP/1.1\r\nHost: x\r\n\r\n";
  TestClient running = client(), waiting = client();
  running.send(request);
  gate.wait_for_arrivals(1);
  // Whichever of the two comes second finds no room.
  TestClient other = client();
  waiting.send(request);
  other.send(request);
  std::thread opener([&] {
    while (server->counts().refused_total == 0) std::this_thread::yield();
    gate.open();
  });
  const Answer first = waiting.read_answer(), second = other.read_answer();
  opener.join();
  EXPECT_EQ(first.status + second.status, 200 + 503);
  EXPECT_EQ((first.status == 503 ? first : second).headers.get("Retry-After"), "1");
  EXPECT_EQ(running.read_answer().body, "done");
  server->stop();
}

TEST_F(ServerTest, TurnsAwayTooManyConnections) {
  options.limits.connections_max = 2;
  add_text("GET", "/a", "x");
  start();
  TestClient first = client();
  EXPECT_EQ(first.ask("GET", "/a").status, 200);
  {
    TestClient second = client();
    EXPECT_EQ(second.ask("GET", "/a").status, 200);
    TestClient third = client();
    const Answer refused = third.read_answer();
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.headers.has("Retry-After"));
    EXPECT_TRUE(third.is_closed());
  }
  Answer again;
  while (again.status != 200) again = client().ask("GET", "/a");
}

TEST_F(ServerTest, BoundsConnectionsOfOnePeer) {
  options.limits.connections_per_peer_max = 1;
  add_text("GET", "/a", "x");
  start();
  TestClient first = client();
  EXPECT_EQ(first.ask("GET", "/a").status, 200);
  EXPECT_EQ(client().read_answer().status, 503);
}

TEST_F(ServerTest, HalfOpenConnectionsDisturbNobody) {
  options.limits.header_time = std::chrono::seconds(60);
  add_text("GET", "/a", "x");
  start();
  std::vector<TestClient> half_open;
  for (int i = 0; i < 200; ++i) {
    half_open.emplace_back(server->port());
    half_open.back().send("GET /a HTT");
  }
  EXPECT_EQ(client().ask("GET", "/a").body, "x");
  for (TestClient& one : half_open) one.send("P/1.1\r\nHost: x\r\n\r\n");
  for (TestClient& one : half_open) EXPECT_EQ(one.read_answer().body, "x");
}

TEST_F(ServerTest, SurvivesRunningOutOfDescriptors) {
  add_text("GET", "/a", "x");
  start();
  TestClient first = client();
  EXPECT_EQ(first.ask("GET", "/a").status, 200);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const int lowest_free = dup(0);
  close(lowest_free);
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(lowest_free) + 1;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  // Takes the last descriptor, so that the server has none to accept it with.
  TestClient late = client();
  EXPECT_TRUE(late.connected());
  EXPECT_EQ(first.ask("GET", "/a").status, 200);
  EXPECT_EQ(server->counts().connections, 1);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(late.ask("GET", "/a").status, 200);
}

TEST_F(ServerTest, FinishesRunningRequestsWhenItStops) {
  Gate gate;
  add("GET", "/hold", [&](Request&) {
    gate.pass();
    return reply(200, "text/plain", "done");
  });
  add_text("GET", "/a", "x");
  start();
  TestClient running = client(), idle = client();
  EXPECT_EQ(idle.ask("GET", "/a").status, 200);
  running.send("GET /hold HTTP/1.1\r\nHost: x\r\n\r\n");
  gate.wait_for_arrivals(1);
  std::thread stopper([&] { server->stop(); });
  EXPECT_TRUE(idle.is_closed());
  gate.open();
  const Answer answer = running.read_answer();
  EXPECT_EQ(answer.body, "done");
  EXPECT_EQ(answer.headers.get("Connection"), "close");
  stopper.join();
  EXPECT_EQ(server->counts().connections, 0);
  EXPECT_FALSE(TestClient(server->port()).connected());
}

TEST_F(ServerTest, StopsWhateverPeersDo) {
  options.limits.drain_time = std::chrono::milliseconds(50);
  options.limits.header_time = std::chrono::hours(1);
  add_text("GET", "/a", "x");
  start();
  TestClient half = client(), asked = client();
  EXPECT_EQ(asked.ask("GET", "/a").status, 200);
  half.send("GET /a HTT");
  asked.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1");
  server->stop();
  EXPECT_EQ(server->counts().connections, 0);
  EXPECT_TRUE(half.is_closed());
}

TEST_F(ServerTest, MayStopAtAnyMoment) {
  for (int round = 0; round < 20; ++round) {
    Router routes;
    routes.add({"GET", "/a", [](Request&) { return reply(200, "text/plain", "x"); }, 0, ""});
    options.io_threads = 2;
    options.limits.drain_time = std::chrono::milliseconds(100);
    server = std::make_unique<Server>(routes, options);
    ASSERT_TRUE(server->start());
    const uint16_t port = server->port();
    std::vector<std::thread> askers;
    for (int i = 0; i < 4; ++i) {
      askers.emplace_back([port] {
        TestClient one(port);
        Answer answer{200, {}, "", true};
        while (one.connected() && answer.status == 200) answer = one.ask("GET", "/a");
      });
    }
    while (server->counts().requests_total < 10) std::this_thread::yield();
    server->stop();
    for (std::thread& asker : askers) asker.join();
  }
}

}  // namespace
}  // namespace troupe::http
