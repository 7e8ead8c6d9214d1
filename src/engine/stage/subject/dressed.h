// A puppet's pictures lit for one scene, ready to be posed.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/stage/subject/body_shape.h"
#include "engine/stage/subject/puppet.h"
#include "engine/stage/subject/views.h"

namespace troupe::stage {

/// One view cut into layers and lit.
struct LitView {
  BodyShape body;
  std::vector<TexturePtr> textures;  ///< one a layer
};

/// Lights a view the first time that a pose shows it.
class DressedPuppet : public Puppet::Dressed {
 public:
  /// Metres: `height` of the figure, `leg` from hip to sole, which strides are measured by in every view.
  DressedPuppet(std::shared_ptr<const ViewSet> views, const LightRig& light, float on_screen_height,
                float height, float leg);
  Posed pose(const PoseInput& input) const override;

 private:
  struct Slot {
    std::once_flag once;
    std::unique_ptr<const LitView> lit;
  };
  const LitView& lit(size_t view, bool flip) const;
  LitView light_view(const View& view, bool flip) const;

  std::shared_ptr<const ViewSet> views_;
  LightRig light_;
  float on_screen_height_, height_, leg_;
  mutable std::vector<Slot> slots_;  ///< two a view: as it is, and to be shown flipped
  TexturePtr mouth_;
};

}  // namespace troupe::stage
