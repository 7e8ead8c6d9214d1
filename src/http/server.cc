#include "http/server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <exception>
#include <thread>
#include <vector>

#include "http/listener.h"
#include "http/server_core.h"

namespace troupe::http {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kDropAgain{50};  // while connections end after drain_time

// Exceptions stop here: what one connection throws must not end the others.
void run_io(asio::io_context& io) {
  while (true) {
    try {
      io.run();
      return;
    } catch (const std::exception&) {
    }
  }
}

}  // namespace

struct Server::State {
  State(Router router, ServerOptions options) : core(std::move(router), std::move(options)), listener(core) {}

  ServerCore core;
  Listener listener;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;
  std::vector<std::thread> threads;
};

Server::Server(Router router, ServerOptions options)
    : state_(std::make_unique<State>(std::move(router), std::move(options))) {}

Server::~Server() { stop(); }

Result<void> Server::start() {
  if (state_->work || state_->core.stopping)
    return make_error(ErrorCode::conflict, "the server was started before; make another");
  TROUPE_CHECK_OK(state_->listener.open());
  state_->work.emplace(state_->core.io.get_executor());
  state_->listener.start();
  const int count = std::max(state_->core.options.io_threads, 1);
  for (int i = 0; i < count; ++i) state_->threads.emplace_back([this] { run_io(state_->core.io); });
  return {};
}

uint16_t Server::port() const { return state_->listener.port(); }

void Server::stop() {
  ServerCore& core = state_->core;
  if (!state_->work) return;
  core.stopping = true;
  state_->listener.post_close();
  core.connections.for_each([](Wire& wire) { wire.post_interrupt(); });
  bool empty = core.connections.wait_empty(Steady::now() + core.options.limits.drain_time);
  while (!empty) {
    core.handlers.drop_waiting();
    core.connections.for_each([](Wire& wire) { wire.post_abort(); });
    empty = core.connections.wait_empty(Steady::now() + kDropAgain);
  }
  state_->work.reset();
  for (std::thread& thread : state_->threads) thread.join();
  state_->threads.clear();
  core.handlers.stop();
  core.disk.stop();
}

ServerCounts Server::counts() const {
  const ServerCore& core = state_->core;
  return {core.connections.size(), core.streams, core.requests_total, core.refused_total};
}

}  // namespace troupe::http
