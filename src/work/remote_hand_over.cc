#include "work/remote_hand_over.h"

#include <algorithm>

#include "work/remote_sources.h"

namespace troupe::work {
namespace {

using std::chrono::milliseconds;

constexpr int kLimitTries = 4;  // of one provider that says "too many"
constexpr int kRepeatTries = 3, kLookTries = 3;
constexpr milliseconds kRoundWait{10000}, kLimitWait{2000}, kRepeatWait{2000}, kLookWait{5000};
constexpr int kJobsLookedAt = 200;  // of the same model: whose tasks are not ours

// An order that owns what it refers to.
struct OwnedOrder {
  GenerationSpec spec;
  const PreparedTake& prepared;
  std::string idempotency_key;
  size_t index;

  engine::Order order() const {
    const catalog::Resolved& r = prepared.resolved;
    engine::Order made{spec,   r.prompt, r.duration, r.shot_durations, r.aspect_ratio, r.tier,
                       r.size, r.fps,    r.audio,    std::nullopt,     idempotency_key};
    if (r.seed_given) made.seed = r.seed + index;
    return made;
  }
};

Result<OwnedOrder> order_for(const RemoteContext& context, const PreparedTake& prepared, MediaReader& reader,
                             const RemoteTake& take, size_t index) {
  TROUPE_TRY(const engine::RemoteManners manners, context.parts.remote->manners(take.route));
  const SourceLink link = [&](const std::string& uri) {
    return context.parts.link ? context.parts.link(context.job, uri) : "";
  };
  const SourceUpload upload = [&](ByteView bytes, std::string_view type) -> Result<std::string> {
    TROUPE_TRY(const engine::Outcome<std::string> kept,
               context.parts.remote->upload(take.route, bytes, type, context.keeper.token()));
    if (context.cancelled()) return cancelled_error();
    if (kept.value) return *kept.value;
    return make_error(engine::error_code(kept.failure.kind),
                      "a file could not be sent: " + kept.failure.message);
  };
  TROUPE_TRY(GenerationSpec spec, readable_by(manners, prepared.spec, reader, link, upload));
  return OwnedOrder{std::move(spec), prepared, context.job.id + "-" + std::to_string(index), index};
}

Error told_by(const RemoteTake& take, const engine::Failure& failure) {
  return make_error(engine::error_code(failure.kind), take.route.provider + ": " + failure.message);
}

}  // namespace

Result<void> RemoteHandOver::run(size_t index) {
  std::vector<RemoteTake>& takes = context_.record.takes;
  if (takes.size() <= index) takes.resize(index + 1);
  RemoteTake& take = takes[index];
  if (take.lost()) return find_out(take, index);
  if (!take.task.empty()) return {};
  const auto routes = context_.parts.routes(*prepared_.model);
  for (int round = 1; round <= context_.options.patience.rounds; ++round) {
    last_.reset();
    std::string tried;
    for (const engine::RemoteRoute& route : routes) {
      take = {route, "", std::nullopt};
      TROUPE_TRY(const Next next, send(take, index));
      if (next == Next::done) return {};
      if (next == Next::find_out) return find_out(take, index);
      if (context_.cancelled()) return cancelled_error();
      add_note(context_.record, "Tried before: " + last_->message);
      tried += (tried.empty() ? "" : " ") + last_->message;
    }
    if (last_) last_->message = tried;
    const bool passes =
        last_ && (last_->code == ErrorCode::unavailable || last_->code == ErrorCode::over_limit);
    if (!passes) break;
    if (round < context_.options.patience.rounds && !context_.pause(backed_off(kRoundWait, round)))
      return cancelled_error();
  }
  return last_.value_or(make_error(
      ErrorCode::unavailable,
      "No provider of " + prepared_.model->id + " is set up any more. Set a key, or name a route."));
}

// Sends it along take.route, which the record then tells of.
Result<RemoteHandOver::Next> RemoteHandOver::send(RemoteTake& take, size_t index) {
  const Result<OwnedOrder> order = order_for(context_, prepared_, reader_, take, index);
  if (!order) {
    if (order.error().code == ErrorCode::cancelled) return order.error();
    last_ =
        Error{order.error().code, take.route.provider + ": " + order.error().message, order.error().field};
    return Next::other_route;
  }
  return hand_over(take, order->order());
}

Result<RemoteHandOver::Next> RemoteHandOver::hand_over(RemoteTake& take, const engine::Order& order) {
  for (int tries = 1;; ++tries) {
    take.sent = context_.parts.clock.now();
    TROUPE_CHECK_OK(save());
    // Not to be broken off: then nobody would know whether it arrived.
    auto handed = context_.parts.remote->hand_over(take.route, order, CancelToken());
    if (!handed) {
      take.sent.reset();
      last_ = Error{handed.error().code, take.route.provider + ": " + handed.error().message,
                    handed.error().field};
      return Next::other_route;
    }
    if (handed->value) {
      TROUPE_CHECK_OK(took(take, std::move(*handed->value)));
      return Next::done;
    }
    const engine::Failure& failure = handed->failure;
    const bool later = failure.kind == engine::FailureClass::over_limit && tries < kLimitTries;
    if (!later) return refused(take, failure);
    take.sent.reset();
    TROUPE_CHECK_OK(save());
    if (!context_.pause(std::max<milliseconds>(failure.retry_after, backed_off(kLimitWait, tries))))
      return cancelled_error();
  }
}

Result<RemoteHandOver::Next> RemoteHandOver::refused(RemoteTake& take, const engine::Failure& failure) {
  last_ = told_by(take, failure);
  if (failure.kind == engine::FailureClass::unknown) return Next::find_out;
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
  for (std::string& text : handed.unsaid) add_note(context_.record, std::move(text));
  return save();
}

// What became of an order whose answer was lost.
Result<void> RemoteHandOver::find_out(RemoteTake& take, size_t index) {
  const Result<engine::RemoteManners> manners = context_.parts.remote->manners(take.route);
  if (manners && manners->repeat_is_safe) {
    TROUPE_TRY(const bool sent, send_again(take, index));
    if (sent) return {};
  } else if (manners && manners->can_look_up) {
    TROUPE_TRY(const bool found, look_for(take, index));
    if (found) return {};
  } else if (manners && context_.record.given_up) {
    TROUPE_TRY(const Next next, send(take, index));
    if (next == Next::done) return {};
    if (next == Next::other_route) return *last_;
  }
  if (context_.cancelled()) return cancelled_error();
  context_.record.given_up = true;
  TROUPE_CHECK_OK(save());
  const std::string why = last_ ? " The last answer was: " + last_->message : "";
  return make_error(ErrorCode::unknown_outcome,
                    "Whether " + take.route.provider +
                        " has this take is not known, so it was not sent again." + why +
                        " Look into your account there: retry sends it once more, cancel gives it up.");
}

// The same idempotency key is the same take.
Result<bool> RemoteHandOver::send_again(RemoteTake& take, size_t index) {
  for (int tries = 1; tries <= kRepeatTries; ++tries) {
    if (!context_.pause(backed_off(kRepeatWait, tries))) return cancelled_error();
    TROUPE_TRY(const Next next, send(take, index));
    if (next == Next::done) return true;
    if (next == Next::other_route) return *last_;
  }
  return false;
}

// In the provider's list. An order may need a while to show there.
Result<bool> RemoteHandOver::look_for(RemoteTake& take, size_t index) {
  TROUPE_TRY(const OwnedOrder order, order_for(context_, prepared_, reader_, take, index));
  for (int tries = 1; tries <= kLookTries; ++tries) {
    if (!context_.pause(backed_off(kLookWait, tries))) return cancelled_error();
    auto found =
        context_.parts.remote->look_up(take.route, order.order(), *take.sent, context_.keeper.token());
    if (!found || !found->value) {
      if (found) last_ = told_by(take, found->failure);
      if (tries == kLookTries) return false;
      continue;
    }
    std::vector<std::string> known;
    TROUPE_TRY(const bool rival, has_rival(take, known));
    std::vector<std::string>& tasks = *found->value;
    std::erase_if(tasks, [&](const std::string& task) {
      return std::find(known.begin(), known.end(), task) != known.end();
    });
    if (tasks.size() > 1 || (rival && !tasks.empty())) return false;
    if (tasks.empty()) continue;
    TROUPE_CHECK_OK(took(take, {tasks.front(), {}}));
    return true;
  }
  // It never arrived.
  TROUPE_TRY(const Next next, send(take, index));
  if (next == Next::other_route) return *last_;
  return next == Next::done;
}

// Whether another take of ours is lost on the same route, so that a task that is found could be either's; and
// which tasks are known to be others'.
Result<bool> RemoteHandOver::has_rival(const RemoteTake& take, std::vector<std::string>& known) const {
  jobs::JobFilter filter;
  filter.model = context_.job.model;
  TROUPE_TRY(const jobs::JobPage page, context_.parts.queue.list(filter, "", kJobsLookedAt));
  bool rival = false;
  for (const Job& job : page.jobs) {
    const Result<RemoteRecord> record =
        job.id == context_.job.id ? Result<RemoteRecord>(context_.record) : parse_record(job.provider_task);
    if (!record) continue;
    for (const RemoteTake& other : record->takes) {
      if (!other.task.empty()) known.push_back(other.task);
      rival = rival || (job.id != context_.job.id && !is_final(job.state) && other.lost() &&
                        other.route == take.route);
    }
  }
  return rival;
}

}  // namespace troupe::work
