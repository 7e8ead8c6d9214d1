#include "engine/stage/finish/particles.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace troupe::stage {
namespace {

// One sheet of particles at one apparent distance. Sizes in pixels of a 720-row frame, speeds in frame
// heights a second.
struct Sheet {
  int count;
  float size, length, speed, opacity, parallax;
};

constexpr Sheet kRain[] = {{1100, 0.55f, 16, 1.5f, 0.20f, 0.3f},
                           {560, 0.8f, 30, 2.1f, 0.24f, 0.6f},
                           {70, 2.2f, 110, 3.2f, 0.10f, 1.2f}};
constexpr Sheet kSnow[] = {
    {900, 1.1f, 0, 0.10f, 0.75f, 0.3f}, {320, 2.2f, 0, 0.17f, 0.8f, 0.6f}, {46, 7.5f, 0, 0.30f, 0.34f, 1.2f}};
constexpr Sheet kLeaves[] = {
    {34, 4, 2.0f, 0.10f, 0.95f, 0.5f}, {14, 8, 2.0f, 0.17f, 0.95f, 0.8f}, {4, 20, 2.0f, 0.30f, 0.65f, 1.3f}};
constexpr Sheet kDust[] = {{150, 1.1f, 0, -0.015f, 0.40f, 0.4f},
                           {50, 2.6f, 0, -0.02f, 0.26f, 0.8f},
                           {10, 9, 0, -0.03f, 0.10f, 1.3f}};
constexpr Sheet kEmbers[] = {{120, 1.2f, 0, -0.10f, 0.9f, 0.5f}, {36, 2.2f, 0, -0.16f, 0.8f, 0.9f}};
constexpr Sheet kPetals[] = {
    {70, 2.6f, 1.6f, 0.07f, 0.95f, 0.5f}, {24, 5, 1.6f, 0.12f, 0.9f, 0.8f}, {6, 13, 1.6f, 0.2f, 0.55f, 1.3f}};

class Painter {
 public:
  explicit Painter(RenderTarget& target)
      : target_(target), scale_(static_cast<float>(target.size.height) / 720) {}

  float width() const { return static_cast<float>(target_.size.width); }
  float height() const { return static_cast<float>(target_.size.height); }
  float scale() const { return scale_; }

  // Covers a pixel with straight colour (0 … 255) by alpha.
  void cover(int x, int y, Rgb color, float alpha) {
    if (x < 0 || y < 0 || x >= target_.size.width || y >= target_.size.height) return;
    uint8_t* p = target_.row(y) + static_cast<size_t>(x) * 4;
    const float c[3] = {color.x, color.y, color.z};
    for (int k = 0; k < 3; ++k) p[k] = static_cast<uint8_t>(p[k] + (c[k] - p[k]) * alpha + 0.5f);
  }

  // Light near a pixel, 0 … 1: rain shines where something behind it does.
  float luminance(int x, int y) const {
    const uint8_t* p = target_.row(std::clamp(y, 0, target_.size.height - 1)) +
                       static_cast<size_t>(std::clamp(x, 0, target_.size.width - 1)) * 4;
    return (0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2]) / 255;
  }

  // A streak ending at (x, y), `length` long upwards, leaning by `lean` (dx over dy), fading at both ends.
  void streak(float x, float y, float length, float lean, float thickness, Rgb color, float opacity) {
    const int top = std::max(0, static_cast<int>(y - length));
    const int bottom = std::min(target_.size.height - 1, static_cast<int>(y));
    const float shine = 0.45f + 1.3f * luminance(static_cast<int>(x), static_cast<int>(y - length / 2));
    for (int row = top; row <= bottom; ++row) {
      const float along = (y - static_cast<float>(row)) / length;
      const float fade = std::max(0.0f, 4 * along * (1 - along));
      const float centre = x + (y - static_cast<float>(row)) * lean;
      const float half = std::max(0.5f, thickness / 2);
      for (int px = static_cast<int>(std::floor(centre - half)); px <= static_cast<int>(centre + half);
           ++px) {
        const float reach = half + 0.5f - std::abs(static_cast<float>(px) + 0.5f - centre);
        cover(px, row, color, clamp01(reach) * std::min(1.0f, thickness) * fade * opacity * shine);
      }
    }
  }

