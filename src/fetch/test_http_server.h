// An HTTP server on 127.0.0.1 that answers as a test wants, and remembers who came.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace troupe::fetch::test {

/// One accepted connection, inside a handler.
class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  /// False once the other end has gone.
  bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t done = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (done <= 0) return false;
      text.remove_prefix(static_cast<size_t>(done));
    }
    return true;
  }
  /// Says nothing until the other end has gone.
  void hold() const {
    for (char byte = 0; ::recv(socket_, &byte, 1, 0) > 0;) {
    }
  }
  /// Head, and body of the length that it tells.
  std::string receive() const {
    std::string text;
    size_t wanted = std::string::npos;
    for (char block[4096]; text.size() < wanted;) {
      const ssize_t got = ::recv(socket_, block, sizeof block, 0);
      if (got <= 0) break;
      text.append(block, static_cast<size_t>(got));
      if (text[0] == 0x16) break;  // a TLS handshake
      const size_t end = text.find("\r\n\r\n");
      const size_t length = text.find("Content-Length: ");
      if (end != std::string::npos) {
        wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
      }
    }
    return text;
  }

 private:
  int socket_;
};

/// "HTTP/1.1 200 OK" with `body`, its length, and `headers` (lines with their ends).
inline std::string reply(int status, std::string_view body, std::string_view headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

/// Handles one connection after the other in a thread of its own.
class HttpServer {
 public:
  using Handler = std::function<void(const Connection&, const std::string& request)>;

  /// Answers everything with `text`.
  explicit HttpServer(std::string text = reply(200, "hello"))
      : HttpServer([text](const Connection& connection, const std::string&) { connection.send(text); }) {}
  explicit HttpServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~HttpServer() { stop(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const { return port_; }
  std::string url(const std::string& target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }

  /// Stops, and tells what was asked of each connection that was ever made ("" if nothing was).
  const std::vector<std::string>& stop() {
    if (!thread_.joinable()) return requests_;
    stopping_ = true;
    // Connections queue up in order: when this one is accepted, all earlier ones were.
    const int knock = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port_);
    const int connected = ::connect(knock, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    sockaddr_in own{};
    socklen_t size = sizeof own;
    ::getsockname(knock, reinterpret_cast<sockaddr*>(&own), &size);
    knock_port_ = connected == 0 ? own.sin_port : 0;
    thread_.join();
    ::close(knock);
    ::close(listener_);
    return requests_;
  }

 private:
  static sockaddr_in loopback(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  void serve() {
    while (true) {
      sockaddr_in peer{};
      socklen_t size = sizeof peer;
      const int socket = ::accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
      if (socket < 0) return;
      while (stopping_ && knock_port_ == -1) std::this_thread::yield();
      if (stopping_ && peer.sin_port == knock_port_) {
        ::close(socket);
        return;
      }
      const Connection connection(socket);
      requests_.push_back(connection.receive());
      handler_(connection, requests_.back());
      ::shutdown(socket, SHUT_WR);
      connection.hold();
      ::close(socket);
    }
  }

  Handler handler_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> knock_port_ = -1;
  std::vector<std::string> requests_;  // of the thread's, until it has ended
  std::thread thread_;
};

}  // namespace troupe::fetch::test
