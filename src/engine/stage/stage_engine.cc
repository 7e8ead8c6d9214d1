#include "engine/stage/stage_engine.h"

#include <algorithm>
#include <chrono>
#include <new>

#include "base/task_queue.h"
#include "engine/stage/plan.h"
#include "engine/stage/take.h"

namespace troupe::stage {
namespace {

constexpr const char* kVersion = "1";

Result<void> check(const engine::RenderRequest& request) {
  if (request.size.width <= 0 || request.size.height <= 0 || request.size.width % 2 ||
      request.size.height % 2) {
    return make_error(ErrorCode::invalid_argument, "the frame size must be even and positive", "/resolution");
  }
  if (request.shot_frames.size() != request.prompt.shots.size() || request.shot_frames.empty()) {
    return make_error(ErrorCode::invalid_argument, "every shot needs a number of frames", "/shots");
  }
  if (std::any_of(request.shot_frames.begin(), request.shot_frames.end(), [](int64_t n) { return n < 1; })) {
    return make_error(ErrorCode::invalid_argument, "a shot must last one frame at least", "/shots");
  }
  return {};
}

engine::RenderReport report_of(const Plan& plan) {
  engine::RenderReport report;
  report.understood = plan.understood;
  report.not_understood = plan.not_understood;
  report.notes = plan.notes;
  report.plan_json = plan_json(plan);
  return report;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Result<engine::RenderReport> render_take(const engine::RenderRequest& request, Output& output,
                                         const engine::RunContext& run) {
  TaskQueue queue(std::max(1, run.threads));
  if (run.progress) run.progress({"cut out", 0.0, 0, 0});
  const auto start = std::chrono::steady_clock::now();
  Plan plan = make_plan(request, look_at_pictures(request));
  engine::RenderReport report = report_of(plan);
  TROUPE_TRY(Cast cast, Cast::make(request, plan, run.cancel));
  report.timings["cut out"] = seconds_since(start);
  Take take(request, std::move(plan), std::move(cast), queue, output, run);
  TROUPE_CHECK_OK(take.run());
  const auto notes = take.notes();
  report.notes.insert(report.notes.end(), notes.begin(), notes.end());
  report.timings.insert(take.timings().begin(), take.timings().end());
  return report;
}

}  // namespace

engine::EngineInfo StageEngine::info() const { return {"stage", kVersion, true}; }

Result<engine::RenderReport> StageEngine::plan(const engine::RenderRequest& request) const {
  TROUPE_CHECK_OK(check(request));
  return report_of(make_plan(request, look_at_pictures(request)));
}

Result<engine::RenderReport> StageEngine::render(const engine::RenderRequest& request, Output& output,
                                                 const engine::RunContext& run) {
  TROUPE_CHECK_OK(check(request));
  if (request.pictures.size() < request.spec.references.size()) {
    return make_error(ErrorCode::invalid_argument, "a reference has no picture", "/references");
  }
  try {
    return render_take(request, output, run);
  } catch (const std::bad_alloc&) {
    return make_error(ErrorCode::out_of_memory,
                      "not enough memory for this size; ask for a smaller resolution", "/resolution");
  }
}

}  // namespace troupe::stage
