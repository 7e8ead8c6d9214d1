// The server's HTTP API as a customer sees it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "http/test_client.h"

namespace troupe::chaos {

using Json = nlohmann::json;

/// A connection for each call. Thread-safety: safe.
class Api {
 public:
  Api(uint16_t port, std::string secret) : port_(port), secret_(std::move(secret)) {}

  /// None: no answer came in full, so nobody knows what was done.
  std::optional<http::Answer> call(const std::string& method, const std::string& target,
                                   const std::string& body = "", const std::string& fields = "") const {
    http::TestClient client(port_);
    if (!client.connected()) return std::nullopt;
    // The server may answer, or be gone, before it has read all.
    (void)client.send(method + " " + target + " HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer " + secret_ +
                      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body);
    http::Answer answer = client.read_answer();
    if (answer.status == 0 || !answer.whole) return std::nullopt;
    return answer;
  }

 private:
  uint16_t port_;
  std::string secret_;
};

/// The body; an empty object where it is none.
inline Json json_of(const http::Answer& answer) {
  Json json = Json::parse(answer.body, nullptr, false);
  return json.is_object() ? json : Json::object();
}

}  // namespace troupe::chaos
