// Finding the lips in a face, and the dark between them.
#pragma once

#include "core/image.h"
#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"
#include "image/cut_out.h"

namespace troupe::stage {

/// Row of the line between the lips: the strongest dark band across the middle of the face's lower third.
float find_lips(const Image& picture, const image::Rect& face);

/// The inside of a mouth: a soft dark lens on transparent ground, `tint` multiplied in.
TexturePtr mouth_texture(Rgb tint);

}  // namespace troupe::stage
