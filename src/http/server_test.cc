#include "http/server.h"

#include "http/test_server.h"

namespace troupe::http {
namespace {

TEST_F(ServerTest, AnswersInOrderOnOneConnection) {
  add_text("GET", "/a", "first");
  add_text("GET", "/b", "second");
  start();
  TestClient one = client();
  EXPECT_EQ(one.ask("GET", "/a").body, "first");
  EXPECT_EQ(one.ask("GET", "/b").body, "second");
  one.send(
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /no HTTP/1.1\r\nHost: "
      "x\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "first");
  EXPECT_EQ(one.read_answer().body, "second");
  EXPECT_EQ(one.read_answer().status, 404);
  EXPECT_EQ(server->counts().requests_total, 5);
  EXPECT_EQ(server->counts().refused_total, 1);
  EXPECT_EQ(server->counts().connections, 1);
}

TEST_F(ServerTest, PipelinesBehindABody) {
  add_echo("/echo");
  add_text("GET", "/a", "next");
  start();
  TestClient one = client();
  one.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(one.read_answer().body, "3:abc");
  EXPECT_EQ(one.read_answer().body, "next");
}

TEST_F(ServerTest, ClosesWhenAsked) {
  add_text("GET", "/a", "x");
  start();
  TestClient one = client();
  const Answer answer = one.ask("GET", "/a", "Connection: close\r\n");
  EXPECT_EQ(answer.body, "x");
  EXPECT_EQ(answer.headers.get("Connection"), "close");
  EXPECT_TRUE(one.is_closed());

  TestClient old = client();
  old.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read_answer().body, "x");
  EXPECT_TRUE(old.is_closed());
}

TEST_F(ServerTest, AnswersAClientThatClosedItsSide) {
  add_text("GET", "/a", "x");
  start();
  TestClient one = client();
  one.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  one.half_close();
  EXPECT_EQ(one.read_answer().body, "x");
  EXPECT_TRUE(one.is_closed());
}

TEST_F(ServerTest, GivesHandlersTheRequest) {
  add("GET", "/jobs/{id}:show", [](Request& request) {
    return reply(200, "text/plain",
                 request.method + " " + request.path_values.at("id") + " " +
                     std::string(request.query_value("q")) + " " + std::string(request.headers.get("x-a")) +
                     " " + request.peer + " " + request.request_id);
  });
  start();
  EXPECT_EQ(client().ask("GET", "/jobs/a%20b:show?q=1+2", "X-A: v\r\nX-Request-Id: abc-1\r\n").body,
            "GET a b 1 2 v 127.0.0.1 abc-1");
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  add_text("GET", "/a", "hello");
  start();
  TestClient one = client();
  const Answer answer = one.ask("HEAD", "/a");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.get("Content-Length"), "5");
  EXPECT_EQ(one.ask("GET", "/a").body, "hello");
}

TEST_F(ServerTest, SaysWhatIsNotThere) {
  add_text("GET", "/a", "x");
  add_text("POST", "/a", "x");
  start();
  TestClient one = client();
  EXPECT_EQ(one.ask("GET", "/none").status, 404);
  const Answer answer = one.ask("DELETE", "/a");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.headers.get("Allow"), "GET, HEAD, POST");
  EXPECT_EQ(one.ask("OPTIONS", "/a").status, 405);
  EXPECT_EQ(one.ask("GET", "/a").status, 200);
}

