#include "http/body_slots.h"

namespace troupe::http {

BodySlots::Ticket::Ticket(BodySlots& slots, std::function<void()> wake)
    : slots_(slots), wake_(std::move(wake)) {
  const std::lock_guard lock(slots_.mutex_);
  granted_ = slots_.free_ > 0;
  if (granted_) {
    --slots_.free_;
  } else {
    slots_.line_.push_back(this);
  }
}

BodySlots::Ticket::~Ticket() {
  const std::lock_guard lock(slots_.mutex_);
  if (!granted_) {
    slots_.line_.remove(this);
  } else if (slots_.line_.empty()) {
    ++slots_.free_;
  } else {
    Ticket* next = slots_.line_.front();
    slots_.line_.pop_front();
    next->granted_ = true;
    next->wake_();
  }
}

bool BodySlots::Ticket::has_slot() const {
  const std::lock_guard lock(slots_.mutex_);
  return granted_;
}

}  // namespace troupe::http
