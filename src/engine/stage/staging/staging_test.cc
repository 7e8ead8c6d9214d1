#include <gtest/gtest.h>

#include <cmath>

#include "engine/stage/staging/actor_items.h"
#include "engine/stage/staging/shot_staging.h"

namespace troupe::stage {
namespace {

constexpr FrameSize kWide{1280, 720}, kTall{720, 1280};

SubjectPlan walker(Path path, Facing facing = Facing::front) {
  SubjectPlan subject;
  subject.beats = {{Action::walk, 0, 1}};
  subject.path = path;
  subject.facing = facing;
  return subject;
}

ShotPlan shot_of(std::vector<SubjectPlan> subjects, CameraMove move = CameraMove::still) {
  ShotPlan shot;
  shot.frames = 120;
  shot.subjects = std::move(subjects);
  shot.move = move;
  shot.move_asked = true;
  return shot;
}

ShotStaging staged(const ShotPlan& shot, FrameSize frame = kWide, SceneLook look = {},
                   std::vector<ActorShape> shapes = {}) {
  if (shapes.empty()) shapes.resize(shot.subjects.size());
  return stage_shot(shot, shapes, look, frame, 5);
}

// Rows of head and feet, fractions of the frame's height.
std::pair<float, float> head_and_feet(const ShotStaging& staging, float seconds, float height = 1.7f) {
  const Camera camera = staging.camera(seconds);
  const Vec3 foot = staging.actors.front().foot(seconds);
  return {camera.project(foot + Vec3{0, height, 0}).y + 0.5f, camera.project(foot).y + 0.5f};
}

TEST(ActorPath, WalksAtItsSpeedAndPlacesItsFeetByDistance) {
  PathRoom room;
  room.seconds = 4;
  room.side_max = 10;
  const ActorPath path(walker(Path::along_right), ActorShape{}, {0, 0, 5}, room);
  const float covered = length(path.foot(3) - path.foot(1));
  EXPECT_NEAR(covered, 2 * 1.25f, 1e-3);
  EXPECT_NEAR(path.strides(3) - path.strides(1), covered / 1.43f, 1e-3);
  EXPECT_NEAR(path.foot(2).x, 0, 1e-4) << "it passes its mark in the middle";
  EXPECT_EQ(path.facing(1), Facing::right);
}

TEST(ActorPath, EntersFromOutsideAndStops) {
  PathRoom room;
  room.half_width = 3;
  const ActorPath path(walker(Path::enter_left), ActorShape{}, {0.5f, 0, 5}, room);
  EXPECT_LT(path.foot(0).x, -3);
  EXPECT_NEAR(path.foot(5).x, 0.5f, 1e-4);
  EXPECT_EQ(path.action(1), Action::walk);
  EXPECT_EQ(path.action(4.9f), Action::stand);
  EXPECT_EQ(path.facing(4.9f), Facing::front);
}

TEST(ActorPath, LeavesInTimeToBeGone) {
  PathRoom room;
  const ActorPath path(walker(Path::exit_right), ActorShape{}, {0, 0, 5}, room);
  EXPECT_NEAR(path.foot(0).x, 0, 1e-4);
  EXPECT_GT(path.foot(5).x, room.half_width);
  EXPECT_FALSE(path.moving(0));
}

TEST(ActorPath, GoesAwayAndComesCloser) {
  PathRoom room;
  EXPECT_GT(ActorPath(walker(Path::exit_away), {}, {0, 0, 5}, room).foot(5).z, 9);
  const ActorPath near(walker(Path::approach), {}, {0, 0, 5}, room);
  EXPECT_GT(near.foot(0).z, 9);
  EXPECT_NEAR(near.foot(5).z, 5, 1e-3);
  EXPECT_EQ(near.facing(1), Facing::front);
}

TEST(ActorPath, WhoStaysDoesNotMoveAndTurnsOnce) {
  SubjectPlan subject;
  subject.facing = Facing::back;
  subject.beats = {{Action::stand, 0, 0.4f}, {Action::turn, 0.4f, 1}};
  const ActorPath path(subject, ActorShape{}, {0, 0, 5}, PathRoom{});
  EXPECT_EQ(path.foot(4).x, 0);
  EXPECT_EQ(path.facing(1), Facing::back);
  EXPECT_EQ(path.facing(3), Facing::front);
  EXPECT_EQ(path.turn_from(3), Facing::back);
  EXPECT_LT(path.turn(2.1f), 0.5f);
  EXPECT_EQ(path.turn(4), 1);
}

TEST(Eased, StartsAndEndsGentlyAndNeverFalls) {
  for (const float ease : {0.0f, 0.08f, 0.18f, 0.25f, 0.5f}) {
    EXPECT_NEAR(eased(0, ease), 0, 1e-6);
    EXPECT_NEAR(eased(1, ease), 1, 1e-5);
    for (int i = 0; i < 50; ++i) {
      EXPECT_LE(eased(static_cast<float>(i) / 50, ease), eased(static_cast<float>(i + 1) / 50, ease));
    }
  }
}

TEST(CameraPath, EachMoveHasItsSign) {
  const auto moved = [](CameraMove move) {
    const ShotStaging staging = staged(shot_of({}, move));
    const Camera a = staging.camera(0), b = staging.camera(5);
    return std::tuple{b.position - a.position, b.yaw - a.yaw, b.pitch - a.pitch, b.focal - a.focal};
  };
  EXPECT_GT(std::get<0>(moved(CameraMove::push_in)).z, 0.3f);
  EXPECT_LT(std::get<0>(moved(CameraMove::pull_out)).z, -0.3f);
  EXPECT_LT(std::get<0>(moved(CameraMove::truck_left)).x, -0.3f);
  EXPECT_GT(std::get<0>(moved(CameraMove::truck_right)).x, 0.3f);
  EXPECT_GT(std::get<0>(moved(CameraMove::pedestal_up)).y, 0.2f);
  EXPECT_GT(std::get<0>(moved(CameraMove::crane)).y, 1);
  EXPECT_GT(std::get<1>(moved(CameraMove::pan_right)), 0.2f);
  EXPECT_LT(std::get<1>(moved(CameraMove::pan_left)), -0.2f);
  EXPECT_GT(std::get<2>(moved(CameraMove::tilt_up)), 0.1f);
  EXPECT_LT(std::get<2>(moved(CameraMove::tilt_down)), -0.1f);
  EXPECT_GT(std::get<3>(moved(CameraMove::zoom_in)), 0.2f);
  EXPECT_LT(std::get<3>(moved(CameraMove::zoom_out)), -0.2f);
  const auto [still, yaw, pitch, zoom] = moved(CameraMove::still);
  EXPECT_EQ(length(still) + std::abs(yaw) + std::abs(pitch) + std::abs(zoom), 0);
}

TEST(CameraPath, AnAnchoredEndIsTheBaseCameraExactly) {
  for (const CameraMove move : {CameraMove::push_in, CameraMove::pan_left, CameraMove::truck_right,
                                CameraMove::zoom_out, CameraMove::track, CameraMove::roll}) {
    ShotPlan shot = shot_of({}, move);
    shot.shake = CameraShake::handheld;
    SceneLook look;
    look.photograph = true;
    for (const Anchor anchor : {Anchor::start, Anchor::end}) {
      const ShotStaging staging = stage_shot(shot, {}, look, kWide, 5, anchor);
      const Camera camera = staging.camera(anchor == Anchor::start ? 0 : 5);
      EXPECT_NEAR(camera.position.x, 0, 1e-5);
      EXPECT_NEAR(camera.position.z, 0, 1e-3);
      EXPECT_NEAR(camera.yaw, 0, 1e-5);
      EXPECT_NEAR(camera.roll, 0, 1e-5);
      EXPECT_NEAR(camera.focal, look.fov_focal, 1e-4);
    }
  }
}

TEST(CameraPath, ADollyZoomKeepsTheSubjectsSize) {
  const ShotStaging staging = staged(shot_of({SubjectPlan{}}, CameraMove::dolly_zoom));
  const auto [head0, feet0] = head_and_feet(staging, 0);
  const auto [head1, feet1] = head_and_feet(staging, 5);
  EXPECT_NEAR(feet0 - head0, feet1 - head1, 0.02f);
}

TEST(Staging, SizesFrameTheSubjectAsTheirRuleSays) {
  const std::pair<ShotSize, float> sizes[] = {{ShotSize::extreme_wide, 0.22f},
                                              {ShotSize::wide, 0.45f},
                                              {ShotSize::full, 0.78f},
                                              {ShotSize::medium, 1.45f},
                                              {ShotSize::close, 3.1f}};
  for (const auto& [size, share] : sizes) {
    for (const FrameSize frame : {kWide, kTall}) {
      ShotPlan shot = shot_of({SubjectPlan{}});
      shot.size = size;
      const auto [head, feet] = head_and_feet(staged(shot, frame), 2);
      if (frame == kWide || size > ShotSize::medium) {
        EXPECT_NEAR(feet - head, share, 0.03f) << name(size);
      } else {
        EXPECT_LE(feet - head, share + 0.03f) << "a narrow frame must still hold the body's width";
      }
      EXPECT_GT(head, 0) << name(size);
      if (size >= ShotSize::full) {
        EXPECT_LT(feet, 1) << name(size);
      }
    }
  }
}

TEST(Staging, TwoSubjectsKeepApartAndInsideTheFrame) {
  for (const FrameSize frame : {kWide, kTall}) {
    const ShotStaging staging = staged(shot_of({SubjectPlan{}, SubjectPlan{}}), frame);
    const Camera camera = staging.camera(0);
    const float half = 0.5f * static_cast<float>(frame.width) / static_cast<float>(frame.height);
    const float a = camera.project(staging.actors[0].foot(0)).x,
                b = camera.project(staging.actors[1].foot(0)).x;
    EXPECT_LT(a, b);
    EXPECT_GT(b - a, 0.4f * staging.subject_share) << "bodies are 0.4 of their height wide";
    EXPECT_GT(a, -half);
    EXPECT_LT(b, half);
  }
}

TEST(Staging, ATrackedWalkerKeepsItsSizeAndPlace) {
  for (const Path path : {Path::along_away, Path::along_toward, Path::along_right}) {
    ShotPlan shot = shot_of({walker(path)}, CameraMove::track);
    shot.size = ShotSize::full;
    const ShotStaging staging = staged(shot);
    ASSERT_EQ(staging.followed, 0);
    const auto [head0, feet0] = head_and_feet(staging, 0.1f);
    const auto [head1, feet1] = head_and_feet(staging, 4.9f);
    EXPECT_NEAR((feet1 - head1) / (feet0 - head0), 1, 0.08f);
    EXPECT_GT(length(staging.actors[0].foot(5) - staging.actors[0].foot(0)), 3);
  }
}

TEST(Staging, AHalfFigureNeverShowsItsCut) {
  for (const ShotSize size : {ShotSize::wide, ShotSize::full, ShotSize::medium, ShotSize::close}) {
    ShotPlan shot = shot_of({SubjectPlan{}});
    shot.size = size;
    ActorShape half;
    half.height = 0.9f;
    half.half_figure = true;
    const ShotStaging staging = staged(shot, kWide, {}, {half});
    const Camera camera = staging.camera(0);
    const Vec3 cut = staging.actors[0].foot(0) + Vec3{0, staging.base_height[0], 0};
    EXPECT_GE(camera.project(cut).y, 0.495f) << name(size);
  }
}

TEST(Staging, APhotographKeepsTheFeetInFrameAndTheCameraAtHome) {
  SceneLook look;
  look.photograph = true;
  look.shift_y = -0.04f;
  ShotPlan shot = shot_of({SubjectPlan{}});
  shot.size = ShotSize::full;
  const ShotStaging staging = staged(shot, kWide, look);
  EXPECT_LT(head_and_feet(staging, 0).second, 0.97f);
  EXPECT_EQ(staging.camera(0).position.y, look.eye_height);
  EXPECT_EQ(staging.camera(0).shift_y, look.shift_y);
}

TEST(ActorItems, StandOnTheGroundWithAShadow) {
  Posed posed;
  posed.layers.push_back({std::make_shared<const Mesh>(card({0, 0, 0}, 0.6f, 1.7f)), make_contact_texture()});
  DrawList list;
  LightRig light;
  add_actor(posed, {{1, 0, 5}}, light, Camera{}, make_contact_texture(), list);
  int shadows = 0, bodies = 0;
  for (const DrawItem& item : list) {
    for (const Vertex& v : item.mesh->vertices) {
      if (item.layer == Layer::shadow) {
        EXPECT_LT(v.position.y, 0.01f);
      }
    }
    (item.layer == Layer::shadow ? shadows : bodies)++;
  }
  EXPECT_EQ(shadows, 2);
  EXPECT_EQ(bodies, 1);
}

}  // namespace
}  // namespace troupe::stage
