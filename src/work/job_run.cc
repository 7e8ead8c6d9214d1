#include "work/job_run.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "core/frame.h"
#include "work/job_media.h"
#include "work/remote_run.h"
#include "work/report_json.h"
#include "work/stills.h"

namespace troupe::work {
namespace {

using std::chrono::steady_clock;

constexpr int kPreviewSide = 240, kPreviewQuality = 70;

// Shows a take to whoever watches while it is made.
class Watcher {
 public:
  Watcher(const RunnerParts& parts, const RunnerOptions& options, const Job& job)
      : parts_(parts), options_(options), job_(job) {}

  void see(const Frame& frame) {
    if (due()) show(image_from_frame(frame));
  }

  // What a video looks like that has no frames yet.
  void see_preview(const Image& picture) {
    if (due()) show(picture);
  }

 private:
  bool due() {
    const auto now = steady_clock::now();
    if (!parts_.preview || (shown_ && now - *shown_ < options_.preview_every)) return false;
    shown_ = now;
    return true;
  }
  void show(const Image& picture) {
    const Result<Bytes> jpeg = small_jpeg(picture, kPreviewSide, kPreviewQuality);
    if (jpeg) parts_.preview(job_, *jpeg);
  }

  const RunnerParts& parts_;
  const RunnerOptions& options_;
  const Job& job_;
  std::optional<steady_clock::time_point> shown_;
};

void remove_quietly(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
}

// A video file that is gone when the run ends, whatever happened.
struct ScratchFile {
  std::filesystem::path path;
  ~ScratchFile() { remove_quietly(path); }
};

// Tells the keeper how far the whole job is.
class ProgressTeller {
 public:
  ProgressTeller(LeaseKeeper& keeper, int takes) : keeper_(keeper), takes_(takes) {}

  void take_begins(int index) { done_takes_ = index; }

  void tell(const Progress& progress) const {
    const double fraction = (done_takes_ + std::clamp(progress.fraction, 0.0, 1.0)) / takes_;
    const double passed = std::chrono::duration<double>(steady_clock::now() - start_).count();
    JobProgress shown{progress.stage, fraction, progress.frames_done, progress.frames_total, {}};
    // The first moments say nothing of the rest.
    if (fraction > 0.05) shown.seconds_left = passed * (1 - fraction) / fraction;
    keeper_.show(shown);
  }

 private:
  LeaseKeeper& keeper_;
  int takes_, done_takes_ = 0;
  steady_clock::time_point start_ = steady_clock::now();
};

class JobRun {
 public:
  JobRun(const RunnerParts& parts, const RunnerOptions& options, const Job& job, LeaseKeeper& keeper)
      : parts_(parts), options_(options), job_(job), keeper_(keeper) {}

  Result<jobs::Outcome> run() {
    const auto engine = parts_.engines.find(job_.engine);
    if (engine == parts_.engines.end()) {
      return make_error(ErrorCode::unavailable, "this server has no engine \"" + job_.engine + "\"");
    }
    TROUPE_TRY(PreparedTake prepared, prepare_spec());
    jobs::Outcome outcome;
    outcome.kind = jobs::Outcome::Kind::succeeded;
    ProgressTeller teller(keeper_, prepared.resolved.count);
    for (int index = 0; index < prepared.resolved.count; ++index) {
      teller.take_begins(index);
      TROUPE_TRY(Take take, make(prepared, *engine->second, index, teller, outcome.report_json));
      outcome.takes.push_back(std::move(take));
    }
    return outcome;
  }

 private:
  Result<PreparedTake> prepare_spec() {
    keeper_.show({"read", 0, 0, 0, {}});
    const auto reader = parts_.reader(job_, keeper_.token());
    return prepare_job(parts_, job_, *reader, keeper_.token());
  }

