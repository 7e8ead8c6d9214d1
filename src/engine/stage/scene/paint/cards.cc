#include "engine/stage/scene/paint/cards.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/stage/scene/paint/canvas.h"

namespace troupe::stage::paint {
namespace {

// The copy of `at` (which repeats every `period`) that lies in [from, from + period).
float wrapped_from(float at, float period, float from) {
  return period <= 0 ? at : at + period * std::ceil((from - at) / period);
}

// Behind the viewer or far outside a view that may be 90 degrees wide and turned by 20.
bool outside_view(const Camera& camera, float x, float z, float margin) {
  const Vec3 view = camera.to_view({x, camera.position.y, z});
  return view.z < -margin || std::abs(view.x) > 1.6f * view.z / std::max(camera.focal, 0.3f) + margin + 3;
}

TexturePtr paint_blob() {
  Canvas canvas(64, 64);
  canvas.glow({32, 32}, 31, 31, {0, 0, 0}, 1, Mode::over);
  return canvas.to_texture();
}

void grid_indices(Mesh& mesh, uint32_t first, uint32_t columns, uint32_t rows) {
  for (uint32_t row = 0; row < rows; ++row) {
    for (uint32_t column = 0; column < columns; ++column) {
      const uint32_t a = first + row * (columns + 1) + column, b = a + columns + 1;
      mesh.indices.insert(mesh.indices.end(), {a, a + 1, b, b, a + 1, b + 1});
    }
  }
}

float gust(double seconds, float x, float z) {
  const auto t = static_cast<float>(std::fmod(seconds, 3600.0));
  return 0.6f * std::sin(1.3f * t + 0.35f * x + 0.2f * z) + 0.4f * std::sin(2.9f * t + 0.9f * x - 0.4f * z);
}

}  // namespace

Cards::Cards(std::vector<CardKind> kinds, std::vector<Planted> planted, Repeat repeat, const Atmosphere& air)
    : kinds_(std::move(kinds)),
      planted_(std::move(planted)),
      repeat_(repeat),
      blob_(paint_blob()),
      shadow_(air.light.shadow),
      wind_(air.wind) {
  const Vec3 sun = air.sky.sun_direction;
  // A low sun throws shadows without end; four times the height is as far as they are looked at.
  const float reach =
      std::min(4.0f, 1 / std::max(std::tan(std::asin(std::clamp(sun.y, 0.05f, 0.99f))), 0.2f));
  const float flat = std::max(std::hypot(sun.x, sun.z), 1e-3f);
  shadow_axis_ = {-sun.x / flat * reach, 0, -sun.z / flat * reach};
}

void Cards::emit(const Camera& camera, double seconds, DrawList& list) const {
  // The repeated world begins a few metres behind the viewer, whose back things still throw shadows past.
  const bool turned = std::cos(camera.yaw) < 0;
  const float nearest_z = camera.position.z + (turned ? 6 - repeat_.period_z : -6);
  for (const Planted& card : planted_) {
    const float x = wrapped_from(card.x, repeat_.period_x, camera.position.x - repeat_.period_x / 2);
    const float z = wrapped_from(card.z, repeat_.period_z, nearest_z);
    if (outside_view(camera, x, z, 8)) continue;
    emit_one(camera, seconds, card, x, z, list);
  }
}

void Cards::emit_one(const Camera& camera, double seconds, const Planted& card, float x, float z,
                     DrawList& list) const {
  const CardKind& kind = kinds_[static_cast<size_t>(card.kind)];
  const float dx = camera.position.x - x, dz = camera.position.z - z, away = std::hypot(dx, dz);
  const float depth = camera.to_view({x, camera.position.y, z}).z;
  const float opacity = (1 - smoothstep(repeat_.fade_from, repeat_.fade_to, away)) *
                        smoothstep(repeat_.nearest, repeat_.nearest * 2 + 0.4f, depth);
  const float width = kind.width * card.scale, height = kind.height * card.scale;
  const Vec3 foot = {x, card.lift - kind.foot * height, z};
  if (card.lift <= 0) {
    emit_shadow(kind, card, foot, 1 - smoothstep(repeat_.fade_from, repeat_.fade_to, away), list);
  }
  if (opacity <= 0.01f) return;
  const Vec3 across = normalized({-dz, 0, dx});
  const float push = kind.sway * wind_ * gust(seconds, x, z) * card.scale;
  constexpr int kColumns = 2, kRows = 5;
  Mesh mesh;
  for (int row = 0; row <= kRows; ++row) {
    const float v = static_cast<float>(row) / kRows, lift = 1 - v;
    const float lean = push * lift * lift;
    for (int column = 0; column <= kColumns; ++column) {
      const float u = static_cast<float>(column) / kColumns;
      const Vec3 p = foot + across * ((u - 0.5f) * width) + Vec3{lean, lift * height, 0};
      mesh.vertices.push_back({p, card.mirrored ? 1 - u : u, v, card.light, 1});
    }
  }
  grid_indices(mesh, 0, kColumns, kRows);
  list.push_back({.mesh = std::make_shared<const Mesh>(std::move(mesh)),
                  .texture = kind.texture,
                  .layer = Layer::world,
                  .sort_depth = z,
                  .opacity = opacity});
}

void Cards::emit_shadow(const CardKind& kind, const Planted& card, Vec3 foot, float opacity,
                        DrawList& list) const {
  const float height = kind.height * card.scale, width = kind.width * card.scale;
  const Rgb black = {0, 0, 0};
  if (kind.shadow > 0 && shadow_ > 0.05f && opacity > 0.02f) {
    const Vec3 across = normalized({-shadow_axis_.z, 0, shadow_axis_.x});
    Mesh mesh;
    for (int row = 0; row <= 4; ++row) {
      const float v = static_cast<float>(row) / 4;
      for (int column = 0; column <= 2; ++column) {
        const float u = static_cast<float>(column) / 2;
        const Vec3 p =
            Vec3{foot.x, 0, foot.z} + shadow_axis_ * ((1 - v) * height) + across * ((u - 0.5f) * width);
        mesh.vertices.push_back({p, u, v, black, 0.55f + 0.45f * v});
      }
    }
    grid_indices(mesh, 0, 2, 4);
    list.push_back({.mesh = std::make_shared<const Mesh>(std::move(mesh)),
                    .texture = kind.texture,
                    .layer = Layer::shadow,
                    .mip_bias = 2.5f,
                    .opacity = kind.shadow * shadow_ * opacity});
  }
  if (kind.contact > 0) {
    const float r = kind.contact * card.scale;
    Mesh mesh = patch({foot.x - r, 0, foot.z + r * 0.7f}, {2 * r, 0, 0}, {0, 0, -1.4f * r}, 1, 1);
    for (Vertex& vertex : mesh.vertices) vertex.light = black;
    list.push_back({.mesh = std::make_shared<const Mesh>(std::move(mesh)),
                    .texture = blob_,
                    .layer = Layer::shadow,
                    .opacity = 0.6f * opacity});
  }
}

namespace {
constexpr float kRow = 1.0f;
}

Tufts::Tufts(TexturePtr atlas, int cells, std::vector<Sprite> sprites, float period, float fade_to,
             float sway)
    : atlas_(std::move(atlas)),
      cells_(cells),
      rows_(static_cast<size_t>(std::ceil(period / kRow))),
      period_(period),
      fade_to_(fade_to),
      sway_(sway) {
  for (const Sprite& s : sprites)
    rows_[std::min(static_cast<size_t>(s.z / kRow), rows_.size() - 1)].push_back(s);
}

void Tufts::emit(const Camera& camera, double seconds, float wind, DrawList& list) const {
  for (size_t i = 0; i < rows_.size(); ++i) {
    const float base = static_cast<float>(i) * kRow;
    const float row_z = wrapped_from(base, period_, camera.position.z - 1.5f);
    Mesh mesh;
    for (const Sprite& s : rows_[i]) {
      const float x = wrapped_from(s.x, period_, camera.position.x - period_ / 2), z = row_z + s.z - base;
      const Vec3 view = camera.to_view({x, 0, z});
      if (view.z < 0.5f || outside_view(camera, x, z, 1)) continue;
      const float far = std::hypot(x - camera.position.x, z - camera.position.z);
      const float opacity =
          (1 - smoothstep(fade_to_ * 0.55f, fade_to_, far)) * smoothstep(0.6f, 1.4f, view.z);
      if (opacity < 0.02f) continue;
      const float lean = sway_ * wind * s.height * gust(seconds * 1.6, x * 2, z * 2);
      const float u0 = static_cast<float>(s.cell) / static_cast<float>(cells_),
                  u1 = u0 + 1 / static_cast<float>(cells_);
      const auto first = static_cast<uint32_t>(mesh.vertices.size());
      mesh.vertices.push_back({{x - s.width / 2 + lean, s.height, z}, u0, 0, s.light, opacity});
      mesh.vertices.push_back({{x + s.width / 2 + lean, s.height, z}, u1, 0, s.light, opacity});
      mesh.vertices.push_back({{x - s.width / 2, -0.03f, z}, u0, 1, s.light, opacity});
      mesh.vertices.push_back({{x + s.width / 2, -0.03f, z}, u1, 1, s.light, opacity});
      grid_indices(mesh, first, 1, 1);
    }
    if (mesh.indices.empty()) continue;
    list.push_back({.mesh = std::make_shared<const Mesh>(std::move(mesh)),
                    .texture = atlas_,
                    .layer = Layer::world,
                    .sort_depth = row_z + kRow / 2});
  }
}

}  // namespace troupe::stage::paint
