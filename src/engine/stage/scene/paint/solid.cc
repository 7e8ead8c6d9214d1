#include "engine/stage/scene/paint/solid.h"

namespace troupe::stage::paint {

LightAt flat_light(Rgb light) {
  return [light](Vec3, Vec3) { return light; };
}

void add_patch(Mesh& mesh, const Patch& patch, const LightAt& light, float opacity) {
  const Vec3 normal = normalized(cross(patch.edge_u, patch.edge_v));
  const uint32_t base = static_cast<uint32_t>(mesh.vertices.size());
  for (int row = 0; row <= patch.rows; ++row) {
    for (int column = 0; column <= patch.columns; ++column) {
      const float s = static_cast<float>(column) / static_cast<float>(patch.columns);
      const float t = static_cast<float>(row) / static_cast<float>(patch.rows);
      const Vec3 at = patch.corner + patch.edge_u * s + patch.edge_v * t;
      mesh.vertices.push_back({at, mix(patch.uv.u0, patch.uv.u1, s), mix(patch.uv.v0, patch.uv.v1, t),
                               light(at, normal), opacity});
    }
  }
  const uint32_t stride = static_cast<uint32_t>(patch.columns) + 1;
  for (uint32_t row = 0; row < static_cast<uint32_t>(patch.rows); ++row) {
    for (uint32_t column = 0; column + 1 < stride; ++column) {
      const uint32_t a = base + row * stride + column, b = a + 1, c = a + stride, d = c + 1;
      mesh.indices.insert(mesh.indices.end(), {a, b, c, b, d, c});
    }
  }
}

void add_card(Mesh& mesh, Vec3 foot, float width, float height, const UvRect& uv, const LightAt& light,
              float opacity) {
  add_patch(mesh, {{foot.x - width / 2, foot.y + height, foot.z}, {width, 0, 0}, {0, -height, 0}, uv}, light,
            opacity);
}

void add_box(Mesh& mesh, Vec3 low, Vec3 high, const UvRect& uv, const LightAt& light) {
  const Vec3 size = high - low;
  add_patch(mesh, {{low.x, high.y, high.z}, {size.x, 0, 0}, {0, 0, -size.z}, uv}, light);
  add_patch(mesh, {{high.x, high.y, low.z}, {0, 0, size.z}, {0, -size.y, 0}, uv}, light);
  add_patch(mesh, {{low.x, high.y, high.z}, {0, 0, -size.z}, {0, -size.y, 0}, uv}, light);
  add_patch(mesh, {{low.x, high.y, low.z}, {size.x, 0, 0}, {0, -size.y, 0}, uv}, light);
}

void add_bar(Mesh& mesh, Vec3 from, Vec3 to, float width, const UvRect& uv, const LightAt& light) {
  const Vec3 along = to - from;
  // Across the bar and across the line of sight; a bar that runs along the line of sight lies flat.
  Vec3 across = cross(along, {0, 0, 1});
  if (length(across) < 1e-3f * length(along)) across = {1, 0, 0};
  across = normalized(across) * width;
  add_patch(mesh, {from - across * 0.5f, across, along, uv}, light);
}

}  // namespace troupe::stage::paint
