#include "work/remote_run.h"

#include <algorithm>
#include <exception>
#include <map>
#include <new>
#include <system_error>

#include "base/version.h"
#include "core/spec_json.h"
#include "media/metadata.h"
#include "work/job_media.h"
#include "work/remote_cancel.h"
#include "work/remote_hand_over.h"
#include "work/remote_models.h"
#include "work/remote_poll.h"
#include "work/report_json.h"
#include "work/stills.h"

namespace troupe::work {
namespace {

using Kind = engine::TaskState::Kind;

constexpr std::chrono::milliseconds kFetchWait{2000};

// What the catalog says that a provider keeps of takes that it rejects.
Money kept_on_rejection(const RemoteContext& context) {
  Money kept{0, context.job.price.currency};
  const auto& takes = context.record.takes;
  const auto quote = quote_for(context, takes.empty() ? "" : takes.back().stand_in);
  if (!quote) return kept;
  for (const catalog::QuoteLine& line : quote->lines)
    if (line.kept_on_rejection && line.amount.currency == kept.currency) kept.micros += line.amount.micros;
  kept.micros = std::min(kept.micros, context.job.price.micros);
  return kept;
}

class RemoteRun {
 public:
  RemoteRun(const RunnerParts& parts, const RunnerOptions& options, const Job& job, LeaseKeeper& keeper)
      : context_{parts, options, job, keeper} {}

  Result<jobs::Outcome> run() {
    const Result<RemoteRecord> record = parse_record(context_.job.provider_task);
    if (!record) return parked(record.error());
    context_.record = *record;
    if (context_.job.cancel_requested) return stopped();  // it was asked to stop while nobody had it
    const Result<jobs::Outcome> made = make_guarded();
    if (made) return made;
    const Error& error = made.error();
    if (error.code == ErrorCode::cancelled) {
      const bool wanted = context_.keeper.cancel_requested() && !context_.keeper.closing().cancelled();
      return wanted ? stopped() : error;
    }
    // What a provider has, or may have, will be paid for: it is not thrown away for a trouble of ours.
    if (error.code == ErrorCode::unknown_outcome || (!all_ended_ && at_a_provider())) return parked(error);
    return failed(error);
  }

 private:
  Result<jobs::Outcome> make_guarded() {
    try {
      return make_all();
    } catch (const std::bad_alloc&) {
      return make_error(ErrorCode::out_of_memory, "there was not enough memory for this job");
    } catch (const std::exception& e) {
      return make_error(ErrorCode::internal, e.what());
    }
  }

  bool at_a_provider() const {
    const auto& takes = context_.record.takes;
    return std::any_of(takes.begin(), takes.end(),
                       [](const RemoteTake& take) { return take.lost() || !take.task.empty(); });
  }

  Result<jobs::Outcome> make_all() {
    TROUPE_TRY(const int count, takes_wanted());
    TROUPE_CHECK_OK(hand_over(static_cast<size_t>(count)));
    TROUPE_TRY(const RemoteEnds ends, wait_for_ends(context_));
    TROUPE_CHECK_OK(fetch_all(ends));
    all_ended_ = true;
    if (takes_.empty()) return told_by(context_.record.takes.front(), ends.front().state.failure);
    jobs::Outcome outcome;
    outcome.kind = jobs::Outcome::Kind::succeeded;
    outcome.takes = takes_;
    outcome.charge = charge_of(ends, count);
    outcome.report_json = report(true);
    return outcome;
  }

  // What was made is kept, even where another take can't be had: only then that is told.
  Result<void> fetch_all(const RemoteEnds& ends) {
    std::optional<Error> missing;
    for (size_t i = 0; i < ends.size(); ++i) {
      const auto& [state, unknown] = ends[i];
      if (unknown) {
        if (!missing) missing = *unknown;
      } else if (state.kind == Kind::failed) {
        note_failure(i, state.failure);
      } else if (Result<Take> take = fetch(context_.record.takes[i], state, i); take) {
        note_size(i, take->size);
        takes_.push_back(std::move(*take));
      } else if (take.error().code == ErrorCode::cancelled) {
        return take.error();
      } else if (!missing) {
        missing = take.error();
      }
    }
    if (missing) return *missing;
    return {};
  }

  Result<int> takes_wanted() const {
    const ParsedSpec parsed = parse_spec(context_.job.spec_json, context_.job.spec_json.size());
    if (!parsed.errors.empty()) return parsed.errors.front();
    return parsed.spec.count;
  }

