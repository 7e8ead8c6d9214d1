#include "engine/stage/raster/mesh.h"

#include <cmath>

namespace troupe::stage {
namespace {

// Two triangles for each cell of a (columns + 1) x (rows + 1) grid of vertices laid out row by row.
void index_grid(Mesh& mesh, int columns, int rows) {
  mesh.indices.reserve(static_cast<size_t>(columns) * rows * 6);
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      const auto a = static_cast<uint32_t>(r * (columns + 1) + c);
      const auto b = a + static_cast<uint32_t>(columns) + 1;
      mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, a + 1, b + 1, b});
    }
  }
}

}  // namespace

Mesh patch(Vec3 corner, Vec3 edge_u, Vec3 edge_v, int columns, int rows, float u_scale, float v_scale) {
  Mesh mesh;
  for (int r = 0; r <= rows; ++r) {
    const float v = static_cast<float>(r) / static_cast<float>(rows);
    for (int c = 0; c <= columns; ++c) {
      const float u = static_cast<float>(c) / static_cast<float>(columns);
      mesh.vertices.push_back({corner + edge_u * u + edge_v * v, u * u_scale, v * v_scale});
    }
  }
  index_grid(mesh, columns, rows);
  return mesh;
}

Mesh card(Vec3 foot, float width, float height, int columns, int rows) {
  const Vec3 top_left = {foot.x - width / 2, foot.y + height, foot.z};
  return patch(top_left, {width, 0, 0}, {0, -height, 0}, columns, rows);
}

Mesh ground(float x0, float z0, float x1, float z1, float y, int columns, int rows, float tile,
            bool geometric) {
  Mesh mesh;
  // Geometric rows: each is a constant factor farther than the last, counted from one metre before z0.
  const float offset = 1 - z0, growth = std::log(z1 + offset);
  for (int r = 0; r <= rows; ++r) {
    const float t = static_cast<float>(r) / static_cast<float>(rows);
    const float z = geometric ? std::exp(growth * t) - offset : mix(z0, z1, t);
    for (int c = 0; c <= columns; ++c) {
      const float x = mix(x0, x1, static_cast<float>(c) / static_cast<float>(columns));
      mesh.vertices.push_back({{x, y, z}, x / tile, -z / tile});
    }
  }
  index_grid(mesh, columns, rows);
  return mesh;
}

}  // namespace troupe::stage
