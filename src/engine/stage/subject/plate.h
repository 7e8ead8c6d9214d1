// A rimmed picture on its way to layers.
#pragma once

#include <algorithm>
#include <optional>

#include "engine/stage/subject/body_shape.h"
#include "engine/stage/subject/silhouette.h"

namespace troupe::stage {

/// The picture's pixels and the way to metres.
struct Plate {
  Plate(const Image& source, const Rig& r, float metres)
      : picture(source), rig(r), alpha(alpha_of(source)), shape(tight(alpha)) {
    width = static_cast<float>(shape.width());
    height = static_cast<float>(shape.height());
    scale = metres / height;
    origin = rig.axis * width;
  }
  static Mask alpha_of(const Image& image) {
    Mask mask(image.width, image.height);
    for (size_t i = 0; i < mask.values.size(); ++i) mask.values[i] = image.rgba[4 * i + 3];
    return mask;
  }
  static Silhouette tight(const Mask& rimmed) {
    Mask mask(std::max(1, rimmed.width - 2 * kRim), std::max(1, rimmed.height - 2 * kRim));
    for (int y = 0; y < mask.height; ++y)
      for (int x = 0; x < mask.width; ++x) mask.at(x, y) = rimmed.at(x + kRim, y + kRim);
    return Silhouette(mask);
  }
  int row_of(float share) const {
    return std::clamp(static_cast<int>(share * height), 0, shape.height() - 1);
  }
  /// Tight pixels to metres.
  Vec2 metres(float x, float y) const { return {(x - origin) * scale, (height - y) * scale}; }

  const Image& picture;
  const Rig& rig;
  Mask alpha;        // rimmed
  Silhouette shape;  // tight
  float width = 1, height = 1, scale = 1, origin = 0;
};

/// Weights of a layer over the whole rimmed picture while it is made.
struct Draft {
  explicit Draft(const Plate& plate) : weights(plate.alpha.width, plate.alpha.height) {}
  /// Marks tight pixels [begin, end) of a row.
  void mark(const Run& run, int y, uint8_t value = 255) {
    for (int x = run.begin; x < run.end; ++x) weights.at(x + kRim, y + kRim) = value;
  }
  Mask weights;
};

/// Soft matte edges lie outside the runs of half-opaque pixels: a layer takes them along.
void grow_into_soft_edges(const Plate& plate, Mask& weights);

/// Cuts a draft to its box and lays the grid, finer over the mouth of `face`. False when nothing is visible.
bool finish_layer(const Plate& plate, const Draft& draft, const std::optional<image::Rect>& face,
                  LayerShape& layer);

/// Adds the leg layers, hidden copies first, with what `body` knows of legs; `taken` gets the pixels they
/// draw.
void add_legs(const Plate& plate, bool from_side, BodyShape& body, Mask& taken);  // leg_layers.cc

/// A free arm, or none; `side` 0 = left. `taken` gets the pixels that the body leaves to it.
std::optional<LayerShape> make_arm(const Plate& plate, int side, Mask& taken);  // arm_layer.cc

}  // namespace troupe::stage
