// From bytes to the head of one request: where it ends, and what it says. No sockets here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "http/message.h"

namespace troupe::http {

/// Why the server itself does not answer a request: a status and a sentence for people.
struct Refusal {
  int status = 400;
  std::string detail;
};

/// Finds the end of a head in bytes that come bit by bit, looking at each byte once. Refuses what parsers
/// disagree about: lone line feeds or carriage returns, continued lines, NUL.
class HeadScanner {
 public:
  explicit HeadScanner(size_t size_bytes_max) : size_bytes_max_(size_bytes_max) {}

  enum class Found { more, whole, refused };
  /// `bytes`: all that came so far, beginning with what was given before.
  Found scan(std::string_view bytes);
  /// After `whole`: the head with its last blank line, without blank lines before it.
  std::string_view head(std::string_view bytes) const { return bytes.substr(begin_, line_ - begin_); }
  /// After `whole`: where the rest begins.
  size_t end() const { return line_; }
  /// After `refused`.
  const Refusal& refusal() const { return refusal_; }

 private:
  Found read_line(std::string_view line, size_t next);
  Found refuse(int status, std::string detail);

  size_t size_bytes_max_;
  size_t begin_ = 0, line_ = 0, scanned_ = 0;  // of the head, of the line being read, of the bytes
  int lines_ = 0, blank_lines_ = 0;
  Refusal refusal_;
};

struct RequestHead {
  Request request;  ///< method, target, path, query and headers are set
  bool keep_alive = false;
  bool is_http_1_0 = false;
  bool chunked = false;
  uint64_t content_length = 0;  ///< 0 where chunked
  bool expects_continue = false;
  bool has_body() const { return chunked || content_length > 0; }
};

/// `head`: as HeadScanner found it.
std::variant<RequestHead, Refusal> parse_request_head(std::string_view head);

}  // namespace troupe::http
