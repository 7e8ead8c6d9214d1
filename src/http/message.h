// One request and its answer, without any word of sockets.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace troupe::http {

/// Header fields in the order they came. Names are compared without case.
class Headers {
 public:
  /// The first of that name, or "".
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  void add(std::string name, std::string value);
  /// Replaces all of that name.
  void set(std::string_view name, std::string value);
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// A request's body, read in whole before the handler is called: in memory while it is small, else in a
/// nameless temporary file that goes with it.
class Body {
 public:
  Body() = default;
  /// `memory` is kept as long as the text is: whatever counts it.
  explicit Body(std::string text, std::shared_ptr<void> memory = {})
      : text_(std::move(text)), memory_(std::move(memory)), size_bytes_(text_.size()) {}
  /// Takes a file that is unlinked already; closes it.
  Body(int file, uint64_t size_bytes);
  Body(Body&& other) noexcept;
  Body& operator=(Body&& other) noexcept;
  ~Body();

  uint64_t size_bytes() const { return size_bytes_; }
  /// The whole. Errors: over_limit, io.
  Result<std::string> read(uint64_t size_bytes_max) const;
  /// In pieces of at most 256 KiB, in order; stops at the first error of `sink`, which is returned.
  Result<void> read_to(const std::function<Result<void>(ByteView)>& sink) const;

 private:
  std::string text_;
  std::shared_ptr<void> memory_;
  int file_ = -1;
  uint64_t size_bytes_ = 0;
};

struct Request {
  std::string method;  ///< "GET"; a HEAD comes as HEAD
  std::string target;  ///< as sent
  std::string path;    ///< decoded, without query: starts with '/', no "..", no NUL
  std::multimap<std::string, std::string> query;   ///< decoded
  std::map<std::string, std::string> path_values;  ///< of the route's {names}, decoded
  Headers headers;
  Body body;
  std::string peer;        ///< address of the other end
  std::string request_id;  ///< the caller's X-Request-Id if it is harmless, else new

  std::string_view query_value(const std::string& name) const;  ///< the first, or ""
};

/// Part of a file, sent without reading it into memory.
struct FilePart {
  std::filesystem::path file;
  uint64_t offset = 0, size_bytes = 0;
};

/// An endless answer (server-sent events). The server asks for what there is, sends it, and asks again when
/// woken; between, it sends a comment every kHeartbeat. All calls come from server threads, one at a time;
/// they must not block, but for those of a stream that says that it may.
class Stream {
 public:
  virtual ~Stream() = default;
  /// True: poll() and on_gone() are called on a handler thread, where they may block.
  virtual bool may_block() const { return false; }
  /// The peer left before the end. Not called when the server stops.
  virtual void on_gone() {}
  /// What there is to send now; asked again right after it was sent, until "" = nothing yet; none = the end.
  virtual std::optional<std::string> poll() = 0;
  /// `wake` may be called from any thread, any number of times, until the stream is destroyed (and harmlessly
  /// after). Called once, before the first poll().
  virtual void on_ready(std::function<void()> wake) = 0;
};

struct Response;

/// An answer that is not ready yet: asked for again when woken, at the latest at `until`.
class Later {
 public:
  virtual ~Later() = default;
  /// The answer, or none if it isn't there yet; `last` = the time is up, an answer must be given. Called on a
  /// handler thread: may block as handlers may.
  virtual std::optional<Response> poll(bool last) = 0;
  virtual void on_ready(std::function<void()> wake) = 0;
  std::chrono::milliseconds until{0};  ///< from the moment the handler returned
};

struct Response {
  int status = 200;
  Headers headers;  ///< Content-Length, Date, Connection and X-Request-Id are added
  std::variant<std::string, FilePart, std::shared_ptr<Stream>, std::shared_ptr<Later>> body = std::string();
  std::string note;  ///< for ServerOptions::finished alone: never sent
};

/// A body of text.
Response reply(int status, std::string_view content_type, std::string text);

}  // namespace troupe::http
