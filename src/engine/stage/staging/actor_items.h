// A posed subject in the world: its meshes, its shadow and its contact with the ground.
#pragma once

#include <memory>

#include "engine/stage/raster/camera.h"
#include "engine/stage/raster/mesh.h"
#include "engine/stage/scene/scene.h"
#include "engine/stage/subject/puppet.h"

namespace troupe::stage {

struct ActorPlacement {
  Vec3 foot;             ///< on the ground, metres
  float raised = 0;      ///< metres between the ground and the puppet's origin (a half figure hangs)
  float height = 1.7f;   ///< of the puppet as shown, metres
  float scale = 1;       ///< of the puppet's own metres
  bool grounded = true;  ///< casts a shadow and touches the ground
};

/// Appends what shows of `posed`: the cast shadow (its outline laid on the ground away from the key light),
/// the contact shadow, and the puppet turned to the camera. `contact_texture`: see make_contact_texture().
void add_actor(const Posed& posed, const ActorPlacement& placement, const LightRig& light,
               const Camera& camera, const TexturePtr& contact_texture, DrawList& list);

/// A soft dark ellipse.
TexturePtr make_contact_texture();

}  // namespace troupe::stage
