#include "work/remote_hand_over.h"

#include <algorithm>

namespace troupe::work {
namespace {

using std::chrono::milliseconds;

constexpr int kLimitTries = 4;  // of one provider that says "too many"
constexpr int kRepeatTries = 3, kLookTries = 3;
constexpr milliseconds kRoundWait{10000}, kLimitWait{2000}, kRepeatWait{2000}, kLookWait{5000};
constexpr int kJobsLookedAt = 200;  // newest ones: whose tasks are not ours

constexpr std::chrono::seconds kAdviceMax{60};  // of one route while there are others

// The same may go well later, or at somebody else.
bool passes(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::over_limit;
}

Error told_by(const RemoteTake& take, const engine::Failure& failure) {
  return make_error(engine::error_code(failure.kind), take.route.provider + ": " + failure.message);
}

}  // namespace

Result<engine::Order> RemoteHandOver::order_of(const RemoteTake& take, size_t index) {
  TROUPE_TRY(const PreparedTake* const prepared, models_.prepared(take.stand_in));
  TROUPE_TRY(const GenerationSpec* const readable, models_.readable(take.stand_in, take.route));
  const catalog::Resolved& r = prepared->resolved;
  engine::Order order{*readable,
                      r.prompt,
                      r.duration,
                      r.shot_durations,
                      r.aspect_ratio,
                      r.tier,
                      r.size,
                      r.fps,
                      r.audio,
                      std::nullopt,
                      context_.job.id + "-" + std::to_string(index)};
  if (r.seed_given) order.seed = r.seed + index;
  return order;
}

Result<void> RemoteHandOver::run(size_t index) {
  std::vector<RemoteTake>& takes = context_.record.takes;
  if (takes.size() <= index) takes.resize(index + 1);
  RemoteTake& take = takes[index];
  if (!take.task.empty()) return {};
  if (take.lost()) {
    const Result<void> same = context_.check_kind(take);
    if (!same && !context_.record.given_up) return give_up(same.error());
    // Where nobody can be asked any more, a person's wish to send it once more begins anew.
    if (same) {
      TROUPE_TRY(const Next next, find_out(take, index));
      if (next == Next::done) return {};
    }
  }
  for (int round = 1; round <= context_.options.patience.rounds; ++round) {
    TROUPE_TRY(const Next next, try_all(take, index));
    if (next == Next::done) return {};
    if (!last_ || !passes(*last_)) break;
    if (round < context_.options.patience.rounds && !context_.pause(backed_off(kRoundWait, round)))
      return cancelled_error();
  }
  return last_.value_or(make_error(
      ErrorCode::unavailable,
      "No provider of " + context_.job.model + " is set up any more. Set a key, or name a route."));
}

// Each in its turn; last_ has all that was said.
Result<RemoteHandOver::Next> RemoteHandOver::try_all(RemoteTake& take, size_t index) {
  Tries tries;
  for (const std::string& stand_in : models_.names()) {
    TROUPE_TRY(const Next next, try_model(stand_in, take, index, tries));
    if (next == Next::done) return Next::done;
    if (!tries.next_model) break;
  }
  last_ = std::move(tries.error);
  if (last_) last_->message = std::move(tries.told);
  return Next::other_route;
}

Result<RemoteHandOver::Next> RemoteHandOver::try_model(const std::string& stand_in, RemoteTake& take,
                                                       size_t index, Tries& tries) {
  const Result<const PreparedTake*> prepared = models_.prepared(stand_in);
  if (context_.cancelled()) return cancelled_error();
  if (!prepared) {
    note_failure(Error{prepared.error().code, stand_in + ": " + prepared.error().message, ""}, tries);
    return Next::other_route;
  }
  const std::vector<engine::RemoteRoute> routes = context_.parts.routes(*(*prepared)->model);
  tries.next_model = routes.empty();
  for (const engine::RemoteRoute& route : routes) {
    take = {route, "", std::nullopt, std::nullopt};
    take.stand_in = stand_in;
    TROUPE_TRY(Next next, send(take, index));
    if (next == Next::find_out) {
      TROUPE_TRY(next, find_out(take, index));
    }
    if (next == Next::done) return Next::done;
    if (context_.cancelled()) return cancelled_error();
    tries.next_model = tries.next_model || passes(*last_) || last_->code == ErrorCode::no_credit;
    note_failure(*last_, tries);
  }
  return Next::other_route;
}

void RemoteHandOver::note_failure(Error error, Tries& tries) {
  add_note(context_.record, "Tried before: " + error.message);
  tries.told += (tries.told.empty() ? "" : " ") + error.message;
  if (!tries.error || !passes(*tries.error) || passes(error)) tries.error = std::move(error);
}

// Sends it along take.route, which the record then tells of.
Result<RemoteHandOver::Next> RemoteHandOver::send(RemoteTake& take, size_t index) {
  const Result<engine::Order> order = order_of(take, index);
  if (!order) return not_sent(take, order.error());
  const Result<engine::RemoteManners> manners = context_.parts.remote->manners(take.route);
  take.kind = manners ? manners->kind : "";
  return hand_over(take, *order);
}

Result<RemoteHandOver::Next> RemoteHandOver::not_sent(RemoteTake& take, const Error& error) {
  if (error.code == ErrorCode::cancelled) return error;
  last_ = Error{error.code, take.route.provider + ": " + error.message, error.field};
  // What was lost before stays lost.
  return repeating_ ? Next::find_out : Next::other_route;
}

Result<RemoteHandOver::Next> RemoteHandOver::hand_over(RemoteTake& take, const engine::Order& order) {
  const std::optional<Time> before = take.sent;
  for (int tries = 1;; ++tries) {
    take.sent = context_.parts.clock.now();
    take.seed = order.seed;
    TROUPE_CHECK_OK(save());
    // Not to be broken off: then nobody would know whether it arrived.
    auto handed = context_.parts.remote->hand_over(take.route, order, CancelToken());
    if (!handed) {
      take.sent = repeating_ ? before : std::nullopt;
      TROUPE_CHECK_OK(save());
      return not_sent(take, handed.error());
    }
    if (handed->value) {
      TROUPE_CHECK_OK(took(take, std::move(*handed->value)));
      return Next::done;
    }
    const engine::Failure& failure = handed->failure;
    const bool later = failure.kind == engine::FailureClass::over_limit && tries < kLimitTries &&
                       failure.retry_after <= kAdviceMax;
    if (!later) return refused(take, failure);
    take.sent = repeating_ ? before : std::nullopt;
    TROUPE_CHECK_OK(save());
    if (!context_.pause(std::max<milliseconds>(failure.retry_after, backed_off(kLimitWait, tries))))
      return cancelled_error();
  }
}

Result<RemoteHandOver::Next> RemoteHandOver::refused(RemoteTake& take, const engine::Failure& failure) {
  last_ = told_by(take, failure);
  // What refuses a repeat may refuse it for being one.
  if (failure.kind == engine::FailureClass::unknown || repeating_) return Next::find_out;
  take.sent.reset();
  TROUPE_CHECK_OK(save());
  // Another provider would make another's decision of it: that is the user's to ask for.
  const bool final =
      failure.kind == engine::FailureClass::moderated || failure.kind == engine::FailureClass::rejected;
  if (final) return *last_;
  return Next::other_route;
}

Result<void> RemoteHandOver::took(RemoteTake& take, engine::HandedOver handed) {
  take.task = std::move(handed.task);
  context_.record.given_up = false;
  if (!take.stand_in.empty())
    add_note(context_.record, take.stand_in + " makes it in place of " + context_.job.model +
                                  ", as the request allows: no provider took it for that one.");
  for (std::string& text : handed.unsaid) add_note(context_.record, std::move(text));
  return save();
}

// What became of an order whose answer was lost. Never find_out: what can't be found out is an error.
Result<RemoteHandOver::Next> RemoteHandOver::find_out(RemoteTake& take, size_t index) {
  const Result<engine::RemoteManners> manners = context_.parts.remote->manners(take.route);
  Next next = Next::find_out;
  if (manners && manners->repeat_is_safe) {
    TROUPE_TRY(next, send_again(take, index));
  } else if (manners && manners->can_look_up) {
    TROUPE_TRY(next, look_for(take, index));
  }
  if (next == Next::find_out && manners && context_.record.given_up) {
    // A person wants it sent once more; what becomes of that is another question.
    context_.record.given_up = false;
    TROUPE_TRY(next, send(take, index));
  }
  if (context_.cancelled() && next == Next::find_out) return cancelled_error();
  if (next != Next::find_out) return next;
  const std::string why = last_ ? " The last answer was: " + last_->message : "";
  return give_up(
      make_error(ErrorCode::unknown_outcome,
                 "Whether " + take.route.provider + " has this take is not known, so it was not sent again." +
                     why + " Look into your account there: retry sends it once more, cancel gives it up."));
}

Error RemoteHandOver::give_up(Error why) {
  context_.record.given_up = true;
  const Result<void> saved = save();
  return saved ? std::move(why) : saved.error();
}

// The same idempotency key is the same take.
Result<RemoteHandOver::Next> RemoteHandOver::send_again(RemoteTake& take, size_t index) {
  Next next = Next::find_out;
  for (int tries = 1; next == Next::find_out && tries <= kRepeatTries; ++tries) {
    if (!context_.pause(backed_off(kRepeatWait, tries))) return cancelled_error();
    repeating_ = true;
    const Result<Next> sent = send(take, index);
    repeating_ = false;
    if (!sent) return sent;
    next = *sent;
  }
  return next;
}

// In the provider's list. An order may need a while to show there.
Result<RemoteHandOver::Next> RemoteHandOver::look_for(RemoteTake& take, size_t index) {
  const Result<engine::Order> order = order_of(take, index);
  if (!order) return Next::find_out;
  for (int tries = 1; tries <= kLookTries; ++tries) {
    if (!context_.pause(backed_off(kLookWait, tries))) return cancelled_error();
    auto found = context_.parts.remote->look_up(take.route, *order, *take.sent, context_.keeper.token());
    if (!found || !found->value) {
      if (found) last_ = told_by(take, found->failure);
      if (tries == kLookTries) return Next::find_out;
      continue;
    }
    std::vector<std::string> known;
    TROUPE_TRY(const bool rival, has_rival(take, known));
    std::vector<std::string>& tasks = found->value->tasks;
    std::erase_if(tasks, [&](const std::string& task) {
      return std::find(known.begin(), known.end(), task) != known.end();
    });
    const bool clear = tasks.empty() || (tasks.size() == 1 && !rival);
    if (clear && found->value->sure && tasks.size() == 1) {
      TROUPE_CHECK_OK(took(take, {tasks.front(), {}}));
      return Next::done;
    }
    if (tries == kLookTries && (!clear || !found->value->sure)) return Next::find_out;
  }
  return send(take, index);  // it never arrived
}

// Whether another take of ours is lost on the same route, so that a task that is found could be either's; and
// which tasks are known to be others'. Jobs of other models may have fallen over to the same route.
Result<bool> RemoteHandOver::has_rival(const RemoteTake& take, std::vector<std::string>& known) const {
  bool rival = false;
  for (const RemoteTake& own : context_.record.takes) known.push_back(own.task);
  for (const std::string& model : {context_.job.model, std::string()}) {
    jobs::JobFilter filter;
    filter.model = model;
    TROUPE_TRY(const jobs::JobPage page, context_.parts.queue.list(filter, "", kJobsLookedAt));
    for (const Job& job : page.jobs) {
      const Result<RemoteRecord> record = parse_record(job.provider_task);
      if (!record) continue;
      for (const RemoteTake& other : record->takes) {
        if (!other.task.empty()) known.push_back(other.task);
        rival = rival || (job.id != context_.job.id && !is_final(job.state) && other.lost() &&
                          other.route == take.route);
      }
    }
  }
  return rival;
}

}  // namespace troupe::work
