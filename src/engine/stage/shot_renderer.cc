#include "engine/stage/shot_renderer.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/finish/particles.h"
#include "engine/stage/staging/actor_items.h"

namespace troupe::stage {
namespace {

constexpr double kFootstepSampling = 1.0 / 60;

// A half figure's picture is as high as a whole one to its puppet. How much of a body it shows is told by the
// face (0.21 m from brow to chin) or taken to be the upper half.
float scale_of(const Puppet& puppet) {
  constexpr float kFaceMetres = 0.21f, kUpperHalf = 0.56f;
  if (!puppet.half_figure()) return 1;
  const image::CutOut& cut_out = puppet.cut_out();
  if (!cut_out.face || cut_out.bounds.height <= 0) return kUpperHalf;
  const float face = static_cast<float>(cut_out.face->height) / static_cast<float>(cut_out.bounds.height);
  return std::clamp(kFaceMetres / std::max(0.05f, face) / puppet.height(), 0.25f, 1.0f);
}

ActorShape shape_of(const Puppet& puppet) {
  ActorShape shape;
  shape.height = puppet.height() * scale_of(puppet);
  shape.aspect = puppet.aspect();
  shape.half_figure = puppet.half_figure();
  shape.walk_speed = puppet.speed(Action::walk);
  shape.run_speed = puppet.speed(Action::run);
  shape.walk_stride = puppet.stride_length(Action::walk);
  shape.run_stride = puppet.stride_length(Action::run);
  return shape;
}

float tempo_of(const ShotPlan& plan) {
  float tempo = 1;
  for (const Style style : plan.style) {
    if (style == Style::slowmo) tempo *= 0.45f;
    if (style == Style::happy) tempo *= 1.15f;
    if (style == Style::sad) tempo *= 0.8f;
  }
  return tempo;
}

bool has(const std::vector<Style>& styles, Style style) {
  return std::find(styles.begin(), styles.end(), style) != styles.end();
}

}  // namespace

struct ShotRenderer::State {
  ShotInput input;
  TaskQueue& queue;
  ShotStaging staging;
  std::vector<std::unique_ptr<Puppet::Dressed>> dressed;
  TexturePtr contact = make_contact_texture();
  float tempo = 1;
  float scene_clock = 1;  // time lapse: clouds and waves hurry

  State(ShotInput in, TaskQueue& tasks)
      : input(std::move(in)), queue(tasks), staging(make_staging(input)), tempo(tempo_of(input.plan)) {
    if (has(input.plan.style, Style::timelapse)) scene_clock = 12;
    if (has(input.plan.style, Style::slowmo)) scene_clock = 0.45f;
    const float frame_height = static_cast<float>(input.size.height);
    dressed.resize(input.puppets.size());
    queue.for_each(static_cast<int>(input.puppets.size()), [&](int i) {
      const auto index = static_cast<size_t>(i);
      const Puppet& puppet = *input.puppets[index];
      dressed[index] = puppet.dress(input.scene->look().light, on_screen_height(puppet, frame_height));
    });
  }

  static float seconds_of(const ShotInput& in) {
    return static_cast<float>(static_cast<double>(in.plan.frames) / in.rate.per_second());
  }

  static ShotStaging make_staging(const ShotInput& in) {
    std::vector<ActorShape> shapes;
    for (const auto& puppet : in.puppets) shapes.push_back(shape_of(*puppet));
    return stage_shot(in.plan, shapes, in.scene->look(), in.size, seconds_of(in), in.anchor);
  }

  // The largest the puppet shows during the shot.
  float on_screen_height(const Puppet& puppet, float frame_height) const {
    float largest = 0;
    const float end = seconds_of(input);
    for (int step = 0; step <= 8; ++step) {
      const float t = end * static_cast<float>(step) / 8;
      const Camera camera = staging.camera(t);
      for (const ActorPath& actor : staging.actors) {
        const float depth = std::max(0.4f, camera.to_view(actor.foot(t) + Vec3{0, camera.position.y, 0}).z);
        largest = std::max(largest, camera.focal * puppet.height() * scale_of(puppet) / depth);
      }
    }
    return largest * frame_height;
  }

