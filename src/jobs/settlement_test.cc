#include "jobs/settlement.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "jobs/admission.h"

namespace troupe::jobs {
namespace {

Job job_of(int64_t price) {
  Job job;
  job.id = "job_1";
  job.account = "A";
  job.price = {price, Currency::credits};
  job.created = Time(std::chrono::days(20454));
  return job;
}

TEST(Settlement, EveryOutcomeUsesUpTheHold) {
  const Time now(std::chrono::days(20456));
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    Job job = job_of(random.below(20));
    Outcome outcome;
    outcome.kind = static_cast<Outcome::Kind>(i % 3);
    const Money part{random.below(static_cast<int>(job.price.micros) + 1), Currency::credits};
    (outcome.kind == Outcome::Kind::succeeded ? outcome.charge.emplace() : outcome.kept) = part;
    const auto lines = apply_outcome(job, outcome, now);
    ASSERT_TRUE(lines);
    int64_t held = 0, spent = 0;
    for (const LedgerLine& line : hold_lines(job, now)) held += line.held_micros;
    for (const LedgerLine& line : *lines) {
      held += line.held_micros;
      spent += line.spent_micros;
      EXPECT_GT(line.amount.micros, 0);
      EXPECT_EQ(line.day, 20454);
      EXPECT_EQ(line.amount.currency, Currency::credits);
    }
    EXPECT_EQ(held, 0);
    EXPECT_EQ(spent, part.micros);
    EXPECT_EQ(job.charged, part);
    EXPECT_EQ(job.finished, now);
  }
}

TEST(Settlement, AParkedJobKeepsItsHold) {
  Job job = job_of(5);
  Outcome outcome;
  outcome.kind = Outcome::Kind::parked;
  const auto lines = apply_outcome(job, outcome, job.created);
  ASSERT_TRUE(lines);
  EXPECT_TRUE(lines->empty());
  EXPECT_EQ(job.state, JobState::parked);
  EXPECT_FALSE(job.finished);
}

TEST(Settlement, NamesWhatDoesNotFitTheOutcome) {
  const auto refused = [](Outcome::Kind kind, std::optional<Money> charge, Money kept) {
    Job job = job_of(5);
    Outcome outcome;
    outcome.kind = kind;
    outcome.charge = charge;
    outcome.kept = kept;
    const Job before = job;
    const auto lines = apply_outcome(job, outcome, job.created);
    EXPECT_EQ(job, before);
    return lines ? std::string("accepted") : lines.error().field;
  };
  using Kind = Outcome::Kind;
  const Money two{2, Currency::credits};
  EXPECT_EQ(refused(Kind::succeeded, two, two), "/kept");
  EXPECT_EQ(refused(Kind::parked, {}, two), "/kept");
  EXPECT_EQ(refused(Kind::failed, two, {}), "/charge");
  EXPECT_EQ(refused(Kind::succeeded, Money{6, Currency::credits}, {}), "/charge");
  EXPECT_EQ(refused(Kind::succeeded, Money{2, Currency::usd}, {}), "/charge");
  EXPECT_EQ(refused(Kind::failed, {}, Money{-1, Currency::credits}), "/kept");
}

}  // namespace
}  // namespace troupe::jobs
