// How many bodies may be written to files at once; the rest waits in line.
#pragma once

#include <functional>
#include <list>
#include <mutex>

namespace troupe::http {

/// Thread-safety: safe.
class BodySlots {
 public:
  explicit BodySlots(int count) : free_(count) {}

  /// One place in the line, or a slot. Gives back what it has when it goes.
  class Ticket {
   public:
    /// `wake` is called, on any thread, when the ticket has got a slot it had to wait for.
    Ticket(BodySlots& slots, std::function<void()> wake);
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    bool has_slot() const;

   private:
    friend class BodySlots;
    BodySlots& slots_;
    std::function<void()> wake_;
    bool granted_ = false;  // guarded by slots_.mutex_
  };

 private:
  std::mutex mutex_;
  int free_;
  std::list<Ticket*> line_;
};

}  // namespace troupe::http
