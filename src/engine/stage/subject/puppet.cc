#include "engine/stage/subject/puppet.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/subject/dressed.h"
#include "engine/stage/subject/views.h"

namespace troupe::stage {
namespace {

constexpr float kAdultLeg = 0.9f;  // hip to sole of somebody 1.7 m tall
constexpr float kWalkSpeed = 1.25f, kRunSpeed = 3.2f;

}  // namespace

struct Puppet::State {
  State(std::vector<image::CutOut> given, std::string_view noun)
      : cut_outs(std::move(given)), views(std::make_shared<const ViewSet>(cut_outs, noun)) {
    const image::Rect box = cut_outs.front().bounds;
    aspect = static_cast<float>(std::max(1, box.width)) / static_cast<float>(std::max(1, box.height));
    height = real_height(noun, rig(), aspect);
    leg = leg_share(rig()) * height;
  }
  const Rig& rig() const { return views->views().front().rig; }

  std::vector<image::CutOut> cut_outs;
  std::shared_ptr<const ViewSet> views;
  float aspect = 1, height = 1.7f, leg = 0.9f;
};

Puppet::Puppet(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Puppet::~Puppet() = default;

std::shared_ptr<const Puppet> Puppet::make(std::vector<image::CutOut> views, std::string_view noun) {
  return std::shared_ptr<const Puppet>(new Puppet(std::make_shared<const State>(std::move(views), noun)));
}

const Rig& Puppet::rig() const { return state_->rig(); }
float Puppet::height() const { return state_->height; }
float Puppet::aspect() const { return state_->aspect; }
bool Puppet::half_figure() const { return rig().kind == BodyKind::half; }
bool Puppet::has_view(Facing facing) const { return state_->views->has(facing); }
const image::CutOut& Puppet::cut_out() const { return state_->cut_outs.front(); }

float Puppet::speed(Action action) const {
  // Animals and children of similar build go at speeds that grow with the root of their legs (Froude).
  const float pace = std::sqrt(state_->leg / kAdultLeg);
  switch (action) {
    case Action::walk:
      return kWalkSpeed * pace;
    case Action::run:
      return kRunSpeed * pace;
    case Action::jump:
      return 0.8f * pace;
    case Action::float_:
      return 0.5f;
    case Action::drive:
      return 8;
    default:
      return 0;
  }
}

float Puppet::stride_length(Action action) const {
  const Gait& gait = action == Action::run ? kRun : kWalk;
  return gait.stride * state_->leg;
}

std::unique_ptr<Puppet::Dressed> Puppet::dress(const LightRig& light, float on_screen_height) const {
  return std::make_unique<DressedPuppet>(state_->views, light, on_screen_height, state_->height, state_->leg);
}

}  // namespace troupe::stage
