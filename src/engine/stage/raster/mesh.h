// Triangle meshes and the list of what to draw in a frame.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage {

struct Vertex {
  Vec3 position;          ///< world, metres
  float u = 0, v = 0;     ///< texture, 0 … 1 (past that by Wrap)
  Rgb light = {1, 1, 1};  ///< multiplies the texture's colour, 0 … 4
  float opacity = 1;      ///< multiplies its alpha, 0 … 1
};

/// Triangles, three indices each. Both sides show. Large quads must be subdivided by the maker so that light
/// and haze, which are interpolated between vertices, bend where they should (about 2 m near, 20 m far).
struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<uint32_t> indices;
};
using MeshPtr = std::shared_ptr<const Mesh>;

enum class Blend {
  over,  ///< covers what is behind by its alpha
  add,   ///< adds light (signs, halos, shafts)
};

/// Painter's order: layers from the first to the last; inside `world` the farther sort_depth is drawn first,
/// in the other layers in the order given.
enum class Layer { sky, far, ground, shadow, world, front };

struct DrawItem {
  MeshPtr mesh;
  TexturePtr texture;
  Layer layer = Layer::world;
  Blend blend = Blend::over;
  float sort_depth = 0;  ///< z (metres from the origin along +z) of the thing's foot, only for `world`
  float mip_bias = 0;    ///< in levels: > 0 blurs
  float haze = 1;        ///< share of the scene's haze that it takes, 0 … 1
  float opacity = 1;
  bool mirror_ground = false;   ///< drawn upside down under y = 0 (reflections)
  bool sort_triangles = false;  ///< far to near inside the mesh (folded photographs)
  bool reflects = true;         ///< in `world` and `far`: shows in wet or polished ground
};
using DrawList = std::vector<DrawItem>;

/// A vertical rectangle facing -z: foot at `foot`, `width` x `height` metres, split into columns x rows
/// cells; u 0 … 1 left to right, v 0 (top) … 1 (foot).
Mesh card(Vec3 foot, float width, float height, int columns = 1, int rows = 1);
/// A rectangle of ground from (x0, z0) to (x1, z1) at height y, split into columns x rows cells (rows grow
/// geometrically with distance when `geometric`), texture repeating every `tile` metres.
Mesh ground(float x0, float z0, float x1, float z1, float y, int columns, int rows, float tile,
            bool geometric = true);
/// A plane patch given by its corner and two edge vectors, split into columns x rows cells; u along `edge_u`
/// 0 … u_scale, v along `edge_v` 0 … v_scale.
Mesh patch(Vec3 corner, Vec3 edge_u, Vec3 edge_v, int columns, int rows, float u_scale = 1,
           float v_scale = 1);

}  // namespace troupe::stage
