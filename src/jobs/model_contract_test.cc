// Every store against the model: thousands of random calls, with crashes and clock jumps, compared after
// each.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"
#include "jobs/model_store_for_test.h"
#include "jobs/store_for_test.h"

namespace troupe::jobs {
namespace {

using std::chrono::milliseconds;

constexpr QueueBounds kBounds{.queued_max = 8, .queued_per_account_max = 4, .crashes_max = 2};
constexpr int64_t kDayMillis = 86'400'000;

const std::map<std::string, std::vector<Budget>> kAccounts{
    {"key_free", {}},
    {"key_poor", {{Currency::usd, 60, 25}}},
    {"key_credits", {{Currency::credits, 1000, std::nullopt}}},
    {"key_both", {{Currency::usd, std::nullopt, 30}, {Currency::credits, 200, 40}}},
};

template <class T>
std::string outcome_of(const Result<T>& result) {
  return result ? "ok" : std::string(name(result.error().code));
}

class ModelContract : public testing::TestWithParam<StoreKind> {
 protected:
  void run(uint64_t seed, int steps) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    random_ = Random(seed);
    for (const auto& [id, budgets] : kAccounts) {
      ApiKey key;
      key.id = key.name = id;
      key.budgets = budgets;
      key.created = now_;
      ASSERT_TRUE(store_->keys().add(key, sha256_hex(as_bytes(id))));
    }
    model_.accounts = kAccounts;
    for (int i = 0; i < steps && !HasFailure(); ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      step();
      compare();
    }
    compare_ledger(200);
    check_audit();
    check_variety();
  }

 private:
  bool chance(int percent) { return random_.below(100) < percent; }
  template <class T>
  const T& any(const std::vector<T>& of) {
    return of[static_cast<size_t>(random_.below(static_cast<int>(of.size())))];
  }

  void step() {
    now_ += milliseconds(random_.below(2000));
    switch (random_.below(13)) {
      case 0:
      case 1:
      case 2:
        return submit();
      case 3:
      case 4:
      case 5:
        return lease();
      case 6:
        return heartbeat();
      case 7:
      case 8:
        return finish();
      case 9:
        return mark_or_give_back();
      case 10:
        return cancel_or_resume();
      case 11:
        return remove();
      default:
        return disturb();
    }
  }

  void submit() {
    NewJob request;
    Job& job = request.job;
    job.id = "job_" + std::to_string(random_.below(10)) + "_" + std::to_string(++submitted_);
    job.account = chance(3) ? "key_unknown" : any(names_);
    job.dialect = "native";
    job.model = job.engine = any(std::vector<std::string>{"stage", "wan"});
    job.prompt = "a fox " + job.id;
    job.spec_json = "{}";
    job.webhook_url = chance(20) ? "https://example.com/hook" : "";
    job.lane = random_.below(3) - 1;
    job.price = {random_.below(8), chance(40) ? Currency::credits : Currency::usd};
    if (chance(50)) {
      request.idempotency = IdempotencyKey{"k" + std::to_string(random_.below(30)), any(hashes_)};
    }
    const auto real = store_->queue().submit(request, now_);
    const auto expected = model_.submit(request, now_);
    ASSERT_EQ(outcome_of(real), outcome_of(expected));
    if (!real) return;
    ASSERT_EQ(real->index(), expected->index());
    if (const auto* refusal = std::get_if<SubmitRefusal>(&*expected)) {
      refusals_.insert(refusal->why);
      ASSERT_EQ(std::get<SubmitRefusal>(*real).why, refusal->why);
      return;
    }
    ASSERT_EQ(std::get<Submitted>(*real).replayed, std::get<Submitted>(*expected).replayed);
    ASSERT_EQ(std::get<Submitted>(*real).job.id, std::get<Submitted>(*expected).job.id);
    ids_.push_back(job.id);
  }

  void lease() {
    LeaseRequest request;
    request.worker = "worker-" + std::to_string(random_.below(3));
    request.engines = chance(60) ? std::vector<std::string>{"stage", "wan"}
                                 : std::vector<std::string>{any(std::vector<std::string>{"stage", "wan"})};
    request.duration = milliseconds(1 + random_.below(30000));
    const auto real = store_->queue().lease(request, now_);
    const auto expected = model_.lease(request, now_);
    ASSERT_EQ(outcome_of(real), outcome_of(expected));
    ASSERT_EQ(real->has_value(), expected->has_value());
    if (!*real) return;
    ASSERT_EQ((*real)->job.id, (*expected)->job.id);
    ASSERT_EQ((*real)->token, (*expected)->token);
    ASSERT_EQ((*real)->expires, (*expected)->expires);
    leases_.push_back(**real);
    if (leases_.size() > 20) leases_.erase(leases_.begin());
  }

