#include "engine/stage/picture_morph.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "image/motion.h"
#include "image/ops.h"

namespace troupe::stage {
namespace {

constexpr int kColumns = 32, kRows = 24;
constexpr float kFeather = 0.06f;  // of the frame's sides, so that a picture's edge does not show
constexpr float kScaleMax = 4, kTurnMax = 1.05f;
constexpr float kFadeBegin = 0.15f, kFadeEnd = 0.95f;

struct Point {
  double x = 0, y = 0;
};

using Homography = std::array<double, 9>;

Point apply(const Homography& h, Point p) {
  const double w = h[6] * p.x + h[7] * p.y + h[8];
  const double safe = std::abs(w) > 1e-9 ? w : 1e-9;
  return {(h[0] * p.x + h[1] * p.y + h[2]) / safe, (h[3] * p.x + h[4] * p.y + h[5]) / safe};
}

Homography inverse(const Homography& m) {
  const double a = m[4] * m[8] - m[5] * m[7], b = m[5] * m[6] - m[3] * m[8], c = m[3] * m[7] - m[4] * m[6];
  const double det = m[0] * a + m[1] * b + m[2] * c;
  const double k = std::abs(det) > 1e-12 ? 1 / det : 0;
  return {a * k, (m[2] * m[7] - m[1] * m[8]) * k, (m[1] * m[5] - m[2] * m[4]) * k,
          b * k, (m[0] * m[8] - m[2] * m[6]) * k, (m[2] * m[3] - m[0] * m[5]) * k,
          c * k, (m[1] * m[6] - m[0] * m[7]) * k, (m[0] * m[4] - m[1] * m[3]) * k};
}

// q = scale * turn(angle) * (p - centre) + centre + shift.
struct Turn {
  double log_scale = 0, angle = 0;
  Point shift, centre;

  Point at(Point p, double share) const {
    const double s = std::exp(log_scale * share), c = std::cos(angle * share), n = std::sin(angle * share);
    const double x = p.x - centre.x, y = p.y - centre.y;
    // The shift goes with the scale, so that a zoom towards a point keeps that point on a straight way.
    const double grown = std::abs(log_scale) > 1e-4 ? (s - 1) / (std::exp(log_scale) - 1) : share;
    return {centre.x + s * (c * x - n * y) + shift.x * grown,
            centre.y + s * (n * x + c * y) + shift.y * grown};
  }
  Point back(Point q) const {
    const double s = std::exp(-log_scale), c = std::cos(angle), n = std::sin(angle);
    const double x = q.x - centre.x - shift.x, y = q.y - centre.y - shift.y;
    return {centre.x + s * (c * x + n * y), centre.y + s * (c * y - n * x)};
  }
};

// The least-squares similarity between the corners and where the homography takes them.
Turn nearest_turn(const Homography& h, int width, int height) {
  const std::array<Point, 4> corners = {
      {{0, 0}, {double(width), 0}, {0, double(height)}, {double(width), double(height)}}};
  const Point centre = {width / 2.0, height / 2.0};
  Point mean;
  std::array<Point, 4> moved;
  for (size_t i = 0; i < 4; ++i) {
    moved[i] = apply(h, corners[i]);
    mean.x += moved[i].x / 4;
    mean.y += moved[i].y / 4;
  }
  double along = 0, across = 0, norm = 0;
  for (size_t i = 0; i < 4; ++i) {
    const double ax = corners[i].x - centre.x, ay = corners[i].y - centre.y;
    const double bx = moved[i].x - mean.x, by = moved[i].y - mean.y;
    along += ax * bx + ay * by;
    across += ax * by - ay * bx;
    norm += ax * ax + ay * ay;
  }
  Turn turn;
  turn.log_scale = std::log(std::max(1e-6, std::hypot(along, across) / norm));
  turn.angle = std::atan2(across, along);
  turn.centre = centre;
  turn.shift = {mean.x - centre.x, mean.y - centre.y};
  return turn;
}

Point between(Point a, Point b, double t) { return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}; }

Image feathered(Image picture) {
  const float fx = kFeather * static_cast<float>(picture.width),
              fy = kFeather * static_cast<float>(picture.height);
  for (int y = 0; y < picture.height; ++y) {
    const float dy = static_cast<float>(std::min(y, picture.height - 1 - y)) / fy;
    for (int x = 0; x < picture.width; ++x) {
      const float dx = static_cast<float>(std::min(x, picture.width - 1 - x)) / fx;
      picture.at(x, y)[3] = static_cast<uint8_t>(255 * smoothstep(0, 1, std::min(dx, dy)));
    }
  }
  return picture;
}

}  // namespace

