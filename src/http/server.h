// HTTP/1.1 on a few threads: thousands of idle connections, slow and hostile clients, bounded everything.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/router.h"

namespace troupe::http {

struct ServerLimits {
  int connections_max = 12000;
  int connections_per_peer_max = 4000;  ///< loopback counts as one peer
  std::chrono::milliseconds header_time{
      10000};  ///< from the first byte (or the accept) to the end of the header
  std::chrono::milliseconds idle_time{75000};   ///< between requests
  std::chrono::milliseconds write_time{30000};  ///< without progress while sending
  int64_t body_bytes_per_second_min = 2000;     ///< over body_rate_time
  std::chrono::milliseconds body_rate_time{10000};
  /// A large body must also come at a rate that ends it by then: it holds one of few places.
  std::chrono::milliseconds body_time_max{std::chrono::minutes(30)};
  uint32_t header_bytes_max = 32 << 10;
  uint64_t body_in_memory_max = 256 << 10;          ///< larger ones go to a file
  int64_t bodies_in_memory_max = 64 << 20;          ///< all together; past it, small ones go to files too
  int64_t answers_in_memory_max = 256 << 20;        ///< large ones that are being sent; more get 503
  int bodies_at_once_max = 256;                     ///< bodies in files; more wait
  std::chrono::milliseconds body_wait_time{30000};  ///< for that; then 503
  int handlers_waiting_max = 2000;                  ///< requests waiting for a handler thread; more get 503
  std::chrono::milliseconds drain_time{10000};
  std::chrono::milliseconds heartbeat{15000};  ///< comments in streams
};

struct ServerOptions {
  std::string address = "127.0.0.1";  ///< an address literal
  uint16_t port = 8080;               ///< 0 = any free one
  int io_threads = 1, handler_threads = 4;
  int disk_threads = 2;  ///< write large bodies and read files to send
  ServerLimits limits;
  std::string temporary_folder = "/tmp";  ///< for large bodies
  std::string server_name = "troupe";     ///< of the Server header
  /// Asked before a body is read: an answer refuses the request (authorisation, limits). `route` is null
  /// where none matched. Runs on a handler thread.
  std::function<std::optional<Response>(const Request& head, const Route* route)> before;
  /// Makes the answer for what the server itself refuses: 400, 404, 405, 408, 411, 413, 414, 417, 431, 500,
  /// 503. `detail` is a sentence for people. Empty = a line of text. Called on any thread of the server: must
  /// not block.
  std::function<Response(int status, const std::string& detail, const Request& head)> refusal;
  /// Told of every finished request, for logs and metrics: the route's pattern (empty: none matched), the
  /// status (499: the peer left before there was an answer), seconds, the answer's note (for a handler that
  /// threw: what it said). May be empty; must be quick.
  std::function<void(const Request&, const std::string& route, int status, double seconds,
                     const std::string& note)>
      finished;
};

struct ServerCounts {
  int64_t connections = 0, streams = 0;           ///< now
  int64_t requests_total = 0, refused_total = 0;  ///< refused: answered by `before` or by the server itself
};

/// Handlers run on their own threads and may block; sockets never wait for them. A handler that throws gives
/// 500. Keep-alive, pipelining (answered in order), Expect: 100-continue, chunked bodies; no upgrade, no
/// trailers. Request smuggling (both lengths, two lengths, odd transfer codings) is refused with 400.
/// Thread-safety: start() and stop() from one thread; counts() from any.
class Server {
 public:
  /// `router` is kept. Nothing is bound yet.
  Server(Router router, ServerOptions options);
  ~Server();

  /// Binds, listens and returns; errors: unavailable (the address is in use), invalid_argument (no address).
  Result<void> start();
  uint16_t port() const;
  /// Takes no more connections, ends streams, lets running requests finish for drain_time, closes. Blocks; a
  /// handler that runs longer than that is still waited for.
  void stop();
  ServerCounts counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace troupe::http
