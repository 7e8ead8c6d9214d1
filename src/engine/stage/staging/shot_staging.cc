#include "engine/stage/staging/shot_staging.h"

#include <algorithm>
#include <cmath>

namespace troupe::stage {
namespace {

constexpr float kAdultHeight = 1.7f;

// How a size frames a subject: its height over the frame's, which point of it is held (fraction of its
// height) and at which row of the frame (fraction from the top).
struct SizeRule {
  float share, aim, row;
};

SizeRule rule_of(ShotSize size) {
  switch (size) {
    case ShotSize::extreme_wide:
      return {0.22f, 0, 0.78f};
    case ShotSize::wide:
      return {0.45f, 0, 0.87f};
    case ShotSize::full:
      return {0.78f, 0, 0.93f};
    case ShotSize::medium:
      return {1.45f, 0.93f, 0.30f};
    case ShotSize::medium_close:
      return {2.1f, 0.93f, 0.34f};
    case ShotSize::close:
      return {3.1f, 0.925f, 0.40f};
    case ShotSize::extreme_close:
      return {5.0f, 0.925f, 0.45f};
  }
  return {0.78f, 0, 0.93f};
}

bool moves(const SubjectPlan& subject) {
  if (subject.path != Path::stay) return true;
  return std::any_of(subject.beats.begin(), subject.beats.end(), [](const Beat& beat) {
    return beat.action == Action::walk || beat.action == Action::run || beat.action == Action::dance ||
           beat.action == Action::jump || beat.action == Action::drive || beat.action == Action::fight;
  });
}

// Works out one shot; the steps fill `staging_` in order.
class Stager {
 public:
  Stager(const ShotPlan& shot, const std::vector<ActorShape>& shapes, const SceneLook& look, FrameSize frame,
         float seconds, Anchor anchor)
      : shot_(shot),
        shapes_(shapes),
        look_(look),
        aspect_(static_cast<float>(frame.width) / static_cast<float>(frame.height)),
        seconds_(seconds),
        anchor_(anchor),
        move_(shot.move) {
    for (const ActorShape& shape : shapes_) tallest_ = std::max(tallest_, shape.height);
    if (shapes_.empty()) tallest_ = kAdultHeight;
    half_ = std::any_of(shapes_.begin(), shapes_.end(), [](const auto& shape) { return shape.half_figure; });
  }

  ShotStaging stage() {
    choose_size();
    choose_share();
    choose_move();
    place_camera();
    std::vector<ActorPath> actors = place_actors();
    ShotPlan moved = shot_;
    moved.move = move_;
    CameraSetup setup;
    setup.base = base_;
    setup.distance = distance_;
    setup.height = tallest_;
    setup.aim = aim_;
    setup.seconds = seconds_;
    setup.photograph = look_.photograph;
    setup.anchor = anchor_;
    setup.hold_aim = !look_.photograph;
    ShotStaging staging{std::move(actors), base_heights_, CameraPath(moved, setup), size_, 0, share_, -1, {}};
    staging.focus_blur = focus_blur();
    if (staging.camera_path.tracks()) {
      for (size_t i = 0; i < staging.actors.size() && staging.followed < 0; ++i) {
        if (staging.actors[i].travels()) staging.followed = static_cast<int>(i);
      }
    }
    if (staging.camera_path.clamped() && shot_.move_asked) {
      note("camera_clamped", "The scene picture only allows a smaller camera move.", "Use a wider picture.");
    }
    staging.notes = std::move(notes_);
    return staging;
  }

 private:
  void note(std::string code, std::string text, std::string suggestion) {
    notes_.push_back(
        {std::move(code), engine::Note::Severity::info, {}, "", std::move(text), std::move(suggestion)});
  }

  void choose_size() {
    const bool talks = !shot_.speech.empty() ||
                       std::any_of(shot_.subjects.begin(), shot_.subjects.end(), [](const SubjectPlan& s) {
                         return std::any_of(s.beats.begin(), s.beats.end(),
                                            [](const Beat& b) { return b.action == Action::talk; });
                       });
    const bool active = std::any_of(shot_.subjects.begin(), shot_.subjects.end(), moves);
    if (shot_.size) {
      size_ = *shot_.size;
    } else if (shot_.subjects.empty()) {
      size_ = ShotSize::wide;
    } else if (active) {
      size_ = look_.photograph ? ShotSize::wide : ShotSize::full;
    } else {
      size_ = talks ? ShotSize::medium : ShotSize::full;
    }
    if (half_ && size_ < ShotSize::medium_close) return;  // closer ones hide the cut anyway
    if (half_ && size_ > ShotSize::medium) {
      if (shot_.size) {
        note("matte_touches_edge",
             "The lower part of the subject is outside its picture, so it is framed closer.",
             "Give a picture that shows the whole subject.");
      }
      size_ = ShotSize::medium;
    }
  }

