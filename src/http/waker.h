// What a Stream or Later gets to say that there is more: outlives the connection without harm.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "http/wire.h"

namespace troupe::http {

/// Thread-safety: safe. Wakes between two take() cost one interrupt together.
class Waker {
 public:
  explicit Waker(std::shared_ptr<Wire> wire) : state_(std::make_shared<State>()) {
    state_->wire = std::move(wire);
  }
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  ~Waker() {
    const std::lock_guard lock(state_->mutex);
    state_->wire.reset();
  }

  std::function<void()> function() const {
    return [state = state_] {
      const std::lock_guard lock(state->mutex);
      if (state->wire && !std::exchange(state->woken, true)) state->wire->post_interrupt();
    };
  }
  /// Whether it was woken since the last call.
  bool take() const {
    const std::lock_guard lock(state_->mutex);
    return std::exchange(state_->woken, false);
  }

 private:
  struct State {
    std::mutex mutex;
    std::shared_ptr<Wire> wire;  // none once the connection has moved on
    bool woken = false;
  };
  std::shared_ptr<State> state_;
};

}  // namespace troupe::http
