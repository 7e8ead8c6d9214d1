#include "engine/stage/subject/dressed.h"

#include <algorithm>
#include <cmath>

#include "engine/stage/subject/motion.h"
#include "engine/stage/subject/mouth.h"
#include "engine/stage/subject/pose.h"
#include "engine/stage/subject/relight.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

constexpr float kFarLeg = 0.88f;        // light on the leg behind
constexpr float kMouthFacePixels = 60;  // smaller faces open no mouth
constexpr float kTextureOverScreen = 1.25f;

/// Shrinks a rimmed picture so that its tight box is `factor` as large, and rims it anew.
Image shrunk(const Image& picture, float factor) {
  const auto side = [factor](int length) {
    return std::max(1, static_cast<int>(std::lround(static_cast<float>(length - 2 * kRim) * factor)));
  };
  const Image tight =
      image::resize(image::crop(picture, kRim, kRim, picture.width - 2 * kRim, picture.height - 2 * kRim),
                    side(picture.width), side(picture.height));
  Image result(tight.width + 2 * kRim, tight.height + 2 * kRim);
  for (int y = 0; y < tight.height; ++y)
    std::copy_n(tight.at(0, y), 4 * static_cast<size_t>(tight.width), result.at(kRim, y + kRim));
  return result;
}

TexturePtr layer_texture(const Image& picture, const LayerShape& layer) {
  Image part = image::crop(picture, layer.crop.x, layer.crop.y, layer.crop.width, layer.crop.height);
  for (size_t i = 0; i < layer.weights.values.size(); ++i)
    part.rgba[4 * i + 3] = static_cast<uint8_t>(part.rgba[4 * i + 3] * layer.weights.values[i] / 255);
  return Texture::make(part);
}

MeshPtr layer_mesh(const LayerShape& layer, const BodyPose& pose, float light) {
  auto mesh = std::make_shared<Mesh>();
  mesh->vertices.reserve(layer.vertices.size());
  for (const RestVertex& rest : layer.vertices) {
    const Vec2 at = pose.place(layer, rest.position);
    mesh->vertices.push_back({{at.x, at.y, 0}, rest.u, rest.v, {light, light, light}, 1});
  }
  mesh->indices = layer.indices;
  return mesh;
}

/// A dark lens in the gap between the lips, a few cells wide so that it follows the head.
MeshPtr mouth_mesh(const BodyPose& pose, const BodyPose::Mouth& mouth, float opening) {
  constexpr int kCells = 6;
  auto mesh = std::make_shared<Mesh>();
  const float opacity = std::min(1.0f, opening * 6);
  for (int i = 0; i <= kCells; ++i) {
    const float u = static_cast<float>(i) / kCells, x = mix(mouth.left, mouth.right, u);
    const Vec2 top = pose.place_on_face({x, mouth.top}), bottom = pose.place_on_face({x, mouth.bottom});
    mesh->vertices.push_back({{top.x, top.y, 0}, u, 0, {1, 1, 1}, opacity});
    mesh->vertices.push_back({{bottom.x, bottom.y, 0}, u, 1, {1, 1, 1}, opacity});
  }
  for (uint32_t i = 0; i < kCells; ++i) {
    const uint32_t a = 2 * i;
    mesh->indices.insert(mesh->indices.end(), {a, a + 2, a + 1, a + 2, a + 3, a + 1});
  }
  return mesh;
}

bool sideways(Facing facing) { return facing == Facing::left || facing == Facing::right; }

/// Numbers from elsewhere may be anything; poses stay finite.
PoseInput sane(PoseInput input) {
  const auto bound = [](float& v, float low, float high, float otherwise) {
    v = std::isfinite(v) ? std::clamp(v, low, high) : otherwise;
  };
  bound(input.seconds, 0, 1e5f, 0);
  bound(input.stride, -1e5f, 1e5f, 0);
  bound(input.turn, 0, 1, 1);
  bound(input.mouth, 0, 1, 0);
  bound(input.tempo, 0, 10, 1);
  bound(input.amount, 0, 1, 1);
  return input;
}

}  // namespace

DressedPuppet::DressedPuppet(std::shared_ptr<const ViewSet> views, const LightRig& light,
                             float on_screen_height, float height, float leg)
    : views_(std::move(views)),
      light_(light),
      on_screen_height_(std::isfinite(on_screen_height) ? std::clamp(on_screen_height, 16.0f, 8192.0f)
                                                        : 720.0f),
      height_(height),
      leg_(leg),
      slots_(views_->views().size() * 2) {
  const float level = std::min(1.0f, light.exposure);
  mouth_ = mouth_texture(light.gain * std::clamp(level, 0.25f, 1.0f));
}

