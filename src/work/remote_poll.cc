#include "work/remote_poll.h"

#include <algorithm>

namespace troupe::work {
namespace {

using std::chrono::milliseconds;
using Kind = engine::TaskState::Kind;

constexpr milliseconds kAskMin{500}, kAskMax{60000}, kFirstSilence{2000};
constexpr double kSlower = 1.1;     // each question of a task waits so much longer than the one before
constexpr double kSlowerMost = 4;   // times the provider's advice
constexpr int kUnknownTaskMax = 5;  // answers that there is no such task
constexpr int kBrokenMax = 3;  // answers that it failed for no reason of the request's, before it is believed

using Instant = std::chrono::steady_clock::time_point;

// One task and how it is doing.
struct Asked {
  engine::TaskState state;
  std::optional<Error> unknown;
  bool ended = false;
  int questions = 0, silent = 0, unknown_task = 0, broken = 0;
  Instant due{};  // the next question
};

milliseconds next_wait(Asked& asked) {
  const double slower = std::min(kSlowerMost, 1 + (kSlower - 1) * asked.questions++);
  const auto advised = std::max(kAskMin, asked.state.ask_again);
  return std::max(advised, std::min(kAskMax, std::chrono::duration_cast<milliseconds>(advised * slower)));
}

Error silent(const RemoteTake& take, const std::string& why) {
  return make_error(ErrorCode::unknown_outcome, take.route.provider + " has the take as task " + take.task +
                                                    ", but doesn't say what became of it: " + why +
                                                    " Retry asks again, cancel gives it up.");
}

Instant after(const RemoteContext& context, milliseconds wait) {
  const auto paced = std::chrono::duration_cast<milliseconds>(wait * context.options.patience.pace);
  return std::chrono::steady_clock::now() + paced;
}

void give_up(Asked& asked, Error error) {
  asked.unknown = std::move(error);
  asked.ended = true;
}

void note_silence(const RemoteContext& context, const RemoteTake& take, const engine::Failure& failure,
                  Asked& asked) {
  if (failure.kind == engine::FailureClass::rejected) ++asked.unknown_task;
  ++asked.silent;
  if (asked.silent >= context.options.patience.silent_answers_max || asked.unknown_task >= kUnknownTaskMax)
    return give_up(asked, silent(take, failure.message));
  asked.due =
      after(context, std::max<milliseconds>(failure.retry_after, backed_off(kFirstSilence, asked.silent)));
}

Result<void> ask(const RemoteContext& context, const RemoteTake& take, Asked& asked) {
  auto answer = ask_once(context, take);
  if (context.cancelled()) return cancelled_error();
  if (!answer && answer.error().code == ErrorCode::unknown_outcome) {
    give_up(asked, answer.error());
    return {};
  }
  if (!answer || !answer->value) {
    // Its key may be gone: the operator may set it again.
    const engine::Failure keyless{engine::FailureClass::no_credit, answer ? "" : answer.error().message, {}};
    note_silence(context, take, answer ? answer->failure : keyless, asked);
    return {};
  }
  asked.silent = asked.unknown_task = 0;
  asked.state = std::move(*answer->value);
  if (asked.state.kind == Kind::cancelled) {
    asked.state.kind = Kind::failed;
    asked.state.failure = {engine::FailureClass::rejected, "The task was cancelled there.", {}};
  }
  asked.ended = asked.state.kind == Kind::done || asked.state.kind == Kind::failed;
  // A paid take is not given up for one bad moment of the provider, or of the account there.
  const engine::FailureClass kind = asked.state.failure.kind;
  const bool passes = kind == engine::FailureClass::outage || kind == engine::FailureClass::over_limit ||
                      kind == engine::FailureClass::no_credit;
  if (asked.state.kind == Kind::failed && passes && ++asked.broken < kBrokenMax) {
    asked.ended = false;
    asked.due = after(context, backed_off(kFirstSilence, asked.broken));
  } else if (!asked.ended) {
    asked.due = after(context, next_wait(asked));
  }
  return {};
}

void show(RemoteContext& context, const std::vector<Asked>& all) {
  double fraction = 0;
  bool running = false;
  for (const Asked& asked : all) {
    fraction += asked.ended ? 1 : std::clamp(asked.state.fraction.value_or(0), 0.0, 1.0);
    running = running || asked.ended || asked.state.kind == Kind::running;
  }
  // The last part is for fetching.
  context.keeper.show(
      {running ? "render" : "wait", 0.95 * fraction / static_cast<double>(all.size()), 0, 0, {}});
}

}  // namespace

Result<engine::Outcome<engine::TaskState>> ask_once(const RemoteContext& context, const RemoteTake& take) {
  TROUPE_CHECK_OK(context.check_kind(take));
  return context.parts.remote->ask(take.route, take.task, context.keeper.token());
}

Result<RemoteEnds> wait_for_ends(RemoteContext& context) {
  std::vector<Asked> all(context.record.takes.size());
  while (true) {
    std::optional<Instant> next;
    for (size_t i = 0; i < all.size(); ++i) {
      if (!all[i].ended && all[i].due <= std::chrono::steady_clock::now())
        TROUPE_CHECK_OK(ask(context, context.record.takes[i], all[i]));
      if (!all[i].ended) next = std::min(next.value_or(all[i].due), all[i].due);
    }
    show(context, all);
    if (!next) break;
    if (!context.pause_until(*next)) return cancelled_error();
  }
  RemoteEnds ends;
  for (Asked& asked : all) ends.push_back({std::move(asked.state), std::move(asked.unknown)});
  return ends;
}

}  // namespace troupe::work
