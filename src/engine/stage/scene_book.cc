#include "engine/stage/scene_book.h"

#include <algorithm>
#include <string>

#include "engine/stage/scene/photo_stage.h"
#include "engine/stage/staging/shot_staging.h"
#include "image/cut_out.h"
#include "image/ops.h"
#include "image/standing.h"

namespace troupe::stage {
namespace {

// What of a shot its scene depends on, and nothing else.
ShotPlan scene_key(const ShotPlan& shot) {
  ShotPlan key;
  key.environment = shot.environment;
  key.scene_reference = shot.scene_reference;
  key.time = shot.time;
  key.light = shot.light;
  key.weather = shot.weather;
  key.season = shot.season;
  key.style = shot.style;
  return key;
}

}  // namespace

SceneRequest SceneBook::request_of(const ShotPlan& shot) const {
  SceneRequest scene;
  scene.environment = shot.environment;
  scene.time = shot.time;
  scene.weather = shot.weather;
  scene.light = shot.light;
  scene.season = shot.season;
  scene.style = shot.style;
  scene.seed = request_.seed;
  scene.frame = request_.size;
  scene.detail = std::clamp(static_cast<float>(request_.size.height) / 720.0f, 0.25f, 1.0f);
  return scene;
}

std::shared_ptr<const Scene> SceneBook::scene_of(const Image& picture, const ShotPlan& shot, float tallest) {
  // The fold sees the picture as the frame will cut it, so that its rows are the frame's rows.
  const Image plate = image::cover(picture, request_.size);
  PhotoStageOptions options;
  options.horizon = image::look_at(plate).horizon;
  options.standing = image::standing_rows(plate, options.horizon);
  options.eye_height = eye_height_for(tallest);
  options.mood = request_of(shot);
  // A picture brings its own hour: only what the prompt asks for is laid over it.
  if (!shot.time_asked) options.mood.time = TimeOfDay::day;
  return fold_picture(plate, options);
}

std::shared_ptr<const Scene> SceneBook::scene_for(const ShotPlan& shot, float tallest) {
  const ShotPlan key = scene_key(shot);
  if (last_ && last_key_ == key) return last_;
  const auto place =
      shot.scene_reference ? static_cast<size_t>(*shot.scene_reference) : request_.pictures.size();
  if (place < request_.pictures.size() && !request_.pictures[place].views.empty()) {
    const Image& picture = request_.pictures[place].views.front();
    last_ = scene_of(picture, shot, tallest);
    if (!image::look_at(picture).horizon_strong && !last_key_) {
      engine::Note note;
      note.code = "scene_depth_guess";
      note.subject = default_name(request_.spec.references, *shot.scene_reference);
      note.text = "The depth of @" + note.subject + " is guessed; large camera moves may look wrong.";
      note.suggestion = "Use a picture with a visible horizon or ground.";
      notes_.push_back(note);
    }
  } else {
    last_ = paint_scene(request_of(shot));
  }
  last_key_ = key;
  return last_;
}

}  // namespace troupe::stage
