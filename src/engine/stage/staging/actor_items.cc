#include "engine/stage/staging/actor_items.h"

#include <algorithm>
#include <cmath>

namespace troupe::stage {
namespace {

constexpr float kSubjectHaze = 0.6f;      // of the scene's: a subject should not sink into the air
constexpr float kShadowHeight = 0.004f;   // metres above the ground
constexpr float kShadowLengthMax = 1.6f;  // metres of shadow per metre of subject
constexpr float kContactOpacity = 0.6f;

// The puppet's own x and y, turned about its foot to face the camera.
Mesh placed(const Mesh& mesh, const ActorPlacement& placement, const Camera& camera) {
  const float turn =
      std::atan2(camera.position.x - placement.foot.x, std::max(0.3f, placement.foot.z - camera.position.z));
  const Vec3 across = {std::cos(turn), 0, std::sin(turn)};
  Mesh out = mesh;
  for (Vertex& v : out.vertices) {
    const Vec3 local = v.position * placement.scale;
    v.position = placement.foot + across * local.x + Vec3{0, local.y + placement.raised, 0};
  }
  return out;
}

// The same mesh laid down: what the key light does not reach.
Mesh cast(const Mesh& mesh, const ActorPlacement& placement, const LightRig& light) {
  const Vec3 key = light.key_direction;
  const float rise = std::max(0.3f, key.y);
  Vec3 along = {-key.x / rise, 0, -key.z / rise};
  const float stretch = length(along);
  if (stretch > kShadowLengthMax) along = along * (kShadowLengthMax / stretch);
  // Straight overhead or straight behind it would be a line: give it some breadth.
  if (std::abs(along.z) < 0.12f) along.z = 0.12f;
  Mesh out = mesh;
  for (Vertex& v : out.vertices) {
    const Vec3 local = v.position * placement.scale;
    v.position = placement.foot + Vec3{local.x, 0, 0} + along * local.y;
    v.position.y = kShadowHeight;
    v.light = {0, 0, 0};
    v.opacity *= mix(1.0f, 0.35f, clamp01(local.y / placement.height));
  }
  return out;
}

DrawItem item(Mesh mesh, const TexturePtr& texture, Layer layer) {
  DrawItem out;
  out.mesh = std::make_shared<const Mesh>(std::move(mesh));
  out.texture = texture;
  out.layer = layer;
  return out;
}

void add_shadows(const Posed& posed, const ActorPlacement& placement, const LightRig& light,
                 const TexturePtr& contact, DrawList& list) {
  const float away = clamp01(1 - posed.lift / (0.6f * placement.height));
  if (light.shadow > 0.02f) {
    for (const PosedMesh& layer : posed.layers) {
      DrawItem shadow = item(cast(*layer.mesh, placement, light), layer.texture, Layer::shadow);
      shadow.mip_bias = 2.2f;
      shadow.opacity = light.shadow * mix(0.4f, 1.0f, away);
      list.push_back(std::move(shadow));
    }
  }
  const float width =
      std::clamp(2.3f * posed.half_width, 0.2f * placement.height, 1.1f * placement.height + 1);
  const float depth = 0.42f * width;
  DrawItem touch = item(patch({placement.foot.x - width / 2, kShadowHeight, placement.foot.z + depth / 2},
                              {width, 0, 0}, {0, 0, -depth}, 1, 1),
                        contact, Layer::shadow);
  touch.opacity = kContactOpacity * away;
  list.push_back(std::move(touch));
}

}  // namespace

void add_actor(const Posed& posed, const ActorPlacement& placement, const LightRig& light,
               const Camera& camera, const TexturePtr& contact_texture, DrawList& list) {
  if (placement.grounded) add_shadows(posed, placement, light, contact_texture, list);
  for (const PosedMesh& layer : posed.layers) {
    DrawItem body = item(placed(*layer.mesh, placement, camera), layer.texture, Layer::world);
    body.sort_depth = placement.foot.z;
    body.haze = kSubjectHaze;
    list.push_back(std::move(body));
  }
}

TexturePtr make_contact_texture() {
  constexpr int kSide = 64;
  Image image(kSide, kSide);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const float dx = (static_cast<float>(x) + 0.5f) / (kSide / 2) - 1;
      const float dy = (static_cast<float>(y) + 0.5f) / (kSide / 2) - 1;
      const float t = clamp01(1 - std::sqrt(dx * dx + dy * dy));
      image.at(x, y)[3] = static_cast<uint8_t>(255 * t * t * (3 - 2 * t));
    }
  }
  return Texture::make(image);
}

}  // namespace troupe::stage