  // A disc with a soft edge; the larger, the softer (it is near and out of focus).
  void disc(float x, float y, float radius, Rgb color, float opacity) {
    const float reach = radius + 0.7f;
    for (int py = static_cast<int>(y - reach); py <= static_cast<int>(y + reach); ++py) {
      for (int px = static_cast<int>(x - reach); px <= static_cast<int>(x + reach); ++px) {
        const float dx = static_cast<float>(px) + 0.5f - x, dy = static_cast<float>(py) + 0.5f - y;
        const float t = clamp01(1 - std::sqrt(dx * dx + dy * dy) / reach);
        cover(px, py, color, t * t * (3 - 2 * t) * opacity);
      }
    }
  }

  // A leaf: an ellipse turned by `angle` whose short axis tumbles by `tilt`.
  void leaf(float x, float y, float radius, float ratio, float angle, float tilt, Rgb color, float opacity) {
    const float c = std::cos(angle), s = std::sin(angle);
    const float minor = std::max(0.18f, std::abs(tilt)) / ratio;
    const Rgb lit = color * (0.72f + 0.28f * tilt);
    for (int py = static_cast<int>(y - radius - 1); py <= static_cast<int>(y + radius + 1); ++py) {
      for (int px = static_cast<int>(x - radius - 1); px <= static_cast<int>(x + radius + 1); ++px) {
        const float dx = static_cast<float>(px) + 0.5f - x, dy = static_cast<float>(py) + 0.5f - y;
        const float a = (c * dx + s * dy) / radius, b = (c * dy - s * dx) / (radius * minor);
        // Pointed at both ends: the half width shrinks towards them.
        const float rim = std::sqrt(a * a + b * b * (1 + 0.8f * std::abs(a)));
        cover(px, py, lit, clamp01((1 - rim) * radius * 0.8f) * opacity);
      }
    }
  }

 private:
  RenderTarget& target_;
  float scale_;
};

// Into [-margin, span + margin), so that nothing pops in at an edge.
float wrap(float value, float span, float margin) {
  const float period = span + 2 * margin;
  const float turns = (value + margin) / period;
  return (turns - std::floor(turns)) * period - margin;
}

struct Moment {
  float seconds, pan_x, pan_y, amount;
};

void rain(const Particles& what, const Sheet& sheet, uint64_t seed, const Moment& now, Painter& painter) {
  Random random(seed);
  const float lean = 0.16f + 0.5f * what.wind;
  const float length = sheet.length * painter.scale();
  const int count = static_cast<int>(static_cast<float>(sheet.count) * what.amount * now.amount);
  for (int i = 0; i < count; ++i) {
    const float speed = sheet.speed * random.uniform(0.85f, 1.15f) * painter.height();
    const float y0 = random.uniform() * painter.height() * 2, x0 = random.uniform() * painter.width();
    const float y = wrap(y0 + speed * now.seconds + now.pan_y * sheet.parallax, painter.height(), length);
    const float x =
        wrap(x0 - lean * speed * now.seconds + now.pan_x * sheet.parallax, painter.width(), length);
    painter.streak(x, y, length * random.uniform(0.7f, 1.2f), lean, sheet.size * painter.scale(),
                   what.color * 225.0f, sheet.opacity);
  }
}

// Snow, dust and embers: soft discs that fall (or rise) and sway.
void motes(const Particles& what, const Sheet& sheet, uint64_t seed, const Moment& now, bool glow,
           Painter& painter) {
  Random random(seed);
  const int count = static_cast<int>(static_cast<float>(sheet.count) * what.amount * now.amount);
  const float margin = sheet.size * painter.scale() * 2 + 2;
  for (int i = 0; i < count; ++i) {
    const float speed = sheet.speed * random.uniform(0.7f, 1.3f) * painter.height();
    const float phase = random.uniform(0, 6.283f), rate = random.uniform(0.5f, 1.3f);
    const float sway = std::sin(phase + now.seconds * rate) * 9 * painter.scale() * std::sqrt(sheet.size);
    const float drift = what.wind * std::abs(speed) * 1.6f * now.seconds;
    const float x0 = random.uniform() * painter.width(), y0 = random.uniform() * painter.height();
    const float x = wrap(x0 + sway + drift + now.pan_x * sheet.parallax, painter.width(), margin);
    const float y = wrap(y0 + speed * now.seconds + now.pan_y * sheet.parallax, painter.height(), margin);
    const float twinkle = glow ? 0.55f + 0.45f * std::sin(phase * 3 + now.seconds * 2.4f * rate) : 1;
    painter.disc(x, y, sheet.size * painter.scale() * random.uniform(0.7f, 1.3f), what.color * 255.0f,
                 sheet.opacity * twinkle);
  }
}