  // The media are read only while there is something to send.
  Result<void> hand_over(size_t count) {
    const auto& takes = context_.record.takes;
    const bool all_there =
        takes.size() >= count &&
        std::all_of(takes.begin(), takes.end(), [](const auto& take) { return !take.task.empty(); });
    if (all_there) return {};
    context_.keeper.show({"read", 0, 0, 0, {}});
    const auto reader = context_.parts.reader(context_.job, context_.keeper.token());
    const Result<PreparedTake> prepared =
        prepare_job(context_.parts, context_.job, *reader, context_.keeper.token());
    if (!prepared) return without_the_rest(prepared.error());
    context_.keeper.show({"hand over", 0, 0, 0, {}});
    RemoteModels models(context_, *prepared, *reader);
    RemoteHandOver hand_over(context_, models);
    for (size_t i = 0; i < count; ++i) {
      if (context_.cancelled()) return cancelled_error();
      const Result<void> handed = hand_over.run(i);
      if (const auto asked = models.prepared(takes[i].stand_in)) asked_[i] = (*asked)->resolved.size;
      if (!handed) return without_the_rest(handed.error());
    }
    return {};
  }

  // Takes that are being made already are worth having without those that could not be handed over.
  Result<void> without_the_rest(const Error& error) {
    auto& takes = context_.record.takes;
    const bool ours = error.code == ErrorCode::cancelled || error.code == ErrorCode::unknown_outcome;
    const bool lost = std::any_of(takes.begin(), takes.end(), [](const auto& take) { return take.lost(); });
    std::vector<RemoteTake> there;
    for (const RemoteTake& take : takes)
      if (!take.task.empty()) there.push_back(take);
    if (ours || lost || there.empty()) return error;
    takes = std::move(there);
    add_note(context_.record,
             "Only " + std::to_string(takes.size()) + " of the takes could be handed over: " + error.message);
    return context_.save();
  }

  // A link may have expired, a connection may break: the provider is asked anew each time.
  Result<Take> fetch(const RemoteTake& take, engine::TaskState state, size_t index) {
    context_.keeper.show({"fetch", 0.95, 0, 0, {}});
    const auto file =
        context_.options.scratch / (context_.job.id + "-" + std::to_string(context_.job.attempts) + "-" +
                                    std::to_string(index) + ".mp4");
    for (int tries = 1;; ++tries) {
      const Result<Take> fetched = fetch_once(take, state, file);
      std::error_code ignored;
      std::filesystem::remove(file, ignored);
      if (context_.cancelled()) return cancelled_error();
      if (fetched) return fetched;
      if (tries == context_.options.patience.fetch_tries)
        return make_error(ErrorCode::unavailable,
                          take.route.provider +
                              " made the take, but it could not be fetched: " + fetched.error().message +
                              " Retry asks for it again; nothing is made or paid twice.");
      if (!context_.pause(backed_off(kFetchWait, tries))) return cancelled_error();
      auto again = ask_once(context_, take);
      if (again && again->value && again->value->kind == Kind::done) state = std::move(*again->value);
    }
  }

  Result<Take> fetch_once(const RemoteTake& take, const engine::TaskState& state,
                          const std::filesystem::path& file) {
    const media::VideoLimits limits;
    if (state.videos.empty()) return make_error(ErrorCode::not_found, "It names no video.");
    const CancelToken token = context_.keeper.token();
    TROUPE_CHECK_OK(
        context_.parts.remote->fetch(take.route, state.videos.front(), file, limits.size_bytes_max, token));
    TROUPE_TRY(Bytes bytes, read_file(file, limits.size_bytes_max));
    TROUPE_TRY(const auto clip, context_.parts.decoder.clip(std::move(bytes), limits, token));
    TROUPE_TRY(const Stills stills, stills_of(*clip, token));
    const media::VideoInfo& info = clip->info();
    Take made;
    TROUPE_CHECK_OK(stills.store(context_.parts.objects, made));
    TROUPE_CHECK_OK(mark(take, file));
    TROUPE_TRY(const store::ObjectInfo video, context_.parts.objects.adopt(file));
    made.video = video.id;
    made.size_bytes = video.size_bytes;
    made.size = info.size;
    made.rate = info.rate;
    made.frames = info.frames;
    made.audio = info.audio;
    made.seed = take.seed.value_or(0);
    made.model = take.stand_in;
    return made;
  }

