#include "http/send_answer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "base/clock.h"
#include "http/descriptor.h"
#include "http/response_head.h"
#include "http/send_stream.h"

namespace troupe::http {

namespace asio = boost::asio;

namespace {

constexpr uint64_t kSendfileBytes = 1 << 20;  // at once, so that many readers share the disk threads

bool has_body(int status) { return status != 204 && status != 304; }

AnswerFrame frame_of(const ServerCore& core, const Outgoing& out) {
  AnswerFrame frame;
  if (const auto* text = std::get_if<std::string>(&out.response.body)) frame.content_length = text->size();
  if (const auto* part = std::get_if<FilePart>(&out.response.body)) frame.content_length = part->size_bytes;
  if (!has_body(out.response.status)) frame.content_length.reset();
  frame.chunked = std::holds_alternative<std::shared_ptr<Stream>>(out.response.body) && !out.is_http_1_0;
  frame.keep_alive = out.keep_alive;
  frame.request_id = out.request_id;
  frame.server_name = core.options.server_name;
  frame.now = SystemClock().now();
  return frame;
}

// None: there is no such file, or it is shorter than what is to be sent. Blocks.
Descriptor open_part(const FilePart& part) {
  Descriptor file(open(part.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (!file.is_open() || fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
  const auto size = static_cast<uint64_t>(info.st_size);
  if (part.offset > size || part.size_bytes > size - part.offset) return {};
  return file;
}

// sendfile() has no flag against SIGPIPE; the thread is the server's own.
ssize_t send_some(int socket, int file, off_t& offset, size_t count) {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  ssize_t sent;
  do {
    sent = sendfile(socket, file, &offset, count);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}

asio::awaitable<bool> send_file(ServerCore& core, Wire& wire, int file, const FilePart& part) {
  off_t offset = static_cast<off_t>(part.offset);
  for (uint64_t left = part.size_bytes; left > 0;) {
    ssize_t sent = 0;
    const std::function<void()> job = [&] {
      sent =
          send_some(wire.native_handle(), file, offset, static_cast<size_t>(std::min(left, kSendfileBytes)));
    };
    const bool ran = co_await run_blocking(core.disk, BlockingPool::Admission::always, wire, job);
    if (!ran || wire.is_gone()) co_return false;
    if (sent == -EAGAIN) {
      const auto until = Steady::now() + core.options.limits.write_time;
      const Wire::Outcome outcome = co_await wire.wait_writable(until);
      if (outcome != Wire::Outcome::ok) co_return false;
      continue;
    }
    if (sent <= 0) co_return false;  // the peer left, or the file became shorter
    left -= static_cast<uint64_t>(sent);
  }
  co_return true;
}

// The head of `out`; where that cannot be said, `out` becomes a 500.
std::string head_of(ServerCore& core, Outgoing& out, const Request& request) {
  auto head = print_response_head(out.response, frame_of(core, out));
  if (head) return *std::move(head);
  out.response = make_refusal(core, {500, "the server made an answer that cannot be sent"}, request);
  head = print_response_head(out.response, frame_of(core, out));
  if (head) return *std::move(head);
  out.response = reply(500, "text/plain", "");
  return print_response_head(out.response, frame_of(core, out)).value();
}

}  // namespace

asio::awaitable<bool> send_answer(ServerCore& core, Wire& wire, Outgoing& out, const Request& request) {
  const auto patience = core.options.limits.write_time;
  Descriptor file;
  if (const auto* part = std::get_if<FilePart>(&out.response.body)) {
    const std::function<void()> job = [&] { file = open_part(*part); };
    co_await run_blocking(core.disk, BlockingPool::Admission::always, wire, job);
    if (!file.is_open())
      out.response = make_refusal(core, {500, "the file to be sent is missing or damaged"}, request);
  }
  if (std::holds_alternative<std::shared_ptr<Stream>>(out.response.body) && !out.head_only)
    out.keep_alive = false;
  const std::string head = head_of(core, out, request);
  const bool head_only = out.head_only || !has_body(out.response.status);
  std::string_view text;
  if (const auto* body = std::get_if<std::string>(&out.response.body); body && !head_only) text = *body;
  const bool sent = co_await wire.write({head, text, ""}, patience);
  if (!sent) {
    const auto* left = std::get_if<std::shared_ptr<Stream>>(&out.response.body);
    if (left != nullptr && !head_only) co_await leave_stream(core, wire, **left);
    co_return false;
  }
  if (head_only) co_return true;
  if (const auto* part = std::get_if<FilePart>(&out.response.body)) {
    const bool whole = co_await send_file(core, wire, file.get(), *part);
    co_return whole;
  }
  if (const auto* stream = std::get_if<std::shared_ptr<Stream>>(&out.response.body)) {
    const bool ended = co_await send_stream(core, wire, **stream, !out.is_http_1_0);
    co_return ended;
  }
  co_return true;
}

}  // namespace troupe::http