  /// Mostly a new lease, at times one that was lost long ago.
  const Lease& some_lease() { return chance(60) ? leases_.back() : any(leases_); }

  void heartbeat() {
    if (leases_.empty()) return;
    const Lease lease = some_lease();
    std::optional<JobProgress> progress;
    if (chance(50)) progress = JobProgress{"paint", random_.below(5) / 4.0, random_.below(100), 100, {}};
    const milliseconds duration(1 + random_.below(30000));
    const auto real = store_->queue().heartbeat(lease, progress, duration, now_);
    const auto expected = model_.heartbeat(lease, progress, duration, now_);
    ASSERT_EQ(outcome_of(real), outcome_of(expected));
    if (!real) return;
    ASSERT_EQ(real->expires, expected->expires);
    ASSERT_EQ(real->cancel_requested, expected->cancel_requested);
  }

  Outcome some_outcome(const Job& job) {
    Outcome outcome;
    outcome.kind = static_cast<Outcome::Kind>(random_.below(4));
    const Money sum{random_.below(static_cast<int>(job.price.micros) + (chance(10) ? 3 : 1)),
                    job.price.currency};
    const bool succeeded = outcome.kind == Outcome::Kind::succeeded;
    if (succeeded) {
      outcome.takes = {
          {"aa", "bb", "", 7, {64, 64}, {24, 1}, random_.below(99), UINT64_MAX, true, "other", "cc"}, {}};
      outcome.report_json = "{\"note\":1}";
      if (chance(50)) outcome.charge = sum;
    } else {
      outcome.error = Error{ErrorCode::timeout, "It took too long.", ""};
      if (outcome.kind != Outcome::Kind::parked) outcome.kept = sum;
      outcome.kept_reason = "moderation";
    }
    return outcome;
  }

  void finish() {
    if (leases_.empty()) return;
    const Lease lease = some_lease();
    const Outcome outcome = some_outcome(lease.job);
    const auto real = store_->queue().finish(lease, outcome, now_);
    const auto expected = model_.finish(lease, outcome, now_);
    ASSERT_EQ(outcome_of(real), outcome_of(expected));
    if (real) {
      ASSERT_EQ(*real, *expected);
    }
  }

  void mark_or_give_back() {
    if (leases_.empty()) return;
    const Lease lease = some_lease();
    if (chance(50)) {
      const std::string task = "task-" + std::to_string(random_.below(3));
      ASSERT_EQ(outcome_of(store_->queue().mark_submitted(lease, task, now_)),
                outcome_of(model_.mark_submitted(lease, task, now_)));
    } else {
      ASSERT_EQ(outcome_of(store_->queue().give_back(lease, now_)),
                outcome_of(model_.give_back(lease, now_)));
    }
  }

  void cancel_or_resume() {
    if (ids_.empty()) return;
    const std::string id = some_id();
    const auto change = [&, which = random_.below(10)](JobQueue& queue) {
      if (which < 5) return queue.cancel(id, now_);
      return which < 6 ? queue.abandon(id, now_) : queue.resume(id, now_);
    };
    ASSERT_EQ(outcome_of(change(store_->queue())), outcome_of(change(model_)));
  }

  void remove() {
    if (ids_.empty()) return;
    const std::string id = some_id();
    ASSERT_EQ(outcome_of(store_->queue().remove(id, now_)), outcome_of(model_.remove(id, now_)));
  }

  std::string some_id() {
    const size_t newest = std::min<size_t>(ids_.size(), 25);
    return ids_[ids_.size() - 1 - static_cast<size_t>(random_.below(static_cast<int>(newest)))];
  }

  /// A crash that leaves its leases behind, or a clock that jumps.
  void disturb() {
    switch (random_.below(5)) {
      case 0:
        store_.reset();
        store_ = place_->open(kBounds);
        ASSERT_TRUE(store_);
        if (chance(50)) leases_.clear();
        return check_audit();
      case 1:
        now_ += milliseconds(random_.below(40000));
        return;
      case 2:
        now_ -= milliseconds(random_.below(chance(10) ? 3 * 3'600'000 : 5000));
        return;
      case 3:
        ASSERT_EQ(*store_->queue().expire_leases(now_), *model_.expire_leases(now_));
        return;
      default:
        if (chance(30)) now_ += milliseconds(random_.below(static_cast<int>(kDayMillis)));
    }
  }