  float mouth(size_t actor, double seconds) const {
    float open = 0;
    for (const ActorSpeech& speech : input.speech) {
      if (speech.actor != static_cast<int>(actor)) continue;
      open = std::max(open, mouth_opening(speech.line, seconds - speech.line.seconds));
    }
    return open;
  }

  PoseInput pose_input(size_t index, float seconds) const {
    const ActorPath& path = staging.actors[index];
    PoseInput pose;
    pose.action = path.action(seconds);
    pose.amount = path.action_amount(seconds);
    pose.seconds =
        path.action_seconds(seconds) + 0.37f * static_cast<float>(index);  // two do not breathe as one
    pose.stride = path.strides(seconds) + 0.31f * static_cast<float>(index);
    pose.facing = path.facing(seconds);
    pose.turn = path.turn(seconds);
    pose.turn_from = path.turn_from(seconds);
    pose.mirrored = input.plan.subjects[index].mirrored;
    pose.mouth = mouth(index, seconds);
    pose.tempo = tempo;
    return pose;
  }

  void add_actors(const Camera& camera, float seconds, DrawList& list) const {
    for (size_t i = 0; i < dressed.size(); ++i) {
      const Posed posed = dressed[i]->pose(pose_input(i, seconds));
      ActorPlacement placement;
      placement.foot = staging.actors[i].foot(seconds);
      placement.raised = staging.base_height[i];
      placement.scale = scale_of(*input.puppets[i]);
      placement.height = input.puppets[i]->height() * placement.scale;
      placement.grounded = placement.raised <= 0 && !input.puppets[i]->half_figure();
      add_actor(posed, placement, input.scene->look().light, camera, contact, list);
    }
  }
};

ShotRenderer::ShotRenderer(ShotInput input, TaskQueue& queue)
    : state_(std::make_unique<State>(std::move(input), queue)) {}

ShotRenderer::~ShotRenderer() = default;

const ShotStaging& ShotRenderer::staging() const { return state_->staging; }
const SceneLook& ShotRenderer::look() const { return state_->input.scene->look(); }

void ShotRenderer::draw(double seconds, float amount, RenderTarget& target) const {
  const State& s = *state_;
  const auto t = static_cast<float>(std::min(seconds, static_cast<double>(State::seconds_of(s.input))));
  const Camera camera = s.staging.camera(t);
  DrawList list;
  s.input.scene->emit(camera, seconds * s.scene_clock, list);
  for (DrawItem& item : list) {
    if (item.layer != Layer::sky) item.mip_bias += s.staging.focus_blur;
  }
  s.add_actors(camera, t, list);
  const SceneLook& look = s.input.scene->look();
  DrawSettings settings;
  settings.haze_color = look.light.haze_color;
  settings.haze_density = look.light.haze_density;
  settings.mirror_world = look.reflection > 0;
  settings.mirror_blur = look.reflection_blur;
  stage::draw(list, camera, settings, s.queue, target);
  draw_particles(look.particles, seconds * std::min(1.0f, s.scene_clock), camera, s.input.seed, amount,
                 target);
}

std::vector<Footstep> ShotRenderer::footsteps() const {
  const State& s = *state_;
  std::vector<Footstep> steps;
  const double end = State::seconds_of(s.input);
  for (size_t i = 0; i < s.dressed.size(); ++i) {
    if (s.input.puppets[i]->half_figure()) continue;
    bool left = true, right = true;  // feet that stand at the start make no sound
    for (double t = 0; t < end; t += kFootstepSampling) {
      const auto now = static_cast<float>(t);
      if (!s.staging.actors[i].moving(now)) continue;
      const Posed posed = s.dressed[i]->pose(s.pose_input(i, now));
      const bool lands = (posed.left_foot_down && !left) || (posed.right_foot_down && !right);
      left = posed.left_foot_down;
      right = posed.right_foot_down;
      if (!lands) continue;
      const Camera camera = s.staging.camera(now);
      const Camera::Projected place = camera.project(s.staging.actors[i].foot(now));
      const float aspect = static_cast<float>(s.input.size.width) / static_cast<float>(s.input.size.height);
      steps.push_back({t, std::clamp(2 * place.x / aspect, -1.0f, 1.0f), place.depth,
                       std::clamp(s.input.puppets[i]->height() / 1.7f, 0.2f, 2.0f), look().surface});
    }
  }
  std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.seconds < b.seconds; });
  return steps;
}

}  // namespace troupe::stage
