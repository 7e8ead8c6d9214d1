// What the connections of one server share.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>

#include "http/blocking_pool.h"
#include "http/body_memory.h"
#include "http/body_slots.h"
#include "http/connection_list.h"
#include "http/request_parser.h"
#include "http/server.h"

namespace troupe::http {

struct ServerCore {
  ServerCore(Router routes, ServerOptions settings);

  const Router router;
  const ServerOptions options;
  boost::asio::io_context io;
  ConnectionList connections;
  BodySlots body_slots;
  BodyMemory body_memory, answer_memory;
  BlockingPool handlers, disk;
  std::atomic<bool> stopping = false;
  std::atomic<int64_t> streams = 0, requests_total = 0, refused_total = 0;
};

/// The server's own answer, through ServerOptions::refusal, counted. Doesn't throw.
Response make_refusal(ServerCore& core, const Refusal& refusal, const Request& request);

/// Runs `work` on a thread of `pool` while the connection sleeps. False: it was not run, as there is no room
/// or the server ends. `work` must not throw.
boost::asio::awaitable<bool> run_blocking(BlockingPool& pool, BlockingPool::Admission admission, Wire& wire,
                                          const std::function<void()>& work);

}  // namespace troupe::http
