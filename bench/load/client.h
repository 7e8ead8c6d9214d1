// HTTP as the bench speaks it, on loopback.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/descriptor.h"

namespace troupe::bench {

/// How a connection is made.
struct Link {
  uint16_t port = 0;
  int source = 1;                ///< the last number of 127.0.0.x that it comes from
  int receive_buffer_bytes = 0;  ///< 0 = the system's
  bool waits = true;             ///< false: the socket never blocks, and may still be connecting
};
/// Not open if that failed.
http::Descriptor connect_to(const Link& link);

/// The head and body of a request.
std::string request_text(const std::string& method, const std::string& target, const std::string& secret,
                         const std::string& body = "");

/// The small job that most sections ask for.
inline constexpr const char* kSmallJob =
    R"({"prompt": "a park", "duration": 1, "fps": 8, "resolution": "64x64"})";

/// Answers with a Content-Length, as they come in. Thread-safety: unsafe.
class AnswerReader {
 public:
  /// True once the whole answer is there.
  bool read(std::string_view bytes);
  int status() const;
  std::string_view body() const { return std::string_view(text_).substr(head_bytes_); }
  void forget();

 private:
  std::string text_;
  size_t head_bytes_ = 0, body_bytes_ = 0;
};

struct ClientAnswer {
  int status = 0;
  std::string body;
};

/// A patient caller that keeps its connection; makes a new one after an error. Thread-safety: unsafe.
class Client {
 public:
  Client(uint16_t port, std::string secret, int patience_seconds = 30)
      : port_(port), secret_(std::move(secret)), patience_seconds_(patience_seconds) {}

  /// Blocks. Errors: unavailable: no whole answer came.
  Result<ClientAnswer> call(const std::string& method, const std::string& target,
                            const std::string& body = "");
  /// A request that is already bytes.
  Result<ClientAnswer> send(const std::vector<std::string_view>& parts);

  /// Queues a job; its id. Errors: unavailable, also for any answer but 202.
  Result<std::string> submit(const std::string& body = kSmallJob);

 private:
  bool connect();

  uint16_t port_;
  std::string secret_;
  int patience_seconds_;
  http::Descriptor socket_;
};

}  // namespace troupe::bench