struct PictureMorph::State {
  int width = 0, height = 0;
  Homography forward{}, backward{};
  Turn turn;
  TexturePtr first, last, first_soft, last_soft;

  // Where a point of the first picture shows at `share` of the way.
  Point view(Point p, double share) const {
    const Point rest = turn.back(apply(forward, p));
    return turn.at(between(p, rest, share), share);
  }

  // The picture as a mesh one unit before a camera of focal length 1: screen places in frame heights.
  DrawItem item(const TexturePtr& texture, bool of_last, double share, float opacity) const {
    auto mesh = std::make_shared<Mesh>(patch({0, 0, 1}, {1, 0, 0}, {0, 1, 0}, kColumns, kRows));
    for (Vertex& v : mesh->vertices) {
      Point p = {static_cast<double>(v.u) * width, static_cast<double>(v.v) * height};
      if (of_last) p = apply(backward, p);
      const Point q = view(p, share);
      v.position = {static_cast<float>((q.x - width / 2.0) / height),
                    static_cast<float>((height / 2.0 - q.y) / height), 1};
    }
    DrawItem out;
    out.mesh = std::move(mesh);
    out.texture = texture;
    out.layer = Layer::sky;
    out.opacity = opacity;
    out.haze = 0;
    return out;
  }
};

PictureMorph::PictureMorph(std::unique_ptr<State> state) : state_(std::move(state)) {}
PictureMorph::~PictureMorph() = default;

float PictureMorph::log_scale() const { return static_cast<float>(state_->turn.log_scale); }

std::unique_ptr<PictureMorph> PictureMorph::make(const Image& first, const Image& last) {
  const image::Match match = image::match_pictures(first, last);
  if (match.inliers < kSameSceneInliers) return nullptr;
  auto state = std::make_unique<State>();
  state->width = first.width;
  state->height = first.height;
  state->forward = match.homography;
  state->backward = inverse(match.homography);
  state->turn = nearest_turn(match.homography, first.width, first.height);
  if (std::abs(state->turn.log_scale) > std::log(kScaleMax) || std::abs(state->turn.angle) > kTurnMax)
    return nullptr;
  state->first = Texture::make(first);
  state->last = Texture::make(last);
  state->first_soft = Texture::make(feathered(first));
  state->last_soft = Texture::make(feathered(last));
  return std::unique_ptr<PictureMorph>(new PictureMorph(std::move(state)));
}

void PictureMorph::draw(float progress, TaskQueue& queue, RenderTarget& target) const {
  const State& s = *state_;
  const float fade = smoothstep(kFadeBegin, kFadeEnd, progress);
  // The picture with the wider view lies under; the other one fades in or out over it.
  const bool closer = s.turn.log_scale >= 0;
  DrawList list;
  if (closer) {
    list.push_back(s.item(s.first, false, progress, 1));
    if (fade > 0) list.push_back(s.item(progress >= 1 ? s.last : s.last_soft, true, progress, fade));
  } else {
    list.push_back(s.item(s.last, true, progress, 1));
    if (fade < 1) list.push_back(s.item(progress <= 0 ? s.first : s.first_soft, false, progress, 1 - fade));
  }
  Camera camera;
  camera.position = {0, 0, 0};
  camera.focal = 1;
  stage::draw(list, camera, DrawSettings{}, queue, target);
}

}  // namespace troupe::stage
