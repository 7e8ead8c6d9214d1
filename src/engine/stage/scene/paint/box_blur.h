// A Gaussian look-alike by three box means, shared by canvases and fields.
#pragma once

#include <vector>

namespace troupe::stage::paint {

/// Blurs interleaved rows in place. `sigma_x`, `sigma_y` in pixels, <= 0 leaves that axis alone.
/// `channels` floats a pixel; `wrap`: the picture goes on from the other side, else with its edge.
void box_blur(std::vector<float>& values, int width, int height, int channels, float sigma_x, float sigma_y,
              bool wrap);

}  // namespace troupe::stage::paint
