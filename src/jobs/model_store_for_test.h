// The queue and the ledger again, as plain maps in memory: what every store must do, written to be read.
// Shares no rule with the stores. Not for threads.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "jobs/job_queue.h"

namespace troupe::jobs {

class ModelStore final : public JobQueue {
 public:
  explicit ModelStore(QueueBounds bounds) : bounds_(bounds) {}

  std::map<std::string, std::vector<Budget>> accounts;  ///< those that exist, by id
  std::vector<LedgerLine> ledger;
  std::vector<JobEvent> events;  ///< without their data

  Balance balance(const std::string& account, Currency currency, int64_t today) const {
    Balance sums{currency};
    for (const LedgerLine& line : ledger) {
      if (line.account != account || line.amount.currency != currency) continue;
      sums.held_micros += line.held_micros;
      sums.spent_micros += line.spent_micros;
      if (line.day == today) sums.day_micros += line.held_micros + line.spent_micros;
    }
    return sums;
  }

  Result<std::variant<Submitted, SubmitRefusal>> submit(const NewJob& request, Time now) override {
    const std::string& account = request.job.account;
    if (request.idempotency) {
      const auto it = requests_.find({account, request.idempotency->key});
      if (it != requests_.end() && now - it->second.time < std::chrono::hours(24)) {
        if (it->second.hash != request.idempotency->request_hash) {
          return refuse(SubmitRefusal::Why::idempotency_mismatch);
        }
        if (!entries_.count(it->second.job)) return failure(ErrorCode::conflict);
        return accept(entries_.at(it->second.job).job, true);
      }
    }
    if (!accounts.count(account)) return failure(ErrorCode::not_found);
    if (waiting("") >= bounds_.queued_max) return refuse(SubmitRefusal::Why::queue_full);
    if (waiting(account) >= bounds_.queued_per_account_max) {
      return refuse(SubmitRefusal::Why::account_queue_full);
    }
    if (!affordable(request.job, now)) return refuse(SubmitRefusal::Why::over_budget);
    if (request.idempotency) {
      requests_[{account, request.idempotency->key}] = {request.idempotency->request_hash, request.job.id,
                                                        now};
    }
    Entry& entry = entries_[request.job.id];
    entry.job = request.job;
    entry.job.created = entry.job.updated = now;
    entry.job.charged.currency = request.job.price.currency;
    entry.place = ++places_;
    move(entry.job, LedgerKind::hold, entry.job.price.micros, now);
    tell(entry, now);
    return accept(entry.job, false);
  }

  Result<std::optional<Job>> find(const std::string& id) override {
    const auto it = entries_.find(id);
    return it == entries_.end() ? std::nullopt : std::optional(it->second.job);
  }

  Result<JobPage> list(const JobFilter& filter, const std::string& before, int limit) override {
    JobPage page;
    for (auto it = entries_.rbegin(); it != entries_.rend(); ++it) {
      const Job& job = it->second.job;
      if (filter.account && job.account != *filter.account) continue;
      if (!before.empty() && job.id >= before) continue;
      if (!filter.states.empty() &&
          std::find(filter.states.begin(), filter.states.end(), job.state) == filter.states.end()) {
        continue;
      }
      if (static_cast<int>(page.jobs.size()) == limit) {
        page.next = page.jobs.back().id;
        break;
      }
      page.jobs.push_back(job);
    }
    return page;
  }

  Result<std::optional<Lease>> lease(const LeaseRequest& request, Time now) override {
    while (Entry* entry = abandoned(request.engines, now)) {
      Job& job = entry->job;
      if (!entry->worker.empty()) {
        entry->worker.clear();
        entry->expires = Time();
        ++job.crashes;
        if (job.cancel_requested && job.provider_task.empty()) {
          cancel_now(*entry, now);
          continue;
        }
        if (job.crashes >= bounds_.crashes_max) {
          job.state = JobState::parked;
          job.error = Error{ErrorCode::internal, "", ""};
          tell(*entry, now);
          continue;
        }
      }
      return std::optional(hand_out(*entry, request, now));
    }
    Entry* next = next_in_turn(request.engines);
    if (!next) return std::optional<Lease>();
    return std::optional(hand_out(*next, request, now));
  }