  void compare() {
    const auto real = store_->queue().list({}, "", 200);
    const auto expected = model_.list({}, "", 200);
    ASSERT_TRUE(real);
    ASSERT_EQ(real->next, expected->next);
    ASSERT_EQ(real->jobs.size(), expected->jobs.size());
    for (size_t i = 0; i < real->jobs.size(); ++i) {
      Job job = expected->jobs[i];
      if (job.error && real->jobs[i].error) job.error->message = real->jobs[i].error->message;
      ASSERT_EQ(real->jobs[i], job) << job.id;
      if (i % 7 == 0) {
        ASSERT_EQ(*store_->queue().ahead_of(job.id), *model_.ahead_of(job.id)) << job.id;
      }
    }
    auto counts = store_->queue().counts();
    ASSERT_TRUE(counts);
    std::erase_if(*counts, [](const auto& each) { return each.second == 0; });
    ASSERT_EQ(*counts, *model_.counts());
    compare_events();
    compare_ledger(5);
  }

  void compare_events() {
    const auto real = store_->events().since(seen_, {}, 1000);
    ASSERT_TRUE(real);
    ASSERT_EQ(real->size(), model_.events.size() - static_cast<size_t>(seen_));
    for (JobEvent event : *real) {
      event.data_json.clear();
      ASSERT_EQ(event, model_.events[static_cast<size_t>(seen_)]);
      seen_ = event.id;
    }
    ASSERT_EQ(*store_->events().last_id(), seen_);
  }

  void compare_ledger(size_t newest) {
    const int64_t today = now_.time_since_epoch().count() / kDayMillis;
    for (const std::string& account : names_) {
      const auto lines = store_->ledger().lines(account, 0, static_cast<int>(newest));
      ASSERT_TRUE(lines);
      auto expected = model_.ledger.rbegin();
      for (LedgerLine line : *lines) {
        while (expected->account != account) ++expected;
        line.reason.clear();
        ASSERT_EQ(line, *expected++);
      }
      const auto balances = store_->ledger().balances(account, today);
      ASSERT_TRUE(balances);
      for (const Balance& balance : *balances) {
        ASSERT_EQ(balance, model_.balance(account, balance.currency, today)) << account;
      }
    }
  }

  void check_audit() {
    const auto drifts = store_->ledger().audit();
    ASSERT_TRUE(drifts);
    for (const Drift& drift : *drifts)
      ADD_FAILURE() << drift.account << " " << drift.job << ": " << drift.what;
  }

  /// The random calls are worth something only if they reach everything.
  void check_variety() {
    EXPECT_EQ(refusals_.size(), 4u);
    std::set<std::string> types;
    for (const JobEvent& event : model_.events) types.insert(event.type);
    EXPECT_EQ(types, (std::set<std::string>{"job.queued", "job.running", "job.progress", "job.submitted",
                                            "job.succeeded", "job.failed", "job.cancelled", "job.parked",
                                            "job.cancel_requested", "job.deleted"}));
  }

  std::unique_ptr<StorePlace> place_ = GetParam().make_place();
  std::unique_ptr<JobStore> store_ = place_->open(kBounds);
  ModelStore model_{kBounds};
  Random random_{0};
  Time now_ = test_time();
  int64_t seen_ = 0;
  int submitted_ = 0;
  std::vector<std::string> ids_;
  std::vector<Lease> leases_;
  std::set<SubmitRefusal::Why> refusals_;
  const std::vector<std::string> names_{"key_both", "key_credits", "key_free", "key_poor"};
  const std::vector<std::string> hashes_{"hash-a", "hash-a", "hash-a", "hash-b"};
};

TEST_P(ModelContract, RandomCallsDoWhatTheModelDoes) { run(1, 1500); }
TEST_P(ModelContract, RandomCallsDoWhatTheModelDoesAgain) { run(2, 1500); }
TEST_P(ModelContract, RandomCallsDoWhatTheModelDoesOnceMore) { run(3, 1500); }

TROUPE_FOR_EACH_STORE(ModelContract);

}  // namespace
}  // namespace troupe::jobs
