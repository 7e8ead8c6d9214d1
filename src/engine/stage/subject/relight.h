// Lighting a cut-out for the scene that it is put into.
#pragma once

#include "core/image.h"
#include "engine/stage/scene/scene.h"

namespace troupe::stage {

struct RelightOptions {
  float subject_pixels = 720;  ///< height of the subject in `picture`: widths of rim and relief follow it
  float rim_pixels_max = 3;    ///< the rim is never wider, so that small references get no outlines
  bool flip = false;           ///< the picture will be shown mirrored: light still comes from the rig's side
};

/// Multiplies by the light's colour and exposure, shades by the key over a relief that is inflated from the
/// outline (with a little of the picture's own luma), brightens the edge towards the rim light, lets the
/// air's colour bleed around the edge and into the blacks, and rolls highlights off so that the 95th
/// percentile of luma stays under the rig's cap. Alpha is left alone. REQUIRES a non-empty picture; pure; 50
/// ns a pixel.
Image relight(const Image& picture, const LightRig& rig, const RelightOptions& options);

}  // namespace troupe::stage
