// Where painters paint: a float picture that dabs, strokes, polygons and gradients land on.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/image.h"
#include "engine/stage/raster/texture.h"
#include "engine/stage/raster/vec.h"

namespace troupe::stage::paint {

/// How paint meets what is already there.
enum class Mode {
  over,   ///< covers by its alpha
  add,    ///< adds light, leaves the alpha
  atop,   ///< covers only where something is already painted
  erase,  ///< takes away by its alpha; the colour does not matter
};

struct Point {
  float x = 0, y = 0;
};

/// A stop of a gradient: `at` 0 … 1.
struct Stop {
  float at = 0;
  Rgb color;
  float alpha = 1;
};
/// The colour at `t` of stops in rising order.
Stop gradient_at(std::span<const Stop> stops, float t);

/// An ellipse of paint.
struct Dab {
  Point centre;          ///< pixels; the centre of the top left pixel is (0.5, 0.5)
  float rx = 4, ry = 4;  ///< radii, pixels
  float angle = 0;       ///< radians, clockwise on the screen
  Rgb color = {1, 1, 1};
  float alpha = 1;
  float softness = 0;  ///< share of the radius that fades out: 0 = an anti-aliased edge … 1 = a glow
  Mode mode = Mode::over;
};

/// A line through points whose width changes evenly along its length, with round ends.
struct Stroke {
  float width_begin = 2, width_end = 2;  ///< pixels
  Rgb color = {1, 1, 1};
  float alpha = 1;
  Mode mode = Mode::over;
};

/// Premultiplied float RGBA, rows top-down; colours are display-referred sRGB. Anything painted past the edge
/// is cut off, or comes in from the other side if the canvas is `seamless`. 16 bytes a pixel.
class Canvas {
 public:
  /// Transparent. Sides >= 1.
  Canvas(int width, int height, bool seamless = false);

  int width() const { return width_; }
  int height() const { return height_; }
  /// r, g, b (times alpha), alpha; REQUIRES 0 <= x < width, 0 <= y < height.
  float* at(int x, int y) { return &values_[(static_cast<size_t>(y) * width_ + x) * 4]; }
  const float* at(int x, int y) const { return &values_[(static_cast<size_t>(y) * width_ + x) * 4]; }
  /// Puts paint of `alpha` on one pixel; outside the canvas: see above.
  void put(int x, int y, Rgb color, float alpha, Mode mode = Mode::over);

  void fill(Rgb color, float alpha = 1);
  /// Paints every pixel with what `paint(u, v)` gives, u and v = 0 … 1 over the canvas.
  void fill(const std::function<Stop(float u, float v)>& paint, Mode mode = Mode::over);
  /// Stops from the top (0) to the foot (1).
  void gradient(std::span<const Stop> stops, Mode mode = Mode::over);
  void dab(const Dab& dab);
  /// A glow that falls off smoothly to nothing at the radii; the same as a dab of softness 1.
  void glow(Point centre, float rx, float ry, Rgb color, float alpha, Mode mode = Mode::add);
  void stroke(std::span<const Point> points, const Stroke& stroke);
  /// The same with a width at each point (as many as points).
  void ribbon(std::span<const Point> points, std::span<const float> widths, Rgb color, float alpha = 1,
              Mode mode = Mode::over);
  /// Filled by the even-odd rule, anti-aliased; three points or more.
  void polygon(std::span<const Point> points, Rgb color, float alpha = 1, Mode mode = Mode::over);
  void rect(float x, float y, float width, float height, Rgb color, float alpha = 1, Mode mode = Mode::over);
  /// Lays another canvas on this one with its top left corner at (x, y).
  void draw(const Canvas& picture, int x, int y, float alpha = 1, Mode mode = Mode::over);

  void blur(float sigma) { blur(sigma, sigma); }
  void blur(float sigma_x, float sigma_y);
  /// Multiplies colours, not alpha.
  void tint(Rgb by);
  /// Fades the alpha out towards the foot over this share of the height (so that cards root in the ground) …
  void fade_foot(float share);
  /// … towards the left and right edges …
  void fade_sides(float share);
  /// … and clears a border of this many pixels, which the edge of a cut-out needs to be smooth.
  void clear_rim(int pixels = 2);

  /// 8-bit, straight alpha; what is brighter than white is cut to it.
  Image to_image() const;
  TexturePtr to_texture(Wrap wrap_u = Wrap::clamp, Wrap wrap_v = Wrap::clamp) const;

 private:
  static void blend(float* p, Rgb color, float alpha, Mode mode) {
    const float keep = 1 - alpha;
    switch (mode) {
      case Mode::over:
        p[0] = p[0] * keep + color.x * alpha;
        p[1] = p[1] * keep + color.y * alpha;
        p[2] = p[2] * keep + color.z * alpha;
        p[3] = p[3] * keep + alpha;
        break;
      case Mode::add:
        p[0] += color.x * alpha;
        p[1] += color.y * alpha;
        p[2] += color.z * alpha;
        break;
      case Mode::atop: {
        const float laid = alpha * p[3];
        p[0] = p[0] * keep + color.x * laid;
        p[1] = p[1] * keep + color.y * laid;
        p[2] = p[2] * keep + color.z * laid;
        break;
      }
      case Mode::erase:
        for (int c = 0; c < 4; ++c) p[c] *= keep;
        break;
    }
  }
  int width_, height_;
  bool seamless_;
  std::vector<float> values_;
};

/// The power of two nearest to pixels * detail, at least 16: the side of a repeating texture.
int tile_side(int pixels, float detail);
/// pixels * detail, at least 8.
int scaled(int pixels, float detail);

}  // namespace troupe::stage::paint
