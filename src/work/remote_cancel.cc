#include "work/remote_cancel.h"

#include <algorithm>

namespace troupe::work {
namespace {

using engine::StopAnswer;
using Kind = engine::TaskState::Kind;

constexpr std::chrono::milliseconds kStopWait{2000};
constexpr int kForgottenMax = 3;  // answers that there is no such task

// What is known of a take that is wanted no more.
enum class Fate {
  open,     // nothing yet: asked again
  unmade,   // nobody makes it
  made,     // it was there before it could be stopped
  going,    // the provider goes on
  unknown,  // nobody says
};

class Stopping {
 public:
  Stopping(RemoteContext& context, int64_t wanted) : context_(context), wanted_(wanted) {}

  Result<jobs::Outcome> run() {
    for (RemoteTake& take : context_.record.takes) {
      TROUPE_TRY(const Fate fate, fate_of(take));
      if (fate == Fate::unknown) return parked(take);
      if (fate == Fate::made) charge(take, "made by the provider before it was stopped");
      if (fate == Fate::going) charge(take, "the provider could not be stopped");
    }
    jobs::Outcome outcome;
    outcome.kind = jobs::Outcome::Kind::cancelled;
    outcome.kept = kept_;
    outcome.kept_reason = reason_;
    return outcome;
  }

 private:
  Result<Fate> fate_of(RemoteTake& take) {
    charged_.reset();
    if (take.task.empty()) return fate_without_task(take);
    forgotten_ = 0;
    bool answered = false;
    for (int tries = 1; tries <= context_.options.patience.stop_tries; ++tries) {
      if (tries > 1 && !context_.pause_to_stop(backed_off(kStopWait, tries - 1))) return cancelled_error();
      TROUPE_TRY(const Fate fate, look_and_stop(take, answered));
      if (fate != Fate::open) return fate;
    }
    return answered ? Fate::going : Fate::unknown;
  }

  // One whose answer was lost can be neither asked about nor stopped.
  Fate fate_without_task(const RemoteTake& take) {
    if (!take.lost()) return Fate::unmade;
    if (!context_.record.given_up) return Fate::going;
    add_note(context_.record, "Whether " + take.route.provider +
                                  " has a take is not known; it was given up. Look into your account there.");
    return Fate::unmade;
  }

  Result<Fate> look_and_stop(RemoteTake& take, bool& answered) {
    const CancelToken closing = context_.keeper.closing();
    if (const Result<void> same = context_.check_kind(take); !same) return not_asked(same.error());
    const auto state = context_.parts.remote->ask(take.route, take.task, closing);
    if (closing.cancelled()) return cancelled_error();
    if (!state) return not_asked(state.error());
    answered = state->value.has_value();
    if (!answered) return read_silence(take, state->failure);
    charged_ = state->value->charged;
    if (state->value->kind == Kind::done) return Fate::made;
    // A failed one may cost something all the same, where the provider says so.
    if (state->value->kind == Kind::failed || state->value->kind == Kind::cancelled)
      return charged_ && charged_->micros > 0 ? Fate::made : Fate::unmade;
    return stop(take, answered);
  }

  Fate not_asked(const Error& error) {
    why_ = error.message;
    return Fate::unknown;
  }

  Fate read_silence(const RemoteTake& take, const engine::Failure& failure) {
    why_ = failure.message;
    if (failure.kind != engine::FailureClass::rejected) return Fate::open;
    const auto manners = context_.parts.remote->manners(take.route);
    if (take.stop_sent && manners && manners->stop_deletes) return Fate::unmade;
    return ++forgotten_ < kForgottenMax ? Fate::open : Fate::unknown;
  }

  Result<Fate> stop(RemoteTake& take, bool& answered) {
    if (!take.stop_sent) {
      // Stored first: after a crash in between, a task that is gone was stopped and not forgotten.
      take.stop_sent = true;
      TROUPE_CHECK_OK(context_.save());
    }
    const auto said = context_.parts.remote->stop(take.route, take.task, CancelToken());
    if (!said) return not_asked(said.error());
    answered = *said != StopAnswer::no_answer;
    if (!answered) why_ = "It gives no answer.";
    if (*said == StopAnswer::stopped) return Fate::unmade;
    return *said == StopAnswer::refused ? Fate::going : Fate::open;
  }

  void charge(const RemoteTake& take, const char* reason) {
    const Money& price = context_.job.price;
    const bool told = charged_ && charged_->currency == price.currency;
    const Money one = told ? *charged_ : price_of_take(context_, take, wanted_);
    kept_.micros = std::min(price.micros, kept_.micros + one.micros);
    if (kept_.micros > 0) reason_ = reason;
  }

  jobs::Outcome parked(const RemoteTake& take) const {
    jobs::Outcome outcome;
    outcome.kind = jobs::Outcome::Kind::parked;
    outcome.error = make_error(ErrorCode::unknown_outcome,
                               "The job is to be cancelled, but " + take.route.provider +
                                   " could not be asked about its task " + take.task + ": " + why_ +
                                   " Cancel asks again; cancel with \"abandon\": true closes the job without "
                                   "asking and releases what "
                                   "is held, whatever the provider charges.");
    return outcome;
  }

  RemoteContext& context_;
  int64_t wanted_;
  std::optional<Money> charged_;  // for the take that is looked at, as its provider says
  int forgotten_ = 0;
  Money kept_{0, context_.job.price.currency};
  std::string reason_, why_;
};

}  // namespace

Result<jobs::Outcome> stop_there(RemoteContext& context, int64_t wanted) {
  return Stopping(context, wanted).run();
}

}  // namespace troupe::work
