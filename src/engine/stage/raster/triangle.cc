#include "engine/stage/raster/triangle.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace troupe::stage {
namespace {

constexpr float kNearDepth = 0.05f;
constexpr float kReflectionBias = 0.5f;  // mirrored things are blurred anyway

// A vertex before projection; `value` holds u, v (not yet divided), light, haze share and opacity.
struct ViewVertex {
  Vec3 view;
  float value[kAttributes];
};

struct Drawn {  // an item, maybe upside down
  const DrawItem* item;
  bool mirrored;
};

bool belongs(const DrawItem& item, Pass pass) {
  const bool behind = item.layer == Layer::sky || item.layer == Layer::far;
  switch (pass) {
    case Pass::behind:
      return behind;
    case Pass::front:
      return !behind;
    case Pass::reflection:
      return item.reflects && !item.mirror_ground && (item.layer == Layer::far || item.layer == Layer::world);
  }
  return false;
}

std::vector<Drawn> drawing_order(const DrawList& list, Pass pass) {
  std::vector<Drawn> order;
  for (const DrawItem& item : list) {
    if (belongs(item, pass)) order.push_back({&item, item.mirror_ground || pass == Pass::reflection});
  }
  std::stable_sort(order.begin(), order.end(), [](const Drawn& a, const Drawn& b) {
    if (a.item->layer != b.item->layer) return a.item->layer < b.item->layer;
    return a.item->layer == Layer::world && a.item->sort_depth > b.item->sort_depth;
  });
  return order;
}

ViewVertex to_view(const Vertex& vertex, const Drawn& drawn, const Camera& camera,
                   const DrawSettings& settings) {
  Vec3 position = vertex.position;
  if (drawn.mirrored) position.y = -position.y;
  ViewVertex out;
  out.view = camera.to_view(position);
  const float depth = std::max(0.0f, out.view.z);
  const float haze = drawn.item->haze * (1 - std::exp(-settings.haze_density * depth));
  const float opacity = vertex.opacity * drawn.item->opacity;
  const float share = (1 - haze) * opacity;
  const float values[kAttributes] = {
      vertex.u,       vertex.v, 1, vertex.light.x * share, vertex.light.y * share, vertex.light.z * share,
      haze * opacity, opacity};
  std::copy(std::begin(values), std::end(values), out.value);
  return out;
}

ViewVertex between(const ViewVertex& a, const ViewVertex& b, float t) {
  ViewVertex out;
  out.view = mix(a.view, b.view, t);
  for (int i = 0; i < kAttributes; ++i) out.value[i] = mix(a.value[i], b.value[i], t);
  return out;
}

// Keeps what lies beyond the near plane: up to 4 vertices.
int clip_near(const std::array<ViewVertex, 3>& in, std::array<ViewVertex, 4>& out) {
  int count = 0;
  for (size_t i = 0; i < 3; ++i) {
    const ViewVertex& a = in[i];
    const ViewVertex& b = in[(i + 1) % 3];
    const bool a_in = a.view.z >= kNearDepth, b_in = b.view.z >= kNearDepth;
    if (a_in) out[count++] = a;
    if (a_in != b_in) out[count++] = between(a, b, (kNearDepth - a.view.z) / (b.view.z - a.view.z));
  }
  return count;
}

class Projector {
 public:
  Projector(const Camera& camera, FrameSize size)
      : scale_(static_cast<float>(size.height)),
        centre_x_(static_cast<float>(size.width) / 2 + camera.shift_x * scale_),
        centre_y_(static_cast<float>(size.height) / 2 + camera.shift_y * scale_),
        focal_(camera.focal * scale_),
        size_(size) {}

  ScreenVertex project(const ViewVertex& vertex) const {
    ScreenVertex out;
    const float w = 1 / vertex.view.z;
    out.x = centre_x_ + vertex.view.x * focal_ * w;
    out.y = centre_y_ - vertex.view.y * focal_ * w;
    std::copy(std::begin(vertex.value), std::end(vertex.value), out.value);
    out.value[kU] *= w;
    out.value[kV] *= w;
    out.value[kW] = w;
    return out;
  }

  // False if nothing of the triangle can show.
  bool set_up(const ScreenVertex* v[3], ScreenTriangle& out) const {
    const float ax = v[1]->x - v[0]->x, ay = v[1]->y - v[0]->y;
    const float bx = v[2]->x - v[0]->x, by = v[2]->y - v[0]->y;
    const float area = ax * by - bx * ay;
    if (!(std::abs(area) > 1e-6f) || !std::isfinite(area)) return false;
    if (!rows(v, out)) return false;
    for (int i = 0; i < kAttributes; ++i) {
      const float da = v[1]->value[i] - v[0]->value[i], db = v[2]->value[i] - v[0]->value[i];
      out.dx[i] = (da * by - db * ay) / area;
      out.dy[i] = (db * ax - da * bx) / area;
      out.origin[i] = v[0]->value[i] - out.dx[i] * v[0]->x - out.dy[i] * v[0]->y;
    }
    for (int i = 0; i < 3; ++i) {
      out.x[i] = v[i]->x;
      out.y[i] = v[i]->y;
    }
    return true;
  }

