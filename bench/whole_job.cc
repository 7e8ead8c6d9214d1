#include "bench/whole_job.h"

#include <chrono>

#include "bench/child.h"
#include "engine/stage/stage_engine.h"
#include "work/make_take.h"

namespace troupe::bench {

namespace {

constexpr const char* kPrompt = "@hero walks through a park in the morning, the camera follows";

struct Stopwatch {
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  double processor_start = processor_seconds();

  Measured stop(int64_t frames) const {
    Measured measured;
    measured.frames = frames;
    measured.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    measured.processor_seconds = processor_seconds() - processor_start;
    return measured;
  }
};

class KeepFrames final : public Output {
 public:
  explicit KeepFrames(std::vector<Frame>& frames) : frames_(frames) {}
  Result<void> video(Frame frame) override {
    frames_.push_back(std::move(frame));
    return {};
  }
  Result<void> audio(std::span<const float>) override { return {}; }

 private:
  std::vector<Frame>& frames_;
};

// Puts out frames that were rendered before, so that make_take() encodes them with the very settings of a
// job.
class FinishedFrames final : public engine::Engine {
 public:
  explicit FinishedFrames(engine::Engine& maker) : maker_(maker) {}

  engine::EngineInfo info() const override { return maker_.info(); }
  Result<engine::RenderReport> plan(const engine::RenderRequest& request) const override {
    return maker_.plan(request);
  }
  /// The first call renders and keeps the frames; each puts them out.
  Result<engine::RenderReport> render(const engine::RenderRequest& request, Output& output,
                                      const engine::RunContext& run) override {
    if (frames_.empty()) {
      KeepFrames keep(frames_);
      TROUPE_TRY(report_, maker_.render(request, keep, run));
    }
    for (const Frame& frame : frames_) TROUPE_CHECK_OK(output.video(frame));
    return report_;
  }

 private:
  engine::Engine& maker_;
  engine::RenderReport report_;
  std::vector<Frame> frames_;
};

GenerationSpec spec_of(const JobCase& job) {
  GenerationSpec spec;
  spec.prompt = kPrompt;
  Reference hero;
  hero.kind = ReferenceKind::element;
  hero.name = "hero";
  hero.source.uri = job.picture.string();
  spec.references.push_back(hero);
  spec.duration = seconds(job.clip_seconds);
  spec.resolution = Resolution{0, job.size};
  spec.fps = FrameRate{24, 1};
  spec.audio = false;
  return spec;
}

Result<work::PreparedTake> prepare(const catalog::Catalog& catalog, const JobCase& job) {
  work::LocalMediaReader reader;
  TROUPE_TRY(work::Preparation prepared, work::prepare(catalog, spec_of(job), reader));
  if (!prepared.take) return catalog::to_error(prepared.violations.front());
  return std::move(*prepared.take);
}

work::TakeOptions options_of(const JobCase& job) {
  work::TakeOptions options;
  options.output = job.folder / "whole_job_bench.mp4";
  options.threads = job.threads;
  return options;
}

}  // namespace

Result<Measured> measure_job(const JobCase& job) {
  TROUPE_TRY(const catalog::Catalog catalog, catalog::load_builtin());
  stage::StageEngine engine;
  const Stopwatch watch;
  TROUPE_TRY(work::PreparedTake take, prepare(catalog, job));
  TROUPE_TRY(const work::TakeReport report, work::make_take(take, engine, options_of(job)));
  Measured measured = watch.stop(report.frames);
  measured.timings = report.render.timings;
  return measured;
}

Result<Measured> measure_encoding(const JobCase& job) {
  TROUPE_TRY(const catalog::Catalog catalog, catalog::load_builtin());
  stage::StageEngine stage;
  FinishedFrames engine(stage);
  TROUPE_TRY(work::PreparedTake take, prepare(catalog, job));
  TROUPE_CHECK_OK(work::make_take(take, engine, options_of(job)));
  const Stopwatch watch;
  TROUPE_TRY(const work::TakeReport report, work::make_take(take, engine, options_of(job)));
  return watch.stop(report.frames);
}

}  // namespace troupe::bench