TEST_F(ServerTest, AddsItsOwnFields) {
  add("GET", "/a", [](Request&) {
    Response response = reply(200, "text/html", "x");
    response.headers.add("Cache-Control", "max-age=5");
    response.headers.add("Content-Length", "999");
    response.headers.add("Transfer-Encoding", "chunked");
    return response;
  });
  start();
  const Answer answer = client().ask("GET", "/a", "X-Request-Id: bad id\r\n");
  EXPECT_EQ(answer.body, "x");
  EXPECT_EQ(answer.headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(answer.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(answer.headers.get("Cache-Control"), "max-age=5");
  EXPECT_EQ(answer.headers.get("Server"), "troupe");
  EXPECT_FALSE(answer.headers.has("Transfer-Encoding"));
  EXPECT_TRUE(answer.headers.get("X-Request-Id").starts_with("req_"));
  EXPECT_TRUE(answer.headers.get("Date").ends_with(" GMT"));
  EXPECT_EQ(client().ask("GET", "/no").headers.get("Cache-Control"), "no-store");
}

TEST_F(ServerTest, LetsNoAnswerBreakItsHead) {
  add("GET", "/a", [](Request& request) {
    Response response = reply(200, "text/plain", "x");
    response.headers.add("Location", std::string(request.query_value("to")));
    return response;
  });
  start();
  TestClient one = client();
  const Answer answer = one.ask("GET", "/a?to=x%0D%0ASet-Cookie:%20a");
  EXPECT_EQ(answer.status, 500);
  EXPECT_FALSE(answer.headers.has("Set-Cookie"));
  EXPECT_EQ(one.ask("GET", "/a?to=/b").headers.get("Location"), "/b");
}

TEST_F(ServerTest, TurnsExceptionsInto500) {
  add("GET", "/throw", [](Request&) -> Response { throw std::runtime_error("secret"); });
  add_text("GET", "/a", "x");
  start();
  TestClient one = client();
  const Answer answer = one.ask("GET", "/throw");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.body.find("secret"), std::string::npos);
  EXPECT_EQ(one.ask("GET", "/a").body, "x");
}

TEST_F(ServerTest, AsksBeforeAndShapesRefusals) {
  options.before = [](const Request& head, const Route* route) -> std::optional<Response> {
    if (head.headers.has("X-Key")) return std::nullopt;
    return reply(401, "text/plain", route ? route->tag : "no route");
  };
  options.refusal = [](int status, const std::string& detail, const Request& head) {
    return reply(status, "application/problem+json", head.request_id + "|" + detail);
  };
  router.add({"GET", "/a", [](Request&) { return reply(200, "text/plain", "x"); }, 0, "jobs.read"});
  start();
  TestClient one = client();
  EXPECT_EQ(one.ask("GET", "/a").body, "jobs.read");
  EXPECT_EQ(one.ask("GET", "/b").body, "no route");
  EXPECT_EQ(one.ask("GET", "/a", "X-Key: 1\r\n").body, "x");
  const Answer answer = one.ask("GET", "/b", "X-Key: 1\r\nX-Request-Id: r1\r\n");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.headers.get("Content-Type"), "application/problem+json");
  EXPECT_TRUE(answer.body.starts_with("r1|"));
}

TEST_F(ServerTest, TellsOfEveryFinishedRequest) {
  std::mutex mutex;
  std::vector<std::string> told;
  options.finished = [&](const Request& request, const std::string& route, int status, double seconds,
                         const std::string& note) {
    const std::lock_guard lock(mutex);
    EXPECT_GE(seconds, 0);
    told.push_back(request.method + " " + route + " " + std::to_string(status) + " " + note);
  };
  add_text("GET", "/a/{b}", "x");
  add("GET", "/throw", [](Request&) -> Response { throw std::runtime_error("why"); });
  start();
  TestClient one = client();
  one.ask("GET", "/a/1");
  one.ask("GET", "/c");
  one.ask("GET", "/throw");
  one.send("\x01\r\n");
  one.read_answer();
  one.close();
  server->stop();
  EXPECT_EQ(told, (std::vector<std::string>{"GET /a/{b} 200 ", "GET  404 ", "GET /throw 500 why", "  400 "}));
}

TEST_F(ServerTest, RefusesWhatIsNotARequest) {
  add_echo("/echo");
  start();
  const std::pair<std::string, int> cases[] = {
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc", 400},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"POST /echo HTTP/1.1\nHost: x\n\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400},
      {"GET /%2e%2e/x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /" + std::string(40000, 'x'), 414},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(40000, 'x'), 431},
      {"POST /echo HTTP/1.0\r\n\r\n", 411},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400}};
  for (const auto& [bytes, status] : cases) {
    TestClient one = client();
    one.send(bytes);
    EXPECT_EQ(one.read_answer().status, status) << bytes.substr(0, 100);
    EXPECT_TRUE(one.is_closed()) << bytes.substr(0, 100);
  }
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  start();
  ServerOptions taken = options;
  taken.port = server->port();
  EXPECT_EQ(Server(Router(), taken).start().error().code, ErrorCode::unavailable);
  ServerOptions nonsense = options;
  nonsense.address = "localhost";
  EXPECT_EQ(Server(Router(), nonsense).start().error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(server->start().error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace troupe::http
