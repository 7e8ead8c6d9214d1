// For tests: a blocking client that sends any bytes and reads answers, on loopback.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "http/descriptor.h"
#include "http/message.h"

namespace troupe::http {

struct Answer {
  int status = 0;  ///< 0: the connection ended before a whole head
  Headers headers;
  std::string body;
  bool whole = false;  ///< the body came to its end
};

/// Gives up waiting after kPatienceSeconds, so that a defect is a failed test and not a hung one: longer than
/// a server may take for "Prefer: wait=60" where a sanitizer slows it down.
class TestClient {
 public:
  static constexpr int kPatienceSeconds = 90;

  explicit TestClient(uint16_t port, int receive_buffer_bytes = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    set_patience();
    if (receive_buffer_bytes > 0) {
      setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  /// By way of ::1.
  static TestClient on_ipv6(uint16_t port) { return TestClient(port, in6addr_loopback); }

  bool connected() const { return connected_; }
  int native_handle() const { return socket_.get(); }
  void close() { socket_.reset(); }
  void half_close() { shutdown(socket_.get(), SHUT_WR); }

  /// False: the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

  /// True once something has come, or the server has closed; waits so long at most.
  bool has_answer(std::chrono::milliseconds at_most) const {
    pollfd ready{socket_.get(), POLLIN, 0};
    return poll(&ready, 1, static_cast<int>(at_most.count())) > 0;
  }

  /// Sends a request without a body and reads its answer.
  Answer ask(const std::string& method, const std::string& target, const std::string& fields = "") {
    send(method + " " + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
    return read_answer(method == "HEAD");
  }
  Answer post(const std::string& target, const std::string& body, const std::string& fields = "") {
    send("POST " + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + fields + "\r\n" + body);
    return read_answer();
  }

  /// The head of the next answer, 100 included; its body is read after it.
  Answer read_head() {
    Answer answer;
    const auto end = read_until("\r\n\r\n");
    if (!end) return answer;
    const std::string head = input_.substr(0, *end + 2);
    input_.erase(0, *end + 4);
    answer.status = std::atoi(head.c_str() + std::string_view("HTTP/1.1 ").size());
    for (size_t start = head.find("\r\n") + 2; start < head.size();) {
      const size_t line_end = head.find("\r\n", start), colon = head.find(": ", start);
      answer.headers.add(head.substr(start, colon - start), head.substr(colon + 2, line_end - colon - 2));
      start = line_end + 2;
    }
    return answer;
  }

  Answer read_answer(bool head_only = false) {
    Answer answer = read_head();
    if (answer.status == 0) return answer;
    if (head_only || answer.status == 304 || answer.status == 204) {
      answer.whole = true;
    } else if (answer.headers.has("Content-Length")) {
      const size_t size =
          std::strtoull(std::string(answer.headers.get("Content-Length")).c_str(), nullptr, 10);
      while (input_.size() < size && receive()) {
      }
      answer.whole = input_.size() >= size;
      answer.body = input_.substr(0, size);
      input_.erase(0, size);
    } else {
      for (auto chunk = read_chunk(); chunk; chunk = read_chunk()) {
        answer.body += *chunk;
        answer.whole = chunk->empty();
        if (answer.whole) break;
      }
    }
    return answer;
  }

  /// The next chunk's bytes; "" is the last; none: the connection ended.
  std::optional<std::string> read_chunk() {
    const auto line_end = read_until("\r\n");
    if (!line_end) return std::nullopt;
    const size_t size = std::strtoull(input_.c_str(), nullptr, 16);
    while (input_.size() < *line_end + 2 + size + 2) {
      if (!receive()) return std::nullopt;
    }
    std::string chunk = input_.substr(*line_end + 2, size);
    input_.erase(0, *line_end + 2 + size + 2);
    return chunk;
  }

  /// True when the server closes (and sends nothing more) in time.
  bool is_closed() {
    if (!input_.empty()) return false;
    char byte;
    const ssize_t count = recv(socket_.get(), &byte, 1, 0);
    return count == 0 || (count < 0 && errno == ECONNRESET);
  }

 private:
  TestClient(uint16_t port, const in6_addr& host) : socket_(::socket(AF_INET6, SOCK_STREAM, 0)) {
    set_patience();
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = host;
    connected_ = connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  void set_patience() {
    const timeval patience{kPatienceSeconds, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }

  bool receive() {
    char block[65536];
    const ssize_t count = recv(socket_.get(), block, sizeof block, 0);
    if (count <= 0) return false;
    input_.append(block, static_cast<size_t>(count));
    return true;
  }

  std::optional<size_t> read_until(std::string_view mark) {
    size_t found;
    while ((found = input_.find(mark)) == std::string::npos) {
      if (!receive()) return std::nullopt;
    }
    return found;
  }

  Descriptor socket_;
  bool connected_ = false;
  std::string input_;
};

}  // namespace troupe::http
