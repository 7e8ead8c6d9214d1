// Somebody who uses the server while it dies, and remembers what it told them.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "core/frame_size.h"
#include "tests/chaos/api.h"
#include "tests/chaos/place.h"

namespace troupe::chaos {

/// What becomes of a job after it was ordered.
enum class Fate { kept, cancelled, forgotten };

/// A request for a job, however often it is sent.
struct Order {
  std::string tag;  ///< in the job's metadata: finds the job that nobody acknowledged
  std::string body;
  std::string idempotency_key;  ///< empty = sent once
  FrameSize size;
  int64_t frames = 0;
  int64_t price_micros = 0;
  Fate fate = Fate::kept;
  std::string job;  ///< what was acknowledged; empty = nothing
  bool unanswered = false;
  bool refused = false;
  std::string final_state;  ///< as it was once told: never another after it
  bool delete_sent = false, deleted = false;
};

/// A picture that is uploaded, whole or in pieces.
struct SentFile {
  std::string id, bytes;
  uint64_t safe_bytes = 0;  ///< acknowledged
  bool complete = false;
};

/// Figures for the report.
struct Tally {
  int sent = 0, acknowledged = 0, replayed = 0, refused = 0, unanswered = 0;
  int troubles = 0, cancels = 0, deletes = 0, resumed = 0, files = 0;
  void add(const Tally& other);
};

/// Fails the test where an answer is none that the server may give, or says other than an earlier one.
/// Thread-safety: one thread at a time.
class Customer {
 public:
  /// `name`: letters and digits.
  Customer(std::string name, const Purse& purse, uint64_t seed);

  /// 5xx answers refuse: the disk may be full.
  void expect_trouble(bool expected) { trouble_ = expected; }
  /// Goes on with whatever comes to mind until it has made `orders_max` orders and the server does not
  /// answer, or `stop` is set.
  void use(uint16_t port, int orders_max, const std::atomic<bool>& stop);
  /// One order of so many seconds of video.
  void order_one(uint16_t port, int seconds);
  /// Orders until one is refused for another reason than money; false if `most` were accepted.
  bool order_until_trouble(uint16_t port, int most);
  /// Asks again for everything that was asked for under an idempotency key and not answered. True if all is
  /// answered.
  bool ask_again(uint16_t port);

  const std::string& secret() const { return purse_.secret; }
  const std::vector<Order>& orders() const { return orders_; }
  const std::vector<SentFile>& files() const { return files_; }
  const Tally& tally() const { return tally_; }

 private:
  // Each is false where no answer came.
  bool step(const Api& api, int& orders_left);
  bool ask_again(const Api& api);
  bool order(const Api& api, int seconds = 1);
  bool send(const Api& api, Order& order);
  bool look(const Api& api, Order& order);
  bool cancel(const Api& api, Order& order);
  bool forget(const Api& api, Order& order);
  bool resume(const Api& api, Order& order);
  bool watch(const Api& api, const Order& order);
  bool add_file(const Api& api);
  bool go_on(const Api& api, SentFile& file);
  bool add_element(const Api& api);

  Order new_order(int seconds);
  Order* any_job();
  void take(Order& order, const http::Answer& answer);
  void note_state(Order& order, const Json& job);
  /// Fails the test unless `status` is one of `allowed`, or the server may be in trouble.
  bool is_one_of(const http::Answer& answer, std::initializer_list<int> allowed, const char* doing) const;

  std::string name_;
  Purse purse_;
  Random random_;
  bool trouble_ = false, has_element_ = false;
  int count_ = 0;
  std::vector<Order> orders_;
  std::vector<SentFile> files_;
  Tally tally_;
};

}  // namespace troupe::chaos
