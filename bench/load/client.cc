#include "bench/load/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace troupe::bench {
namespace {

sockaddr_in loopback(int last, uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + static_cast<uint32_t>(last));
  return address;
}

void set(int socket, int level, int name, int value) {
  ::setsockopt(socket, level, name, &value, sizeof value);
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

Error no_answer(const std::string& what) { return make_error(ErrorCode::unavailable, what); }

}  // namespace

http::Descriptor connect_to(const Link& link) {
  const int kind = SOCK_STREAM | SOCK_CLOEXEC | (link.waits ? 0 : SOCK_NONBLOCK);
  http::Descriptor socket(::socket(AF_INET, kind, 0));
  if (!socket.is_open()) return socket;
  set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  if (link.receive_buffer_bytes > 0) set(socket.get(), SOL_SOCKET, SO_RCVBUF, link.receive_buffer_bytes);
  // The port is chosen with the peer in view, so that thousands of connections don't use them up.
  set(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  const sockaddr_in source = loopback(link.source, 0), server = loopback(1, link.port);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0) return {};
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0 &&
      errno != EINPROGRESS)
    return {};
  return socket;
}

std::string request_text(const std::string& method, const std::string& target, const std::string& secret,
                         const std::string& body) {
  return method + " " + target + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + secret +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool AnswerReader::read(std::string_view bytes) {
  text_ += bytes;
  if (head_bytes_ == 0) {
    const size_t end = text_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    head_bytes_ = end + 4;
    const size_t length = text_.find("\r\nContent-Length: ");
    body_bytes_ = length < end ? static_cast<size_t>(std::atoll(text_.c_str() + length + 18)) : 0;
  }
  return text_.size() >= head_bytes_ + body_bytes_;
}

int AnswerReader::status() const { return text_.size() > 12 ? std::atoi(text_.c_str() + 9) : 0; }

void AnswerReader::forget() {
  text_.erase(0, head_bytes_ + body_bytes_);
  head_bytes_ = body_bytes_ = 0;
}

bool Client::connect() {
  if (socket_.is_open()) return true;
  socket_ = connect_to({port_});
  const timeval patience{patience_seconds_, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return socket_.is_open();
}

Result<ClientAnswer> Client::call(const std::string& method, const std::string& target,
                                  const std::string& body) {
  const std::string text = request_text(method, target, secret_, body);
  return send({text});
}

Result<ClientAnswer> Client::send(const std::vector<std::string_view>& parts) {
  if (!connect()) return no_answer("no connection");
  // The server may answer, and close, before it has read all.
  const bool sent =
      std::all_of(parts.begin(), parts.end(), [this](auto part) { return send_all(socket_.get(), part); });
  AnswerReader reader;
  char block[16384];
  for (ssize_t count; (count = ::recv(socket_.get(), block, sizeof block, 0)) > 0;) {
    if (!reader.read({block, static_cast<size_t>(count)})) continue;
    ClientAnswer answer{reader.status(), std::string(reader.body())};
    if (!sent) socket_.reset();
    return answer;
  }
  socket_.reset();
  return no_answer("no whole answer");
}

Result<std::string> Client::submit(const std::string& body) {
  TROUPE_TRY(const ClientAnswer answer, call("POST", "/v1/jobs", body));
  const size_t at = answer.body.find("\"id\": \"");
  if (answer.status != 202 || at == std::string::npos)
    return no_answer("a job was not accepted: " + answer.body.substr(0, 500));
  return answer.body.substr(at + 7, answer.body.find('"', at + 7) - at - 7);
}

}  // namespace troupe::bench