  // Says in the file itself, for machines, that one made it. What no mark can be put into stays as it came.
  Result<void> mark(const RemoteTake& take, const std::filesystem::path& file) {
    const ParsedSpec parsed = parse_spec(context_.job.spec_json, context_.job.spec_json.size());
    media::VideoMetadata metadata;
    metadata.source = mode_of(parsed.spec) == Mode::text
                          ? media::DigitalSource::trained_algorithmic_media
                          : media::DigitalSource::composite_with_trained_algorithmic_media;
    metadata.model = take.stand_in.empty() ? context_.job.model : take.stand_in;
    metadata.engine = take.route.provider;
    metadata.engine_version = take.route.model;
    metadata.seed = take.seed.value_or(0);
    metadata.spec_sha256 = context_.job.spec_hash;
    metadata.draft = false;
    metadata.description = context_.job.prompt;
    metadata.creator = "Troupe " + std::string(version());
    const Result<void> marked = media::mark_video(file, metadata);
    if (marked || marked.error().code != ErrorCode::unsupported) return marked;
    add_note(context_.record,
             "The provider's file could not be marked as made by a machine: it is kept as it came.");
    return {};
  }

  void note_size(size_t index, FrameSize made) {
    const auto asked = asked_.find(index);
    if (asked != asked_.end() && asked->second != made)
      add_note(context_.record, "The provider's video has " + std::to_string(made.width) + "x" +
                                    std::to_string(made.height) + " pixels; " +
                                    std::to_string(asked->second.width) + "x" +
                                    std::to_string(asked->second.height) + " were expected.");
  }

  void note_failure(size_t index, const engine::Failure& failure) {
    add_note(context_.record, "Take " + std::to_string(index + 1) + " failed (" +
                                  std::string(engine::name(failure.kind)) + "): " + failure.message);
  }

  // What the provider says that it took, as far as it is in the price's currency; else each made take's share
  // of the price of all `wanted`.
  Money charge_of(const RemoteEnds& ends, int64_t wanted) {
    const Money& price = context_.job.price;
    Money charge{0, price.currency};
    Money shares{0, price.currency};
    int64_t made = 0;
    bool told = true;
    for (size_t i = 0; i < ends.size(); ++i) {
      const engine::TaskState& state = ends[i].state;
      if (state.kind != Kind::done) continue;
      ++made;
      shares.micros += price_of_take(context_, context_.record.takes[i], wanted).micros;
      told = told && state.charged && state.charged->currency == price.currency;
      if (told) charge.micros += state.charged->micros;
    }
    if (!told) charge = has_fallbacks(context_.job) ? shares : share_of_price(context_.job, made, wanted);
    if (charge.micros <= price.micros) return charge;
    add_note(context_.record, "The provider took " + print(charge) + ", which is more than the " +
                                  print(price) + " that were held.");
    return price;
  }

  std::string report(bool made = false) const {
    engine::RenderReport report;
    for (const RemoteTake& take : context_.record.takes) {
      std::string by = (made ? "made by " : "given to ") + take.route.provider + " as " + take.route.model;
      if (!take.stand_in.empty()) by += ", which is " + take.stand_in;
      if (std::find(report.understood.begin(), report.understood.end(), by) == report.understood.end())
        report.understood.push_back(by);
    }
    for (const std::string& text : context_.record.notes)
      report.notes.push_back({"provider", engine::Note::Severity::warning, std::nullopt, "", text, ""});
    return print_report(report);
  }

  static Error told_by(const RemoteTake& take, const engine::Failure& failure) {
    return make_error(engine::error_code(failure.kind), take.route.provider + ": " + failure.message);
  }

  jobs::Outcome parked(Error error) const {
    jobs::Outcome outcome;
    outcome.kind = jobs::Outcome::Kind::parked;
    outcome.takes = takes_;
    outcome.error = std::move(error);
    outcome.report_json = report();
    return outcome;
  }

  jobs::Outcome failed(Error error) const {
    jobs::Outcome outcome;
    outcome.kind = jobs::Outcome::Kind::failed;
    if (error.code == ErrorCode::moderated || error.code == ErrorCode::rejected) {
      outcome.kept = kept_on_rejection(context_);
      if (outcome.kept.micros > 0) outcome.kept_reason = "kept by the provider";
    }
    outcome.error = std::move(error);
    outcome.report_json = report();
    return outcome;
  }

  // The user wants no more of it.
  Result<jobs::Outcome> stopped() {
    const auto wanted = takes_wanted();
    TROUPE_TRY(jobs::Outcome outcome, stop_there(context_, wanted ? *wanted : 1));
    outcome.report_json = report();
    return outcome;
  }

  RemoteContext context_;
  std::map<size_t, FrameSize> asked_;  // of the takes that were handed over now
  std::vector<Take> takes_;            // fetched and stored
  bool all_ended_ = false;             // each take has failed, or is stored
};

}  // namespace

Result<jobs::Outcome> run_remote_job(const RunnerParts& parts, const RunnerOptions& options, const Job& job,
                                     LeaseKeeper& keeper) {
  return RemoteRun(parts, options, job, keeper).run();
}

}  // namespace troupe::work