 private:
  // Limits are clamped as floats before they become ints: coordinates may be huge.
  bool rows(const ScreenVertex* v[3], ScreenTriangle& out) const {
    const auto [y_min, y_max] = std::minmax({v[0]->y, v[1]->y, v[2]->y});
    const auto [x_min, x_max] = std::minmax({v[0]->x, v[1]->x, v[2]->x});
    const auto height = static_cast<float>(size_.height), width = static_cast<float>(size_.width);
    if (!(y_max > 0 && y_min < height && x_max > 0 && x_min < width)) return false;
    out.row_begin = static_cast<int>(std::ceil(std::clamp(y_min - 0.5f, 0.0f, height)));
    out.row_end = static_cast<int>(std::ceil(std::clamp(y_max - 0.5f, 0.0f, height)));
    return out.row_begin < out.row_end;
  }

  float scale_, centre_x_, centre_y_, focal_;
  FrameSize size_;
};

// Whether nothing shows through anywhere between the corners.
bool hides(const ScreenVertex* corners[3]) {
  return std::all_of(corners, corners + 3, [](const ScreenVertex* v) {
    const float depth = 1 / v->value[kW];
    return v->value[kOpacity] > 0.999f && std::abs(v->value[kU] * depth) < kTextureLimit &&
           std::abs(v->value[kV] * depth) < kTextureLimit;
  });
}

// Triangles of a mesh in drawing order: as listed, or far to near.
std::vector<uint32_t> triangle_order(const DrawItem& item, const std::vector<ViewVertex>& vertices) {
  const auto& indices = item.mesh->indices;
  std::vector<uint32_t> order(indices.size() / 3);
  std::iota(order.begin(), order.end(), 0u);
  if (!item.sort_triangles) return order;
  std::vector<float> depth(order.size());
  for (size_t t = 0; t < order.size(); ++t) {
    for (size_t k = 0; k < 3; ++k) depth[t] += vertices[indices[t * 3 + k]].view.z;
  }
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return depth[a] > depth[b]; });
  return order;
}

void project_item(const Drawn& drawn, float extra_bias, const Camera& camera, const DrawSettings& settings,
                  const Projector& projector, std::vector<ScreenTriangle>& out) {
  const DrawItem& item = *drawn.item;
  std::vector<ViewVertex> vertices;
  vertices.reserve(item.mesh->vertices.size());
  for (const Vertex& v : item.mesh->vertices) vertices.push_back(to_view(v, drawn, camera, settings));
  for (const uint32_t t : triangle_order(item, vertices)) {
    const uint32_t* index = &item.mesh->indices[t * 3];
    std::array<ViewVertex, 4> clipped;
    const int count = clip_near({vertices[index[0]], vertices[index[1]], vertices[index[2]]}, clipped);
    if (count < 3) continue;
    std::array<ScreenVertex, 4> screen;
    for (int i = 0; i < count; ++i) screen[i] = projector.project(clipped[i]);
    for (int i = 1; i + 1 < count; ++i) {
      ScreenTriangle triangle;
      const ScreenVertex* corners[3] = {&screen[0], &screen[i], &screen[i + 1]};
      if (!projector.set_up(corners, triangle)) continue;
      triangle.texture = item.texture.get();
      triangle.mip_bias = item.mip_bias + extra_bias;
      triangle.add = item.blend == Blend::add;
      triangle.solid = !triangle.add && item.texture->opaque() && hides(corners);
      out.push_back(triangle);
    }
  }
}

}  // namespace

std::vector<ScreenTriangle> project_list(const DrawList& list, Pass pass, const Camera& camera,
                                         const DrawSettings& settings, FrameSize size) {
  const Projector projector(camera, size);
  const float extra_bias = pass == Pass::reflection ? kReflectionBias : 0;
  std::vector<ScreenTriangle> triangles;
  for (const Drawn& drawn : drawing_order(list, pass)) {
    if (drawn.item->mesh && drawn.item->texture && drawn.item->opacity > 0) {
      project_item(drawn, extra_bias, camera, settings, projector, triangles);
    }
  }
  return triangles;
}

}  // namespace troupe::stage