const LitView& DressedPuppet::lit(size_t view, bool flip) const {
  Slot& slot = slots_[view * 2 + (flip ? 1 : 0)];
  std::call_once(slot.once, [&] {
    slot.lit = std::make_unique<const LitView>(light_view(views_->views()[view], flip));
  });
  return *slot.lit;
}

LitView DressedPuppet::light_view(const View& view, bool flip) const {
  const float tight = static_cast<float>(view.picture.height - 2 * kRim);
  const float factor = std::min(1.0f, kTextureOverScreen * on_screen_height_ / std::max(1.0f, tight));
  Image picture = factor < 0.95f ? shrunk(view.picture, factor) : view.picture;
  const float scale = static_cast<float>(picture.height - 2 * kRim) / std::max(1.0f, tight);
  std::optional<image::Rect> face;
  if (view.face && static_cast<float>(view.face->height) / tight * on_screen_height_ >= kMouthFacePixels) {
    const auto scaled = [scale](int v) {
      return static_cast<int>(std::lround(static_cast<float>(v) * scale));
    };
    face = image::Rect{kRim + scaled(view.face->x - kRim), kRim + scaled(view.face->y - kRim),
                       scaled(view.face->width), scaled(view.face->height)};
  }
  const bool from_side = view.side == ViewSide::side;
  LitView result;
  result.body =
      make_body_shape(picture, view.rig, height_, from_side, face, kRim + (view.lips - kRim) * scale);
  if (result.body.legs > 0) result.body.leg = leg_;
  RelightOptions options;
  options.subject_pixels = static_cast<float>(picture.height - 2 * kRim);
  options.rim_pixels_max = std::max(1.5f, 3.0f * options.subject_pixels / std::max(1.0f, on_screen_height_));
  options.flip = flip;
  picture = relight(picture, light_, options);
  for (const LayerShape& layer : result.body.layers) result.textures.push_back(layer_texture(picture, layer));
  return result;
}

Posed DressedPuppet::pose(const PoseInput& given) const {
  const PoseInput input = sane(given);
  const float facing = views_->angle_between(input.turn_from, input.facing, input.turn);
  ViewChoice choice = views_->choose(facing);
  const Facing towards = input.turn < 0.5f ? input.turn_from : input.facing;
  const auto performer = [&](const ViewChoice& c) {
    const View& view = views_->views()[c.view];
    const bool depicted = view.side == ViewSide::side;
    const float heading = (towards == Facing::left) != c.flip ? -1.0f : 1.0f;
    return Performer{.body = lit(c.view, c.flip != input.mirrored).body,
                     .sideways = depicted || sideways(towards),
                     .forward = depicted || view.side == ViewSide::quarter ? view.direction : heading,
                     .depicted_from_side = depicted,
                     .all_round = views_->all_round()};
  };
  Motion motion = motion_of(input, performer(choice));
  if (motion.yaw != 0) {
    const size_t before = choice.view;
    choice = views_->choose(facing + motion.yaw);
    if (choice.view != before) motion = motion_of(input, performer(choice));
  }
  const Performer who = performer(choice);
  const LitView& view = lit(choice.view, choice.flip != input.mirrored);
  const BodyPose pose(who.body, motion, who, input.mouth, {choice.yaw, choice.flip != input.mirrored});

  Posed posed;
  for (size_t i = 0; i < view.body.layers.size(); ++i) {
    const LayerShape& layer = view.body.layers[i];
    const bool behind = layer.copy || (who.depicted_from_side && layer.part == Part::leg &&
                                       layer.index == 0 && view.body.kind != BodyKind::quadruped);
    posed.layers.push_back({layer_mesh(layer, pose, behind ? kFarLeg : 1.0f), view.textures[i]});
    const auto mouth = layer.part == Part::body ? pose.mouth() : std::nullopt;
    if (mouth) posed.layers.push_back({mouth_mesh(pose, *mouth, input.mouth), mouth_});
  }
  posed.lift = pose.lift();
  posed.left_foot_down = motion.feet[0].down;
  posed.right_foot_down = motion.feet[1].down;
  posed.half_width = view.body.half_width * pose.width_share();
  return posed;
}

}  // namespace troupe::stage
