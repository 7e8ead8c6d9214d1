#include "tests/chaos/customer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <thread>
#include <utility>

namespace troupe::chaos {
namespace {

constexpr std::array<FrameSize, 3> kSizes{{{64, 64}, {96, 64}, {160, 90}}};
constexpr int kFps = 8;
constexpr int kIdeas = 8;
constexpr int kThinkMillisecondsMax = 25;

std::string path_of(const Order& order) { return "/v1/jobs/" + order.job; }

bool is_final_state(const std::string& state) {
  return state == "succeeded" || state == "failed" || state == "cancelled";
}

}  // namespace

void Tally::add(const Tally& other) {
  sent += other.sent;
  acknowledged += other.acknowledged;
  replayed += other.replayed;
  refused += other.refused;
  unanswered += other.unanswered;
  troubles += other.troubles;
  cancels += other.cancels;
  deletes += other.deletes;
  resumed += other.resumed;
  files += other.files;
}

Customer::Customer(std::string name, const Purse& purse, uint64_t seed)
    : name_(std::move(name)), purse_(purse), random_(derive_seed(seed, name_)) {}

void Customer::use(uint16_t port, int orders_max, const std::atomic<bool>& stop) {
  const Api api(port, purse_.secret);
  while (!stop && step(api, orders_max)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(random_.below(kThinkMillisecondsMax)));
  }
}

bool Customer::ask_again(uint16_t port) { return ask_again(Api(port, purse_.secret)); }

bool Customer::step(const Api& api, int& orders_left) {
  if (!ask_again(api)) return false;
  const int choice = random_.below(kIdeas);
  if (choice == 0) return add_file(api);
  if (choice == 1) return add_element(api);
  if (choice < 5 && orders_left > 0) {
    --orders_left;
    return order(api);
  }
  Order* const old = any_job();
  if (!old) return true;
  if (old->fate == Fate::cancelled && old->final_state.empty() && random_.below(2) == 0)
    return cancel(api, *old);
  // Before its end too, which is refused.
  if (old->fate == Fate::forgotten && random_.below(4) == 0) return forget(api, *old);
  return look(api, *old);
}

bool Customer::ask_again(const Api& api) {
  for (Order& order : orders_) {
    if (order.unanswered && !order.idempotency_key.empty() && !send(api, order)) return false;
  }
  return true;
}

Order* Customer::any_job() {
  std::vector<Order*> jobs;
  for (Order& order : orders_) {
    if (!order.job.empty() && !order.deleted) jobs.push_back(&order);
  }
  return jobs.empty() ? nullptr : jobs[static_cast<size_t>(random_.below(static_cast<int>(jobs.size())))];
}

Order Customer::new_order(int seconds) {
  Order order;
  order.tag = name_ + "-" + std::to_string(++count_);
  order.size = kSizes[static_cast<size_t>(random_.below(kSizes.size()))];
  const PricedModel& model = kModels[random_.below(std::size(kModels))];
  order.frames = kFps * seconds;
  order.price_micros = model.micros_per_second * seconds;
  const int fate = random_.below(6);
  order.fate = fate == 0 ? Fate::cancelled : fate == 1 ? Fate::forgotten : Fate::kept;
  if (random_.below(2) == 0) order.idempotency_key = "key " + order.tag;
  const bool element = has_element_ && random_.below(3) == 0;
  const Json spec = {
      {"prompt", element ? "@fox" + name_ + " walks through a studio" : "an empty studio"},
      {"model", model.id},
      {"duration", seconds},
      {"fps", kFps},
      {"resolution", std::to_string(order.size.width) + "x" + std::to_string(order.size.height)},
      {"seed", random_.below(1'000'000)}};
  order.body = Json{{"spec", spec}, {"metadata", {{"tag", order.tag}}}}.dump();
  return order;
}

void Customer::order_one(uint16_t port, int seconds) { order(Api(port, purse_.secret), seconds); }

bool Customer::order_until_trouble(uint16_t port, int most) {
  const Api api(port, purse_.secret);
  const int before = tally_.troubles;
  for (int i = 0; i < most && tally_.troubles == before; ++i) order(api);
  return tally_.troubles > before;
}

bool Customer::order(const Api& api, int seconds) {
  orders_.push_back(new_order(seconds));
  Order& fresh = orders_.back();
  if (!send(api, fresh)) return false;
  const bool again = !fresh.idempotency_key.empty() && !fresh.job.empty() && random_.below(3) == 0;
  return !again || send(api, fresh);
}