  Result<Heartbeat> heartbeat(const Lease& lease, const std::optional<JobProgress>& progress,
                              std::chrono::milliseconds duration, Time now) override {
    Entry* entry = held(lease);
    if (!entry) return failure(ErrorCode::conflict);
    entry->expires = now + duration;
    if (progress) {
      entry->job.progress = *progress;
      tell(*entry, now, "job.progress");
    }
    return Heartbeat{entry->expires, entry->job.cancel_requested};
  }

  Result<int64_t> expire_leases(Time now) override {
    int64_t expired = 0;
    for (auto& [id, entry] : entries_) {
      if (entry.worker.empty() || entry.expires <= now) continue;
      entry.expires = now;
      ++expired;
    }
    return expired;
  }

  Result<void> mark_submitted(const Lease& lease, const std::string& provider_task, Time now) override {
    Entry* entry = held(lease);
    if (!entry) return failure(ErrorCode::conflict);
    Job& job = entry->job;
    if (job.state == JobState::submitted && job.provider_task == provider_task) return {};
    job.state = JobState::submitted;
    job.provider_task = provider_task;
    tell(*entry, now);
    return {};
  }

  Result<Job> finish(const Lease& lease, const Outcome& outcome, Time now) override {
    Entry* entry = held(lease);
    if (!entry) return failure(ErrorCode::conflict);
    Job& job = entry->job;
    const bool succeeded = outcome.kind == Outcome::Kind::succeeded;
    const Money taken = succeeded ? outcome.charge.value_or(job.price) : outcome.kept;
    if (taken.micros > job.price.micros) return failure(ErrorCode::invalid_argument);
    job.takes = outcome.takes;
    job.report_json = outcome.report_json;
    job.error = outcome.error;
    entry->worker.clear();
    entry->expires = Time();
    switch (outcome.kind) {
      case Outcome::Kind::succeeded:
        end(*entry, JobState::succeeded, taken.micros, LedgerKind::settle, now);
        break;
      case Outcome::Kind::failed:
        end(*entry, JobState::failed, taken.micros, LedgerKind::fee, now);
        break;
      case Outcome::Kind::cancelled:
        end(*entry, JobState::cancelled, taken.micros, LedgerKind::fee, now);
        break;
      case Outcome::Kind::parked:
        job.state = JobState::parked;
        tell(*entry, now);
        break;
    }
    return job;
  }

  Result<void> give_back(const Lease& lease, Time now) override {
    Entry* entry = held(lease);
    if (!entry) return failure(ErrorCode::conflict);
    entry->worker.clear();
    entry->expires = Time();
    if (entry->job.state == JobState::running && entry->job.cancel_requested) {
      cancel_now(*entry, now);
      return {};
    }
    if (entry->job.state == JobState::running) back_to_queue(entry->job);
    tell(*entry, now);
    return {};
  }

  Result<Job> cancel(const std::string& id, Time now) override {
    const auto it = entries_.find(id);
    if (it == entries_.end()) return failure(ErrorCode::not_found);
    Job& job = it->second.job;
    const bool waits = job.state == JobState::queued || job.state == JobState::parked;
    if (is_final(job.state) || (job.cancel_requested && !waits)) return job;
    job.cancel_requested = true;
    if (waits && job.provider_task.empty()) {
      cancel_now(it->second, now);
      return job;
    }
    if (waits) {
      job.state = JobState::submitted;
      forget_results(job);
      job.progress = {};
    }
    tell(it->second, now, "job.cancel_requested");
    return job;
  }

