// One take being made: the shots of a request rendered one after the other into an Output.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/stage/cast.h"
#include "engine/stage/end_frames.h"
#include "engine/stage/finish/finisher.h"
#include "engine/stage/picture_morph.h"
#include "engine/stage/scene_book.h"
#include "engine/stage/shot_renderer.h"

namespace troupe::stage {

/// Renders a plan. Single use: make one, call run() once. The request, output and run context outlive it.
class Take {
 public:
  Take(const engine::RenderRequest& request, Plan plan, Cast cast, TaskQueue& queue, Output& output,
       const engine::RunContext& run);

  /// Makes every frame, then the sound. Blocks. Errors: cancelled (looked at every frame), what the output
  /// says.
  Result<void> run();

  /// After run(): notes of all parts, and seconds by stage ("paint", "render", "finish", "sound").
  std::vector<engine::Note> notes() const;
  const std::map<std::string, double>& timings() const { return timings_; }

 private:
  struct Shot {
    size_t index = 0;
    int64_t begin = 0;  ///< its first frame in the take
    std::unique_ptr<ShotRenderer> renderer;
    std::unique_ptr<Finisher> finisher;
  };

  Result<Shot> prepare(size_t index, int64_t begin);
  std::shared_ptr<const Scene> scene_for(size_t index, const ShotPlan& shot, float tallest);
  void prepare_closing(const ShotPlan& shot);
  void draw_shot(const Shot& shot, int64_t frame, float amount);
  Result<void> render_shot(const Shot& shot, const Shot* previous);
  Frame make_frame(const Shot& shot, const Shot* previous, int64_t frame);
  void apply_transition(const Shot& shot, const Shot* previous, int64_t frame);
  void note_sound(const Shot& shot);
  Result<void> write_sound();
  void report_progress(const char* stage, double fraction, int64_t frames_done);
  double seconds_at(int64_t frame) const { return static_cast<double>(frame) / request_.rate.per_second(); }

  const engine::RenderRequest& request_;
  Plan plan_;
  Cast cast_;
  TaskQueue& queue_;
  Output& output_;
  const engine::RunContext& run_;
  SceneBook scenes_;
  int64_t frame_count_;
  EndFrames ends_;
  std::unique_ptr<ShotRenderer> closing_;  ///< the last picture's stage, to dissolve into
  std::unique_ptr<PictureMorph>
      morph_;  ///< one move from the first picture to the last, if they show one scene
  RenderTarget target_, other_;
  std::vector<ActorSpeech> speech_;  ///< of the shot being prepared
  SoundRequest sound_;
  std::vector<engine::Note> notes_;
  std::map<std::string, double> timings_;
};

}  // namespace troupe::stage
