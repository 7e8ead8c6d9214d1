#include "http/server_core.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <limits>

namespace troupe::http {

ServerCore::ServerCore(Router routes, ServerOptions settings)
    : router(std::move(routes)),
      options(std::move(settings)),
      connections(options.limits.connections_max, options.limits.connections_per_peer_max),
      body_slots(std::max(options.limits.bodies_at_once_max, 1)),
      body_memory(options.limits.bodies_in_memory_max),
      answer_memory(options.limits.answers_in_memory_max),
      handlers(options.handler_threads,
               static_cast<size_t>(std::max(options.limits.handlers_waiting_max, 0))),
      // Each connection has one piece of work at a time: their number is the bound.
      disk(options.disk_threads, std::numeric_limits<int>::max()) {}

Response make_refusal(ServerCore& core, const Refusal& refusal, const Request& request) {
  ++core.refused_total;
  if (core.options.refusal) {
    try {
      return core.options.refusal(refusal.status, refusal.detail, request);
    } catch (const std::exception&) {  // the plain line then
    }
  }
  return reply(refusal.status, "text/plain; charset=utf-8", refusal.detail + "\n");
}

boost::asio::awaitable<bool> run_blocking(BlockingPool& pool, BlockingPool::Admission admission, Wire& wire,
                                          const std::function<void()>& work) {
  // Both live in this coroutine, which stays until the job is done.
  bool done = false, ran = false;
  const BlockingPool::Job job = [&, keep = wire.shared_from_this()](bool run) {
    if (run) work();
    boost::asio::post(keep->executor(), [&done, &ran, run, keep] {
      ran = run;
      done = true;
      keep->interrupt();
    });
  };
  if (!pool.submit(job, admission)) co_return false;
  while (!done) co_await wire.sleep(Steady::time_point::max());
  co_return ran;
}

}  // namespace troupe::http