  void choose_share() {
    share_ = rule_of(size_).share;
    // A half figure's cut belongs just below the frame.
    if (half_) share_ = size_ == ShotSize::medium ? 0.92f : std::max(0.92f, share_ * 0.55f);
    for (const SubjectPlan& subject : shot_.subjects) share_ *= std::clamp(subject.scale, 0.5f, 1.5f);
    float widths = 0;
    for (const ActorShape& shape : shapes_) widths += shape.aspect * shape.height / tallest_;
    const auto count = static_cast<float>(shapes_.size());
    if (widths > 0 && size_ >= ShotSize::medium) {
      share_ = std::min(share_, 0.94f * aspect_ / (widths + 0.12f * (count - 1)));
    }
    if (look_.photograph) keep_in_photograph();
  }

  // The plate's horizon is at eye height, so a subject's feet sink out of frame as it comes nearer.
  // Closer shots lower the camera to the face instead.
  void keep_in_photograph() {
    if (size_ < ShotSize::full || half_) return;
    const float horizon = 0.5f + look_.shift_y;
    const float below = look_.eye_height / tallest_, above = 1 - below;
    share_ = std::min(share_, std::max(0.1f, (0.95f - horizon) / below));
    if (above > 0.01f) share_ = std::min(share_, std::max(0.2f, (horizon - 0.05f) / above));
  }

  // A subject that walks wants to be followed unless the prompt says otherwise.
  void choose_move() {
    const bool active = std::any_of(shot_.subjects.begin(), shot_.subjects.end(), [](const SubjectPlan& s) {
      return ActorPath(s, ActorShape{}, {0, 0, 5}, PathRoom{}).travels() && s.path != Path::enter_left &&
             s.path != Path::enter_right && s.path != Path::exit_away && s.path != Path::exit_left &&
             s.path != Path::exit_right && s.path != Path::approach;
    });
    if (!shot_.move_asked && active && move_ == CameraMove::push_in) move_ = CameraMove::track;
  }

  void place_camera() {
    base_.focal = focal();
    distance_ = base_.focal * tallest_ / share_;
    const float natural = base_.focal * tallest_ / rule_of(ShotSize::wide).share;
    stand_z_ = std::clamp(std::max(natural, distance_), look_.near_z, look_.far_z);
    if (look_.photograph && distance_ > stand_z_) distance_ = stand_z_;
    const SizeRule rule = rule_of(size_);
    const float aim_fraction = half_ ? 0.9f : rule.aim;
    const float lift = base_height(tallest_);
    aim_ = {0, lift + aim_fraction * tallest_, stand_z_};
    base_.position = {0, camera_height(), stand_z_ - distance_};
    if (look_.photograph) {
      base_.shift_y = look_.shift_y;
      return;
    }
    if (shot_.angle == CameraAngle::low) base_.pitch = 0.14f;
    if (shot_.angle == CameraAngle::high) base_.pitch = -0.28f;
    if (shot_.angle == CameraAngle::dutch) base_.roll = 0.157f;
    Camera level = base_;
    level.roll = 0;
    const float row = half_ ? 0.17f : rule.row;
    base_.shift_y = std::clamp(row - 0.5f - level.project(aim_).y, -0.45f, 0.45f);
  }

  float focal() const {
    if (look_.photograph) return look_.fov_focal;
    for (const Lens lens : shot_.lens) {
      if (lens == Lens::telephoto) return 3.2f;
      if (lens == Lens::wide_lens) return 0.85f;
    }
    return look_.fov_focal;
  }

  // A picture's horizon stays where it is, so the row of a face is set by how high the camera stands.
  float photograph_camera_height() const {
    if (size_ >= ShotSize::full && !half_) return look_.eye_height;
    const float row = half_ ? 0.17f : rule_of(size_).row;
    return std::max(0.1f, aim_.y + (row - 0.5f - look_.shift_y) * distance_ / base_.focal);
  }

  float camera_height() const {
    if (look_.photograph) return photograph_camera_height();
    if (shot_.angle == CameraAngle::low) return std::max(0.15f, 0.28f * tallest_);
    if (shot_.angle == CameraAngle::high) return tallest_ + 1.3f;
    const float lift = base_height(tallest_);
    if (half_ || size_ <= ShotSize::medium) return lift + (half_ ? 0.80f : 0.84f) * tallest_;
    const float eye = eye_height_for(tallest_) * look_.eye_height / 1.5f;
    return size_ == ShotSize::full ? std::min(eye, 0.66f * tallest_) : eye;
  }

  // A half figure is hung so that its head is where a whole one's would be.
  float base_height(float height) const {
    return half_ ? std::clamp(kAdultHeight - height, 0.0f, 1.2f) : 0.0f;
  }

