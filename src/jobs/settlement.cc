#include "jobs/settlement.h"

#include "jobs/admission.h"

namespace troupe::jobs {
namespace {

LedgerLine line_of(const Job& job, LedgerKind kind, int64_t micros, const std::string& reason, Time now) {
  LedgerLine line;
  line.time = now;
  line.account = job.account;
  line.job = job.id;
  line.kind = kind;
  line.amount = Money{micros, job.price.currency};
  line.reason = reason;
  line.held_micros = kind == LedgerKind::hold ? micros : -micros;
  line.spent_micros = kind == LedgerKind::settle || kind == LedgerKind::fee ? micros : 0;
  line.day = day_of(job.created);
  return line;
}

Result<void> check_sum(const Job& job, const Money& sum, const std::string& field) {
  if (sum.micros == 0) return {};
  if (sum.currency != job.price.currency) {
    return make_error(ErrorCode::invalid_argument,
                      print(sum) + " is another currency than the price, " + print(job.price) + ".", field);
  }
  if (sum.micros < 0 || sum.micros > job.price.micros) {
    return make_error(ErrorCode::invalid_argument,
                      print(sum) + " is not within what is held, " + print(job.price) + ".", field);
  }
  return {};
}

Result<void> check_outcome(const Job& job, const Outcome& outcome) {
  TROUPE_CHECK_OK(check_sum(job, outcome.charge.value_or(Money{0, job.price.currency}), "/charge"));
  TROUPE_CHECK_OK(check_sum(job, outcome.kept, "/kept"));
  const bool succeeded = outcome.kind == Outcome::Kind::succeeded;
  if (!succeeded && outcome.charge && outcome.charge->micros != 0) {
    return make_error(ErrorCode::invalid_argument, "Only a job that succeeded is charged; name it kept.",
                      "/charge");
  }
  if ((succeeded || outcome.kind == Outcome::Kind::parked) && outcome.kept.micros != 0) {
    return make_error(ErrorCode::invalid_argument,
                      "Only of a job that failed or was cancelled is something kept.", "/kept");
  }
  return {};
}

JobState state_after(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::succeeded:
      return JobState::succeeded;
    case Outcome::Kind::failed:
      return JobState::failed;
    case Outcome::Kind::cancelled:
      return JobState::cancelled;
    case Outcome::Kind::parked:
      break;
  }
  return JobState::parked;
}

void close(Job& job, JobState state, int64_t charged, Time now) {
  job.state = state;
  job.charged = Money{charged, job.price.currency};
  job.finished = now;
}

}  // namespace

std::vector<LedgerLine> hold_lines(const Job& job, Time now) {
  if (job.price.micros == 0) return {};
  return {line_of(job, LedgerKind::hold, job.price.micros, "accepted", now)};
}

std::vector<LedgerLine> closing_lines(const Job& job, LedgerKind kind, int64_t taken,
                                      const std::string& reason, Time now) {
  std::vector<LedgerLine> lines;
  if (taken > 0) lines.push_back(line_of(job, kind, taken, reason, now));
  const int64_t rest = job.price.micros - taken;
  if (rest > 0) lines.push_back(line_of(job, LedgerKind::release, rest, std::string(name(job.state)), now));
  return lines;
}

Result<std::vector<LedgerLine>> apply_outcome(Job& job, const Outcome& outcome, Time now) {
  TROUPE_CHECK_OK(check_outcome(job, outcome));
  job.takes = outcome.takes;
  job.report_json = outcome.report_json;
  job.error = outcome.error;
  const JobState state = state_after(outcome.kind);
  if (state == JobState::parked) {
    job.state = state;
    return std::vector<LedgerLine>();
  }
  if (state == JobState::succeeded) {
    close(job, state, outcome.charge.value_or(job.price).micros, now);
    return closing_lines(job, LedgerKind::settle, job.charged.micros, "succeeded", now);
  }
  close(job, state, outcome.kept.micros, now);
  return closing_lines(job, LedgerKind::fee, job.charged.micros, outcome.kept_reason, now);
}

std::vector<LedgerLine> apply_cancel(Job& job, Time now, const std::string& reason) {
  close(job, JobState::cancelled, 0, now);
  job.error.reset();
  if (job.price.micros == 0) return {};
  return {line_of(job, LedgerKind::release, job.price.micros, reason, now)};
}

}  // namespace troupe::jobs