  Result<Job> abandon(const std::string& id, Time now) override {
    const auto it = entries_.find(id);
    if (it == entries_.end()) return failure(ErrorCode::not_found);
    Entry& entry = it->second;
    if (is_final(entry.job.state)) return entry.job;
    if (!entry.worker.empty() && entry.expires > now && entry.expires <= now + std::chrono::hours(1))
      return failure(ErrorCode::conflict);
    entry.job.cancel_requested = true;
    entry.worker.clear();
    entry.expires = Time();
    cancel_now(entry, now);
    return entry.job;
  }

  Result<Job> resume(const std::string& id, Time now) override {
    const auto it = entries_.find(id);
    if (it == entries_.end()) return failure(ErrorCode::not_found);
    Job& job = it->second.job;
    if (job.state != JobState::parked) return failure(ErrorCode::conflict);
    job.cancel_requested = false;
    forget_results(job);
    back_to_queue(job);
    tell(it->second, now);
    return job;
  }

  Result<Job> remove(const std::string& id, Time now) override {
    const auto it = entries_.find(id);
    if (it == entries_.end()) return failure(ErrorCode::not_found);
    if (!is_final(it->second.job.state)) return failure(ErrorCode::conflict);
    const Job job = it->second.job;
    events.push_back({static_cast<int64_t>(events.size()) + 1, now, job.account, id, "job.deleted", ""});
    entries_.erase(it);
    return job;
  }

  Result<int64_t> ahead_of(const std::string& id) override {
    const auto it = entries_.find(id);
    if (it == entries_.end() || it->second.job.state != JobState::queued) return 0;
    const auto rank = [](const Entry& entry) { return std::tuple(-entry.job.lane, entry.place); };
    return std::count_if(entries_.begin(), entries_.end(), [&](const auto& each) {
      const Entry& other = each.second;
      return other.job.state == JobState::queued && other.job.engine == it->second.job.engine &&
             rank(other) < rank(it->second);
    });
  }

  Result<std::map<JobState, int64_t>> counts() override {
    std::map<JobState, int64_t> counts;
    for (const auto& [id, entry] : entries_) ++counts[entry.job.state];
    return counts;
  }

  Result<std::optional<double>> seconds_per_second(const std::string&) override {
    return failure(ErrorCode::unsupported);  // Not a matter of states: the contract tests have it.
  }

 private:
  struct Entry {
    Job job;
    std::string worker;
    int64_t token = 0, place = 0;
    Time expires;
  };
  struct Request {
    std::string hash, job;
    Time time;
  };

  static Error failure(ErrorCode code) { return Error{code, "", ""}; }
  using Answer = std::variant<Submitted, SubmitRefusal>;
  static Answer accept(const Job& job, bool replayed) {
    Answer answer;
    std::get<Submitted>(answer) = {job, replayed};
    return answer;
  }
  static Answer refuse(SubmitRefusal::Why why) {
    Answer answer;
    answer.emplace<SubmitRefusal>().why = why;
    return answer;
  }
  static int64_t day(Time time) { return time.time_since_epoch().count() / 86'400'000; }
  static bool contains(const std::vector<std::string>& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
  }

  int64_t waiting(const std::string& account) const {
    return std::count_if(entries_.begin(), entries_.end(), [&](const auto& each) {
      const Job& job = each.second.job;
      return job.state == JobState::queued && (account.empty() || job.account == account);
    });
  }

  bool affordable(const Job& job, Time now) const {
    const std::vector<Budget>& budgets = accounts.at(job.account);
    if (job.price.micros == 0 || budgets.empty()) return true;
    const Balance used = balance(job.account, job.price.currency, day(now));
    const int64_t after = used.held_micros + used.spent_micros + job.price.micros;
    bool found = false;
    for (const Budget& budget : budgets) {
      if (budget.currency != job.price.currency) continue;
      found = true;
      if (budget.total_micros && after > *budget.total_micros) return false;
      if (budget.day_micros && used.day_micros + job.price.micros > *budget.day_micros) return false;
    }
    return found;
  }