  Result<Take> make(PreparedTake& prepared, engine::Engine& engine, int index, const ProgressTeller& teller,
                    std::string& report_json) {
    // A worker that lost its lease without knowing it may still write and remove a file of an earlier
    // attempt.
    const ScratchFile file{options_.scratch / (job_.id + "-" + std::to_string(job_.attempts) + "-" +
                                               std::to_string(index) + ".mp4")};
    int64_t frames = frame_count(prepared.resolved.duration, prepared.resolved.fps);
    if (prepared.extend) frames += prepared.extend->frames_at(prepared.resolved.fps);
    Stills stills(frames);
    Watcher watcher(parts_, options_, job_);
    TakeOptions take_options;
    take_options.output = file.path;
    take_options.index = index;
    take_options.threads = options_.threads;
    take_options.cancel = keeper_.token();
    take_options.progress = [&](const Progress& progress) { teller.tell(progress); };
    take_options.on_frame = [&](const Frame& frame, int64_t at) {
      stills.see(frame, at);
      watcher.see(frame);
    };
    take_options.on_preview = [&](const Image& picture) { watcher.see_preview(picture); };
    take_options.checkpoint = options_.scratch / (job_.id + "-" + std::to_string(index) + ".checkpoint");
    const Result<TakeReport> tried = make_take(prepared, engine, take_options);
    // Whoever takes the job up again goes on from there.
    const bool interrupted =
        !tried && tried.error().code == ErrorCode::cancelled && !keeper_.cancel_requested();
    if (!interrupted) remove_quietly(take_options.checkpoint);
    TROUPE_TRY(const TakeReport made, tried);
    Take take;
    TROUPE_CHECK_OK(stills.store(parts_.objects, take));
    TROUPE_TRY(const store::ObjectInfo video, parts_.objects.adopt(file.path));
    take.video = video.id;
    take.size_bytes = video.size_bytes;
    take.size = made.size;
    take.rate = made.rate;
    take.frames = made.frames;
    take.seed = made.seed;
    take.audio = made.audio;
    report_json = print_report(made.render);
    return take;
  }

  const RunnerParts& parts_;
  const RunnerOptions& options_;
  const Job& job_;
  LeaseKeeper& keeper_;
};

}  // namespace

LeaseKeeper::LeaseKeeper(const RunnerParts& parts, const RunnerOptions& options, const jobs::Lease& lease)
    : parts_(parts), options_(options), lease_(lease), thread_([this] { run(); }) {}

LeaseKeeper::~LeaseKeeper() {
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void LeaseKeeper::show(const JobProgress& progress) {
  const std::lock_guard lock(mutex_);
  shown_ = progress;
}

void LeaseKeeper::look() {
  {
    const std::lock_guard lock(mutex_);
    look_ = true;
  }
  wake_.notify_one();
}

void LeaseKeeper::run() {
  auto renewed = steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!done_) {
    wake_.wait_for(lock, options_.progress_every, [&] { return done_ || look_; });
    const auto now = steady_clock::now();
    const bool due = std::exchange(look_, false) || shown_ || now - renewed >= options_.lease / 3;
    if (done_ || lost_ || !due) continue;
    const std::optional<JobProgress> progress = std::exchange(shown_, std::nullopt);
    renewed = now;
    lock.unlock();
    beat(progress);
    lock.lock();
  }
}

void LeaseKeeper::beat(const std::optional<JobProgress>& progress) {
  const auto beat = parts_.queue.heartbeat(lease_, progress, options_.lease, parts_.clock.now());
  if (beat) {
    if (!beat->cancel_requested) return;
    cancel_requested_ = true;
    source_.cancel();
  } else if (beat.error().code == ErrorCode::conflict) {
    lost_ = true;
    stop_work();
  } else if (parts_.complain) {
    parts_.complain("the lease of " + lease_.job.id + " could not be renewed: " + to_string(beat.error()));
  }
}

Result<jobs::Outcome> run_job(const RunnerParts& parts, const RunnerOptions& options, const Job& job,
                              LeaseKeeper& keeper) {
  if (job.engine == kRemoteEngineName && parts.remote != nullptr)
    return run_remote_job(parts, options, job, keeper);
  return JobRun(parts, options, job, keeper).run();
}

}  // namespace troupe::work
