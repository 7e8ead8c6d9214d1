// For tests: a server that gives one scripted answer after the other, and a session with it whose waits take
// no time.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "cli/remote/session.h"
#include "fetch/test_http_server.h"

namespace troupe::cli::remote {

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> answers)
      : answers_(answers.begin(), answers.end()),
        server_([this](const fetch::test::Connection& connection, const std::string&) {
          // The last one is given for ever.
          connection.send(answers_.front());
          if (answers_.size() > 1) answers_.pop_front();
        }) {}

  Session session(std::string key = "") {
    SessionOptions options;
    options.server = server_.url("");
    options.key = std::move(key);
    options.cancel = cancel.token();
    options.pause = [this](std::chrono::milliseconds time, const CancelToken& token) -> Result<void> {
      waits.push_back(time);
      if (token.cancelled()) return make_error(ErrorCode::cancelled, "cancelled");
      return {};
    };
    options.say = [this](const std::string& text) { said.push_back(text); };
    return Session(std::move(options));
  }

  /// What was asked; the server stops.
  const std::vector<std::string>& asked() { return server_.stop(); }

  CancelSource cancel;
  std::vector<std::chrono::milliseconds> waits;
  std::vector<std::string> said;

 private:
  std::deque<std::string> answers_;
  fetch::test::HttpServer server_;
};

inline std::string json_answer(const std::string& json) {
  return fetch::test::reply(200, json, "Content-Type: application/json\r\n");
}

/// An answer that is a stream, and ends with the connection.
inline std::string stream_answer(const std::string& events) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events;
}

}  // namespace troupe::cli::remote