void leaves(const Particles& what, const Sheet& sheet, uint64_t seed, const Moment& now, Painter& painter) {
  Random random(seed);
  const int count = static_cast<int>(static_cast<float>(sheet.count) * what.amount * now.amount);
  const float margin = sheet.size * painter.scale() * 2 + 2;
  for (int i = 0; i < count; ++i) {
    const float speed = sheet.speed * random.uniform(0.7f, 1.4f) * painter.height();
    const float phase = random.uniform(0, 6.283f), spin = random.uniform(1.2f, 3.4f);
    const float gust = 0.6f + 0.4f * std::sin(phase + now.seconds * 0.9f);
    const float x0 = random.uniform() * painter.width(), y0 = random.uniform() * painter.height();
    const float drift = (0.5f + what.wind) * speed * (now.seconds * 1.5f + gust * 0.5f);
    const float sway = std::sin(phase + now.seconds * 1.7f) * 14 * painter.scale();
    const float x = wrap(x0 + drift + now.pan_x * sheet.parallax, painter.width(), margin);
    const float y =
        wrap(y0 + sway + speed * now.seconds + now.pan_y * sheet.parallax, painter.height(), margin);
    const float tint = random.uniform(-0.18f, 0.18f);
    const Rgb color = {what.color.x * (1 + tint * 0.5f), what.color.y * (1 + tint),
                       what.color.z * (1 + tint * 0.5f)};
    painter.leaf(x, y, sheet.size * painter.scale(), sheet.length, phase + now.seconds * spin,
                 std::sin(phase * 2 + now.seconds * spin * 1.3f), color * 240.0f, sheet.opacity);
  }
}

template <size_t N>
void draw_kind(const Particles& what, const Sheet (&sheets)[N], uint64_t seed, const Moment& now,
               Painter& painter) {
  for (const Sheet& sheet : sheets) {
    seed = derive_seed(seed, "sheet");
    switch (what.kind) {
      case Particles::Kind::rain:
        rain(what, sheet, seed, now, painter);
        break;
      case Particles::Kind::snow:
        motes(what, sheet, seed, now, false, painter);
        break;
      case Particles::Kind::dust:
      case Particles::Kind::embers:
        motes(what, sheet, seed, now, true, painter);
        break;
      case Particles::Kind::leaves:
      case Particles::Kind::petals:
        leaves(what, sheet, seed, now, painter);
        break;
    }
  }
}

}  // namespace

void draw_particles(const std::vector<Particles>& particles, double seconds, const Camera& camera,
                    uint64_t seed, float amount, RenderTarget& target) {
  Painter painter(target);
  const float turn = camera.focal * painter.height();
  const Moment now{static_cast<float>(seconds), -camera.yaw * turn - camera.position.x * turn / 6,
                   camera.pitch * turn + camera.position.y * turn / 6, clamp01(amount)};
  for (const Particles& what : particles) {
    seed = derive_seed(seed, "particles");
    switch (what.kind) {
      case Particles::Kind::rain:
        draw_kind(what, kRain, seed, now, painter);
        break;
      case Particles::Kind::snow:
        draw_kind(what, kSnow, seed, now, painter);
        break;
      case Particles::Kind::leaves:
        draw_kind(what, kLeaves, seed, now, painter);
        break;
      case Particles::Kind::dust:
        draw_kind(what, kDust, seed, now, painter);
        break;
      case Particles::Kind::embers:
        draw_kind(what, kEmbers, seed, now, painter);
        break;
      case Particles::Kind::petals:
        draw_kind(what, kPetals, seed, now, painter);
        break;
    }
  }
}

}  // namespace troupe::stage