  float focus_blur() const {
    for (const Lens lens : shot_.lens) {
      if (lens == Lens::deep) return 0;
      if (lens == Lens::shallow) return size_ <= ShotSize::medium ? 2.2f : 1.4f;
    }
    switch (size_) {
      case ShotSize::extreme_close:
      case ShotSize::close:
        return 1.8f;
      case ShotSize::medium_close:
        return 1.3f;
      case ShotSize::medium:
        return 0.8f;
      default:
        return 0.25f;
    }
  }

  // Centres from left to right in fractions of the width: spread over the frame, but never nearer than the
  // bodies are wide; where the prompt places one it stands there.
  std::vector<float> screen_places() const {
    const size_t count = shot_.subjects.size();
    std::vector<float> widths(count, 0.4f * share_), places(count);
    for (size_t i = 0; i < std::min(count, shapes_.size()); ++i) {
      widths[i] = shapes_[i].aspect * shapes_[i].height / tallest_ * share_;
    }
    float bodies = 0;
    for (size_t i = 0; i + 1 < count; ++i) bodies += (widths[i] + widths[i + 1]) / 2;
    const float spread = (count == 2 ? 0.32f : 0.56f) * aspect_;
    const float gap =
        count < 2 ? 0 : std::max(0.1f * share_, (spread - bodies) / static_cast<float>(count - 1));
    const float whole = bodies + gap * static_cast<float>(count > 0 ? count - 1 : 0);
    float x = -whole / 2;
    for (size_t i = 0; i < count; ++i) {
      places[i] = shot_.subjects[i].screen_x.value_or(0.5f + x / aspect_);
      if (i + 1 < count) x += (widths[i] + widths[i + 1]) / 2 + gap;
    }
    return places;
  }

  std::vector<ActorPath> place_actors() {
    std::vector<ActorPath> actors;
    const std::vector<float> places = screen_places();
    for (size_t i = 0; i < shot_.subjects.size(); ++i) {
      const SubjectPlan& subject = shot_.subjects[i];
      const ActorShape shape = i < shapes_.size() ? shapes_[i] : ActorShape{};
      const float z = std::clamp(stand_z_ - subject.nearer, base_.position.z + 0.5f * distance_, look_.far_z);
      const float depth = z - base_.position.z;
      Vec3 mark = {(places[i] - 0.5f) * aspect_ * depth / base_.focal, 0, z + 0.02f * static_cast<float>(i)};
      PathRoom room;
      room.seconds = seconds_;
      room.half_width = 0.5f * aspect_ * depth / base_.focal;
      room.forward_max = look_.photograph ? 2.4f : 20.0f;
      room.side_max = look_.photograph ? 0.5f * room.half_width : 3.0f;
      if (!is_side_tracked()) room.side_max = std::min(room.side_max, 0.62f * room.half_width);
      room.tempo = tempo();
      room.flat_scene = look_.photograph;
      actors.emplace_back(subject, shape, mark, room);
      base_heights_.push_back(half_ ? base_height(shape.height) : 0);
    }
    return actors;
  }

  bool is_side_tracked() const {
    return move_ == CameraMove::track || move_ == CameraMove::track_side ||
           move_ == CameraMove::track_behind || move_ == CameraMove::track_lead;
  }

  float tempo() const {
    float tempo = 1;
    for (const Style style : shot_.style) {
      if (style == Style::happy) tempo *= 1.15f;
      if (style == Style::sad) tempo *= 0.8f;
      if (style == Style::slowmo) tempo *= 0.45f;
    }
    return tempo;
  }

  const ShotPlan& shot_;
  const std::vector<ActorShape>& shapes_;
  const SceneLook& look_;
  float aspect_, seconds_;
  Anchor anchor_;
  CameraMove move_;
  float tallest_ = 0;
  bool half_ = false;
  ShotSize size_ = ShotSize::full;
  float share_ = 0.8f, distance_ = 4, stand_z_ = 4;
  Camera base_;
  Vec3 aim_;
  std::vector<float> base_heights_;
  std::vector<engine::Note> notes_;
};

}  // namespace

float eye_height_for(float height) {
  return 1.5f * std::pow(std::clamp(height, 0.1f, 4.0f) / kAdultHeight, 0.75f);
}

ShotStaging stage_shot(const ShotPlan& shot, const std::vector<ActorShape>& shapes, const SceneLook& look,
                       FrameSize frame, float seconds, Anchor anchor) {
  return Stager(shot, shapes, look, frame, seconds, anchor).stage();
}

Camera ShotStaging::camera(float seconds) const {
  Vec3 follow{0, 0, 0};
  if (followed >= 0) {
    const ActorPath& actor = actors[static_cast<size_t>(followed)];
    follow = actor.foot(seconds) - actor.mark();
  }
  return camera_path.at(seconds, follow);
}

}  // namespace troupe::stage