  Entry* abandoned(const std::vector<std::string>& engines, Time now) {
    Entry* first = nullptr;
    for (auto& [id, entry] : entries_) {
      const bool working = entry.job.state == JobState::running || entry.job.state == JobState::submitted;
      const bool lasts = entry.expires > now && entry.expires <= now + std::chrono::hours(1);
      if (!working || lasts || !contains(engines, entry.job.engine)) continue;
      if (!first || std::tuple(entry.expires, entry.place) < std::tuple(first->expires, first->place)) {
        first = &entry;
      }
    }
    return first;
  }

  Entry* next_in_turn(const std::vector<std::string>& engines) {
    Entry* best = nullptr;
    const auto rank = [&](const Entry& entry) {
      const auto turn = turns_.find(entry.job.account);
      return std::tuple(-entry.job.lane, turn == turns_.end() ? 0 : turn->second, entry.place);
    };
    for (auto& [id, entry] : entries_) {
      if (entry.job.state != JobState::queued || !contains(engines, entry.job.engine)) continue;
      if (!best || rank(entry) < rank(*best)) best = &entry;
    }
    return best;
  }

  Lease hand_out(Entry& entry, const LeaseRequest& request, Time now) {
    Job& job = entry.job;
    job.state = job.provider_task.empty() ? JobState::running : JobState::submitted;
    if (job.state == JobState::running || !job.started) job.started = now;
    ++job.attempts;
    job.progress = {};
    entry.worker = request.worker;
    ++entry.token;
    entry.expires = now + request.duration;
    turns_[job.account] = ++served_;
    tell(entry, now);
    return {job, entry.worker, entry.token, entry.expires};
  }

  Entry* held(const Lease& lease) {
    const auto it = entries_.find(lease.job.id);
    if (it == entries_.end()) return nullptr;
    Entry& entry = it->second;
    return entry.worker == lease.worker && entry.token == lease.token ? &entry : nullptr;
  }

  static void forget_results(Job& job) {
    job.crashes = 0;
    job.error.reset();
    job.takes.clear();
    job.report_json.clear();
  }

  static void back_to_queue(Job& job) {
    job.state = JobState::queued;
    job.started.reset();
    job.progress = {};
  }

  void cancel_now(Entry& entry, Time now) {
    entry.job.error.reset();
    end(entry, JobState::cancelled, 0, LedgerKind::fee, now);
  }

  void end(Entry& entry, JobState state, int64_t taken, LedgerKind kind, Time now) {
    entry.job.state = state;
    entry.job.finished = now;
    entry.job.charged.micros = taken;
    move(entry.job, kind, taken, now);
    move(entry.job, LedgerKind::release, entry.job.price.micros - taken, now);
    tell(entry, now);
  }

  void move(const Job& job, LedgerKind kind, int64_t micros, Time now) {
    if (micros == 0) return;
    LedgerLine line;
    line.id = static_cast<int64_t>(ledger.size()) + 1;
    line.time = now;
    line.account = job.account;
    line.job = job.id;
    line.kind = kind;
    line.amount = {micros, job.price.currency};
    line.held_micros = kind == LedgerKind::hold ? micros : -micros;
    line.spent_micros = kind == LedgerKind::settle || kind == LedgerKind::fee ? micros : 0;
    line.day = day(job.created);
    ledger.push_back(line);
  }

  void tell(Entry& entry, Time now, std::string type = "") {
    entry.job.updated = now;
    if (type.empty()) type = "job." + std::string(name(entry.job.state));
    events.push_back(
        {static_cast<int64_t>(events.size()) + 1, now, entry.job.account, entry.job.id, type, ""});
  }

  QueueBounds bounds_;
  std::map<std::string, Entry> entries_;
  std::map<std::pair<std::string, std::string>, Request> requests_;
  std::map<std::string, int64_t> turns_;
  int64_t served_ = 0, places_ = 0;
};

}  // namespace troupe::jobs
