#include "http/body_memory.h"
#include "http/test_server.h"

namespace troupe::http {
namespace {

std::string head_with(const std::string& fields) {
  return "POST /echo HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

TEST_F(ServerTest, TakesBodiesOfBothKinds) {
  add_echo("/echo");
  start();
  TestClient one = client();
  EXPECT_EQ(one.post("/echo", "hello").body, "5:hello");
  EXPECT_EQ(one.post("/echo", "").body, "0:");
  one.send(head_with("Transfer-Encoding: chunked\r\n") +
           "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "5:abcde");
  one.send("POST /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "0:");
}

TEST_F(ServerTest, PutsLargeBodiesIntoFiles) {
  constexpr size_t kSize = 30 << 20;
  std::string body(kSize, '\0');
  for (size_t i = 0; i < kSize; ++i) body[i] = static_cast<char>(i * 7 + i / 255);
  options.limits.bodies_at_once_max = 1;
  add(
      "POST", "/check",
      [&](Request& request) {
        size_t at = 0;
        const auto read = request.body.read_to([&](ByteView piece) -> Result<void> {
          const std::string_view text(reinterpret_cast<const char*>(piece.data()), piece.size());
          if (body.compare(at, text.size(), text) != 0)
            return make_error(ErrorCode::corrupt_input, "differs");
          at += piece.size();
          return {};
        });
        return reply(200, "text/plain", read && at == kSize ? "same" : "different");
      },
      kSize);
  start();
  TestClient one = client();
  EXPECT_EQ(one.post("/check", body).body, "same");
  one.send("POST /check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (size_t at = 0; at < kSize; at += kSize / 3) {
    const std::string piece = body.substr(at, kSize / 3);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    one.send(size + piece + "\r\n");
  }
  one.send("0\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "same");
  server->stop();
}

TEST_F(ServerTest, RefusesLongBodiesEarly) {
  add_echo("/echo", 1000);
  start();
  TestClient said = client();
  said.send(head_with("Content-Length: 1001\r\n"));
  EXPECT_EQ(said.read_answer().status, 413);
  EXPECT_TRUE(said.is_closed());

  TestClient chunked = client();
  chunked.send(head_with("Transfer-Encoding: chunked\r\n") + "3e8\r\n" + std::string(1000, 'x') +
               "\r\n1\r\nx");
  EXPECT_EQ(chunked.read_answer().status, 413);
  EXPECT_EQ(client().post("/echo", std::string(1000, 'x')).status, 200);
}

TEST_F(ServerTest, GivesAnAnswerToASenderThatDoesNotStop) {
  add_echo("/echo", 1000);
  start();
  TestClient one = client();
  one.send(head_with("Content-Length: 3000000\r\n") + std::string(3000000, 'x'));
  EXPECT_EQ(one.read_answer().status, 413);
}

TEST_F(ServerTest, AsksForABodyOnlyIfItIsWanted) {
  options.before = [](const Request& head, const Route*) -> std::optional<Response> {
    if (head.headers.has("X-Key")) return std::nullopt;
    return reply(401, "text/plain", "no");
  };
  add_echo("/echo", 1000);
  start();
  TestClient one = client();
  one.send(head_with("Content-Length: 5\r\nExpect: 100-continue\r\nX-Key: 1\r\n"));
  EXPECT_EQ(one.read_head().status, 100);
  one.send("hello");
  EXPECT_EQ(one.read_answer().body, "5:hello");

  one.send(head_with("Content-Length: 5000\r\nExpect: 100-continue\r\nX-Key: 1\r\n"));
  EXPECT_EQ(one.read_answer().status, 413);

  TestClient stranger = client();
  stranger.send(head_with("Content-Length: 5\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(stranger.read_answer().status, 401);
  EXPECT_TRUE(stranger.is_closed());
}

TEST_F(ServerTest, CutsOffSlowSenders) {
  options.limits.header_time = std::chrono::milliseconds(50);
  options.limits.body_rate_time = std::chrono::milliseconds(50);
  options.limits.body_bytes_per_second_min = 2000;  // 100 bytes in that time
  add_echo("/echo");
  start();
  TestClient silent = client();
  EXPECT_TRUE(silent.is_closed());

  TestClient slow_head = client();
  slow_head.send("POST /ec");
  EXPECT_EQ(slow_head.read_answer().status, 408);
  EXPECT_TRUE(slow_head.is_closed());

  TestClient slow_body = client();
  slow_body.send(head_with("Content-Length: 500\r\n") + std::string(50, 'x'));
  EXPECT_EQ(slow_body.read_answer().status, 408);
  EXPECT_TRUE(slow_body.is_closed());
}

TEST_F(ServerTest, ALargeBodyMayNotDripForHours) {
  options.limits.body_rate_time = std::chrono::milliseconds(50);
  options.limits.body_bytes_per_second_min = 1;
  options.limits.body_time_max = std::chrono::seconds(1);
  add_echo("/echo");
  start();
  TestClient slow = client();
  slow.send(head_with("Content-Length: 1000000\r\n"));
  int sent = 0;
  // Far above the least rate of any body, far below what this one needs.
  while (!slow.has_answer(std::chrono::milliseconds(5)) && sent < 100000)
    sent += slow.send("0123456789") ? 10 : 0;
  EXPECT_LT(sent, 100000);
  EXPECT_EQ(slow.read_answer().status, 408);
}

TEST_F(ServerTest, ClosesIdleConnections) {
  options.limits.idle_time = std::chrono::milliseconds(20);
  add_echo("/echo");
  start();
  TestClient one = client();
  EXPECT_EQ(one.post("/echo", "x").status, 200);
  EXPECT_TRUE(one.is_closed());
}

TEST_F(ServerTest, LetsLargeBodiesWaitForEachOther) {
  options.limits.body_in_memory_max = 10;
  options.limits.bodies_at_once_max = 1;
  add_echo("/echo");
  start();
  TestClient first = client(), second = client();
  first.send(head_with("Content-Length: 60\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(first.read_head().status, 100);
  first.send(std::string(59, 'a'));
  second.send(head_with("Content-Length: 60\r\n") + std::string(60, 'b'));
  EXPECT_EQ(client().post("/echo", "small").status, 200);
  first.send("a");
  EXPECT_EQ(first.read_answer().body, "60:" + std::string(60, 'a'));
  EXPECT_EQ(second.read_answer().body, "60:" + std::string(60, 'b'));
}

TEST_F(ServerTest, GivesUpWaitingForOtherBodies) {
  options.limits.body_in_memory_max = 10;
  options.limits.bodies_at_once_max = 1;
  options.limits.body_wait_time = std::chrono::milliseconds(20);
  add_echo("/echo");
  start();
  // The slot is free again when the body has come in, so this one never comes to its end.
  TestClient first = client();
  first.send(head_with("Content-Length: 60\r\n") + std::string(30, 'a'));
  Answer refused;
  while (refused.status != 503) refused = client().post("/echo", std::string(60, 'b'));
  EXPECT_EQ(refused.headers.get("Retry-After"), "1");
}

TEST_F(ServerTest, PutsSmallBodiesIntoFilesOnceMemoryIsUsedUp) {
  options.limits.bodies_in_memory_max = 50;
  options.temporary_folder = "/no/such/folder";  // what may not stay in memory is refused here
  add_echo("/echo");
  start();
  EXPECT_EQ(client().post("/echo", std::string(60, 'b')).status, 503);
  TestClient one = client();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(one.post("/echo", std::string(40, 'b')).status, 200) << "given back";
}

TEST(BodyMemoryTest, IsOverWhileItsSharesHoldTooMuch) {
  BodyMemory memory(100);
  BodyMemory::Share first(memory);
  first.hold(90);
  EXPECT_FALSE(memory.over());
  {
    BodyMemory::Share second(memory);
    second.hold(20);
    EXPECT_TRUE(memory.over());
    second.hold(10);
    EXPECT_FALSE(memory.over());
    second.hold(200);
  }
  EXPECT_FALSE(memory.over());
}

TEST_F(ServerTest, SaysWhenThereIsNoRoomForABody) {
  options.limits.body_in_memory_max = 10;
  options.temporary_folder = "/no/such/folder";
  add_echo("/echo");
  start();
  EXPECT_EQ(client().post("/echo", std::string(100, 'x')).status, 503);
  EXPECT_EQ(client().post("/echo", "small").status, 200);
}

}  // namespace
}  // namespace troupe::http