bool Customer::send(const Api& api, Order& order) {
  const std::string key =
      order.idempotency_key.empty() ? "" : "Idempotency-Key: " + order.idempotency_key + "\r\n";
  ++tally_.sent;
  const auto answer = api.call("POST", "/v1/jobs", order.body, key);
  order.unanswered = !answer;
  if (answer) {
    take(order, *answer);
  } else {
    ++tally_.unanswered;
  }
  return answer.has_value();
}

void Customer::take(Order& order, const http::Answer& answer) {
  if (answer.status != 200 && answer.status != 202) {
    // Money or the queue has an end; whatever else refuses is trouble, and says so.
    is_one_of(answer, {402, 429}, "submitting");
    EXPECT_TRUE(order.job.empty()) << order.tag << " was a job before: " << answer.body;
    order.refused = true;
    ++tally_.refused;
    tally_.troubles += answer.status >= 500;
    return;
  }
  const Json job = json_of(answer);
  const std::string id = job.value("id", "");
  EXPECT_TRUE(order.job.empty() || order.job == id)
      << order.tag << " is two jobs: " << order.job << ", " << id;
  if (order.job.empty()) ++tally_.acknowledged;
  if (answer.headers.has("Idempotent-Replayed")) ++tally_.replayed;
  order.job = id;
  order.refused = false;
  EXPECT_EQ(job.value("/price/micros"_json_pointer, int64_t{-1}), order.price_micros) << answer.body;
  note_state(order, job);
}

void Customer::note_state(Order& order, const Json& job) {
  const std::string state = job.value("state", "");
  EXPECT_TRUE(order.final_state.empty() || order.final_state == state)
      << order.job << " was " << order.final_state << " and is " << state;
  if (is_final_state(state)) order.final_state = state;
}

bool Customer::look(const Api& api, Order& order) {
  const auto answer = api.call("GET", path_of(order));
  if (!answer) return false;
  if (answer->status == 404 && order.delete_sent) order.deleted = true;
  if (order.deleted || !is_one_of(*answer, {200}, "looking")) return true;
  const Json job = json_of(*answer);
  note_state(order, job);
  if (job.value("state", "") == "parked") return resume(api, order);
  return order.final_state != "succeeded" || watch(api, order);
}

bool Customer::resume(const Api& api, Order& order) {
  const auto answer = api.call("POST", path_of(order) + ":retry");
  if (!answer) return false;
  if (!is_one_of(*answer, {200, 202}, "resuming")) return true;
  EXPECT_EQ(json_of(*answer).value("id", ""), order.job) << "a parked job goes on as the same job";
  ++tally_.resumed;
  return true;
}

bool Customer::watch(const Api& api, const Order& order) {
  const auto answer = api.call("GET", path_of(order) + "/video");
  if (answer) is_one_of(*answer, {200}, "watching");
  return answer.has_value();
}

bool Customer::cancel(const Api& api, Order& order) {
  const auto answer = api.call("POST", path_of(order) + ":cancel");
  if (!answer) return false;
  if (answer->status == 404 && order.delete_sent) order.deleted = true;
  if (order.deleted || !is_one_of(*answer, {200, 202}, "cancelling")) return true;
  note_state(order, json_of(*answer));
  ++tally_.cancels;
  return true;
}

bool Customer::forget(const Api& api, Order& order) {
  const bool sent_before = std::exchange(order.delete_sent, true);
  const auto answer = api.call("DELETE", path_of(order));
  if (!answer) return false;
  order.deleted = answer->status == 204 || (answer->status == 404 && sent_before);
  if (order.deleted) {
    ++tally_.deletes;
  } else {
    is_one_of(*answer, {409}, "deleting");  // it goes on
    order.delete_sent = sent_before;
  }
  return true;
}

bool Customer::is_one_of(const http::Answer& answer, std::initializer_list<int> allowed,
                         const char* doing) const {
  if (std::find(allowed.begin(), allowed.end(), answer.status) != allowed.end()) return true;
  if (!trouble_ || answer.status < 500) {
    ADD_FAILURE() << name_ << ", " << doing << ": " << answer.status << " " << answer.body;
    return false;
  }
  const Json problem = json_of(answer);
  const bool told = problem.contains("code") && problem.contains("detail");
  EXPECT_TRUE(told) << doing << ": trouble without a word of what it is: " << answer.body;
  return false;
}

}  // namespace troupe::chaos
