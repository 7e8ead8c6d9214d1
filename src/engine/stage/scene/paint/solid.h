// Scenery built of flat pieces: patches, boxes and bars joined into one mesh, lit at their corners.
#pragma once

#include <functional>
#include <memory>

#include "engine/stage/raster/mesh.h"

namespace troupe::stage::paint {

struct UvRect {
  float u0 = 0, v0 = 0, u1 = 1, v1 = 1;
};

/// A flat rectangle: u runs along edge_u, v along edge_v. cross(edge_u, edge_v) points at who looks at it.
struct Patch {
  Vec3 corner, edge_u, edge_v;
  UvRect uv;
  int columns = 1, rows = 1;
};

/// The light that falls on a point of a surface with the given unit normal.
using LightAt = std::function<Rgb(Vec3 position, Vec3 normal)>;
LightAt flat_light(Rgb light);

void add_patch(Mesh& mesh, const Patch& patch, const LightAt& light, float opacity = 1);
/// A rectangle standing on `foot` (the middle of its lower edge) facing -z.
void add_card(Mesh& mesh, Vec3 foot, float width, float height, const UvRect& uv, const LightAt& light,
              float opacity = 1);
/// The sides and the top of a box that a viewer in the street sees (not its bottom and not its far side).
void add_box(Mesh& mesh, Vec3 low, Vec3 high, const UvRect& uv, const LightAt& light);
/// A bar between two points, turned as well as it can be to a viewer looking along +z.
void add_bar(Mesh& mesh, Vec3 from, Vec3 to, float width, const UvRect& uv, const LightAt& light);

inline MeshPtr share(Mesh mesh) { return std::make_shared<const Mesh>(std::move(mesh)); }

}  // namespace troupe::stage::paint
